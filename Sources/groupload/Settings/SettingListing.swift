import GroupLoad

/// All settings as `groupload config show` gives them.
struct SettingListing: SummaryDocument {
    /// A setting.
    struct Row: Encodable {
        var setting: String
        /// The value; headers' values and what else may be secret stand as `…`.
        var value: String
        /// `profile`, `environment`, `file` or `default`.
        var source: String
        /// The file or the variable.
        var place: String?
        var line: Int64?

        /// Where it comes from, for a person.
        var text: String
        enum CodingKeys: CodingKey { case setting, value, source, place, line }
    }

    /// The profile that was named.
    let profile: String?
    /// The files that were read.
    let files: [String]
    let settings: [Row]

    init(_ settings: Settings) {
        (profile, files) = (settings.profile, settings.files)
        self.settings = SettingKey.all.flatMap { key -> [Row] in
            let held = settings.held.filter { $0.key.slot == key.slot }
            if held.isEmpty, key.slot == key.name {
                return [Row(setting: key.name, value: key.standard, source: "default", text: "default")]
            }
            return held.filter { $0.key.name == key.name }.map { setting in
                let source =
                    switch setting.source.kind {
                    case .flag: "flag"
                    case .profile: "profile"
                    case .environment: "environment"
                    case .file: "file"
                    }
                return Row(
                    setting: key.name, value: setting.shown, source: source, place: setting.source.name,
                    line: setting.source.line, text: setting.source.text)
            }
        }
    }
}
