import GroupLoad
import RewardsClient

/// A setting's value, and where it comes from.
struct Setting: Sendable {
    /// Where a value comes from.
    struct Source: Sendable, Equatable {
        /// What kind of place it is, the first of which counts.
        enum Kind: Sendable, Equatable { case flag, profile(String), environment, file }

        let kind: Kind
        /// The file, or the variable, or the flag.
        let name: String
        /// The line in a file, from 1.
        var line: Int64?

        /// The place for a person: `profile nightly, groupload.toml:7`.
        var text: String {
            let place = name + (line.map { ":\($0)" } ?? "")
            return switch kind {
            case .profile(let profile): "profile \(Shown.text(profile, limit: 60)), \(place)"
            case .environment: "\(place) in the environment"
            case .flag, .file: place
            }
        }

        /// The part of a file that it stands in; nil for what stands in none.
        var part: String? {
            switch kind {
            case .flag, .environment: nil
            case .profile(let profile): "profile \(Shown.text(profile, limit: 60)) in \(name)"
            case .file: name
            }
        }
    }

    let key: SettingKey
    /// The values of its flag; none where the program reads it from the environment itself.
    let words: [String]
    let source: Source

    /// The value as a person may see it, without what may be secret.
    var shown: String {
        let text =
            switch (key.name, key.shape) {
            case (_, .headers):
                words.map { $0.hasPrefix("@") ? $0 : "\($0.prefix { $0 != ":" }): …" }.joined(separator: ", ")
            // Whoever knows the whole address can say that a run has ended well.
            case ("ping", _): Self.start(of: words.joined())
            case _ where words.isEmpty: "\(source.name), …"
            case ("credentials-command", _): words.prefix(1).joined() + (words.count > 1 ? " …" : "")
            default: words.joined(separator: ", ")
            }
        return Shown.text(text)
    }

    /// The scheme and the host of a URL.
    private static func start(of url: String) -> String {
        let end = url.firstRange(of: "://").flatMap { url[$0.upperBound...].firstIndex(of: "/") }
        return end.map { "\(url[...$0])…" } ?? "…"
    }

    /// The URL that a target or cluster names, without a path; nil for another setting.
    var url: String? {
        guard key.slot == "target", let word = words.first else { return nil }
        if key.name == "cluster" { return Cluster(argument: word)?.target }
        let url = ClientConfiguration.plainTarget(word)
        guard let mark = url.firstRange(of: "://") else { return url }
        return String(url[..<mark.upperBound] + url[mark.upperBound...].prefix { $0 != "/" })
    }
}
