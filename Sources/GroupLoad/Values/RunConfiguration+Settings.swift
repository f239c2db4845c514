extension RunConfiguration {
    /// A setting that an option of the command line gives.
    package struct Setting: Sendable {
        /// The option, `--name`.
        package let option: String
        /// Whether it decides what a plan says, so that it can't be given beside one.
        package let isOfPlan: Bool
        /// Whether it is of use for the whole list only, and not for what of it was to be corrected: such a list says
        /// itself how it is to be read, is short, and names few of the groups.
        package let isOfList: Bool
        /// Its value as it is given, empty for an option without one; nil where it is what holds without the option.
        package let text: @Sendable (RunConfiguration) -> String?
        /// Copies its value from one configuration to another.
        package let copy: @Sendable (RunConfiguration, inout RunConfiguration) -> Void
        /// Whether two configurations have different values.
        package let differs: @Sendable (RunConfiguration, RunConfiguration) -> Bool

        init<Value: Equatable & Sendable>(
            _ option: String, _ path: any WritableKeyPath<RunConfiguration, Value> & Sendable, isOfPlan: Bool = false,
            isOfList: Bool = false, _ shown: @escaping @Sendable (Value) -> String?
        ) {
            self.option = option
            self.isOfPlan = isOfPlan
            self.isOfList = isOfList
            text = { $0[keyPath: path] == RunConfiguration()[keyPath: path] ? nil : shown($0[keyPath: path]) }
            copy = { $1[keyPath: path] = $0[keyPath: path] }
            differs = { $0[keyPath: path] != $1[keyPath: path] }
        }
    }

    /// All settings that options give, but the lists, the headers and what an undo takes back.
    package static let settings = [
        Setting("--format", \.reading.format, isOfPlan: true, isOfList: true) { $0 },
        Setting("--encoding", \.reading.encoding, isOfPlan: true, isOfList: true) { $0 },
        Setting("--delimiter", \.reading.delimiter, isOfPlan: true, isOfList: true) { $0 },
        Setting("--no-header", \.reading.hasNoHeader, isOfPlan: true, isOfList: true) { $0 ? "" : nil },
        Setting("--columns", \.reading.columns, isOfPlan: true, isOfList: true) { $0?.joined(separator: ",") },
        Setting("--skip-lines", \.reading.skipLines, isOfPlan: true, isOfList: true) { $0.map { "\($0)" } },
        Setting("--map", \.reading.map, isOfPlan: true, isOfList: true) { $0?.text },
        Setting("--strict", \.reading.isStrict, isOfPlan: true, isOfList: true) { $0 ? "" : nil },
        Setting("--records-at", \.reading.recordsAt, isOfPlan: true, isOfList: true) { $0 },
        Setting("--key-as", \.reading.keyAs, isOfPlan: true, isOfList: true) { $0 },
        Setting("--sheet", \.reading.sheet, isOfPlan: true, isOfList: true) { $0 },
        Setting("--skip-hidden", \.reading.skipsHidden, isOfPlan: true, isOfList: true) { $0 ? "" : nil },
        Setting("--record-bytes-max", \.reading.recordBytesMax, isOfPlan: true) { "\($0)" },
        Setting("--name-match", \.nameMatch, isOfPlan: true) { $0.rawValue },
        Setting("--name-length-max", \.nameLengthMax, isOfPlan: true) { "\($0)" },
        // Given once a word, which the command below does.
        Setting("--null", \.nullWords, isOfPlan: true) { _ in nil },
        Setting("--target", \.target.url) { $0 },
        Setting("--api-prefix", \.target.apiPrefix, isOfPlan: true) { $0 },
        Setting("--connect-timeout", \.target.connectSeconds) { "\($0)" },
        Setting("--request-timeout", \.target.requestSeconds) { "\($0)" },
        Setting("--wait-max", \.target.waitMaxSeconds) { "\($0)s" },
        Setting("--ca-file", \.target.certificatesFile) { $0 },
        Setting("--allow-insecure", \.target.allowsInsecure) { $0 ? "" : nil },
        Setting("--concurrency", \.concurrency) { "\($0)" },
        Setting("--rate", \.rate) { $0?.text },
        Setting("--max-errors", \.errorLimit, isOfList: true) { $0?.text },
        Setting("--min-records", \.recordFloor, isOfList: true) { $0?.text },
        Setting("--on-existing", \.existing, isOfPlan: true) { $0.rawValue },
        Setting("--empty-rank", \.emptyRank, isOfPlan: true) { $0.rawValue },
        Setting("--deactivate-missing", \.deactivatesMissing, isOfPlan: true, isOfList: true) { $0 ? "" : nil },
        Setting("--max-deactivate", \.deactivateLimit, isOfList: true) { $0.text },
        Setting("--snapshot", \.snapshot, isOfPlan: true) { $0.rawValue },
        Setting("--trust-ledger", \.trustsLedger, isOfList: true) { $0 ? "" : nil },
        Setting("--plan", \.plan, isOfList: true) { $0 },
        Setting("--no-preflight", \.skipsPreflight, isOfList: true) { $0 ? "" : nil },
        Setting("--spreadsheet-safe", \.isSpreadsheetSafe) { $0 ? "" : nil },
        Setting("--no-keep-input", \.keepsNoInput) { $0 ? "" : nil },
        Setting("--ledger", \.ledger) { $0 },
    ]

    /// The options, or what else the user gives, in which another configuration differs.
    package func differences(from other: RunConfiguration) -> [String] {
        var found = Self.settings.filter { $0.differs(self, other) }.map(\.option)
        if target.headers != other.target.headers { found.append("--header") }
        if inputs != other.inputs { found.append("the lists") }
        if undo != other.undo { found.append("the run that is taken back") }
        return found
    }

    /// The options that a list of what was to be corrected is imported with, each with its value: without those that
    /// are of the whole list, and less headers' values.
    package var correctionOptions: [String] {
        options(of: Self.settings.filter { !$0.isOfList })
    }

    /// The command that gives these settings, less headers' values.
    package var command: [String] {
        if let undo {
            let database = ledger.map { ["--ledger", $0] } ?? []
            return ["groupload", "undo", undo.path] + database + (undo.isRedo ? ["--redo"] : [])
        }
        return ["groupload", "import"] + (plan == nil ? inputs.map(\.given) : []) + options(of: Self.settings)
    }

    private func options(of settings: [Setting]) -> [String] {
        settings.flatMap { setting in
            setting.text(self).map { $0.isEmpty ? [setting.option] : [setting.option, $0] } ?? []
        } + nullWords.flatMap { ["--null", $0] } + target.headers.flatMap { ["--header", "\($0): …"] }
    }
}
