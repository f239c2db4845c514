import ArgumentParser
import GroupLoad
import RewardsClient

/// A setting of `groupload.toml`: the value of a flag of the same name.
struct SettingKey: Sendable {
    /// How a value is written.
    enum Shape: Sendable {
        /// A text in quotes, or a whole number.
        case text, number
        /// A text in quotes; one that doesn't begin with `/` or `~/` begins at the file's directory.
        case path
        /// A list of texts, each of which is a flag's value.
        case words
        /// A table of texts that are a flag's value together, `name=COLUMN,…`.
        case columns
        /// A table of texts, each of which is a flag's value, `Name: value`.
        case headers
    }

    /// Which of the commands that have its flag use it.
    enum Use: Sendable {
        /// Where requests go: those that a run or a plan doesn't tell.
        case target
        /// What requests need and a run doesn't keep: all, those that work on a run too.
        case access
        /// How a list is read: those that read one, unless a run has written it.
        case reading
        /// What names are: those that read lists.
        case names
        /// How an import goes: `import`, without a plan.
        case run
        /// Where a run's files are: `import`.
        case place
        /// Who is told of a run: `import` and `resume`.
        case watch
        /// Where the ledger is: those that begin a run or join one.
        case ledger
    }

    let name: String
    let shape: Shape
    let use: Use
    /// The setting whose place it takes, where it is another way to say the same; else its own name.
    let slot: String
    /// What holds where nothing gives it, as it is shown.
    let standard: String
    /// A value, as TOML.
    let example: String
    /// What it is, in a line of at most 90 characters.
    let meaning: String
    /// What is wrong with a value, as words of the flag; nil for nothing. It holds no part of the value.
    let fault: @Sendable ([String]) -> String?

    /// - Parameters:
    ///   - options: the flags that it is one of, whose rules hold for it.
    ///   - check: what else must hold of a value; it throws what is wrong.
    init(
        _ name: String, _ shape: Shape, _ use: Use, of options: (any ParsableArguments.Type)?,
        inPlaceOf slot: String? = nil, standard: String = "none", example: String, _ meaning: String,
        check: @escaping @Sendable (String) throws(RunError) -> Void = { _ in }
    ) {
        (self.name, self.shape, self.use, self.slot) = (name, shape, use, slot ?? name)
        (self.standard, self.example, self.meaning) = (standard, example, meaning)
        fault = { words in
            do throws(RunError) { for word in words { try check(word) } } catch { return error.headline }
            guard let options else { return nil }
            let flag = "--" + SettingKey.flagName(name)
            do { _ = try options.parse(words.map { "\(flag)=\($0)" }) } catch {
                return SettingKey.plain(options.message(for: error), flag)
            }
            return nil
        }
    }

    /// The flag that gives it.
    var flag: String { "--" + Self.flagName(name) }

    /// The environment variable that gives it; nil where none does.
    var variable: String? {
        switch shape {
        case .text, .number, .path: "GROUPLOAD_" + name.uppercased().replacing("-", with: "_")
        case .words, .columns, .headers: nil
        }
    }

    /// A flag that is given once for each value has the singular's name.
    private static func flagName(_ name: String) -> String { name == "headers" ? "header" : name }

    /// What the parser says, without the value and the flag.
    private static func plain(_ message: String, _ flag: String) -> String {
        let plain = message.replacing(/^The value '.*' is invalid for '[^']*'[:.]? ?/.dotMatchesNewlines(), with: "")
            .replacing(flag + " ", with: "it ").replacing(/^Please provide one of/, with: "it is one of")
        return plain.hasSuffix(".") ? String(plain.dropLast()) : plain
    }
}

extension SettingKey {
    /// All settings, in the order in which they are shown. A new one is a line here and a row in Configure.md.
    static let all: [SettingKey] = [
        SettingKey(
            "target", .text, .target, of: TargetOptions.self, example: #""https://eu.api.capillarytech.com""#,
            "the URL of the API", check: checkTarget),
        SettingKey(
            "cluster", .text, .target, of: TargetOptions.self, inPlaceOf: "target", example: #""eu""#,
            "the cluster, in place of target: eu, apac, apac2, us or cn"),
        SettingKey(
            "api-prefix", .text, .target, of: TargetOptions.self, standard: "/api_gateway/core/v1",
            example: #""/api_gateway/core/v1""#, "the path of the API, before /group", check: checkPrefix),
        SettingKey(
            "ca-file", .path, .target, of: TargetOptions.self, example: #""ca.pem""#,
            "a file of certificates (PEM) to trust in addition to the system's"),
        SettingKey(
            "credentials", .path, .access, of: TargetOptions.self, example: #""eu.credentials""#,
            "a file of NAME=value lines with the credentials, which only you can read", check: checkCredentials),
        SettingKey(
            "credentials-command", .words, .access, of: nil, inPlaceOf: "credentials",
            example: #"["pass", "show", "groupload/eu"]"#,
            "a command, in words, that prints such a file; in place of credentials", check: checkCredentials),
        SettingKey(
            "headers", .headers, .access, of: TargetOptions.self, example: #"{ X-CAP-ORG = "100737" }"#,
            "headers that every request carries; or \"@FILE\", where secret ones belong", check: checkHeader),
        SettingKey(
            "rate", .text, .target, of: PaceOptions.self, standard: "auto", example: #""1000/min""#,
            "how many requests to send, evenly spread: N/min, N/s or auto"),
        SettingKey(
            "wait-max", .text, .target, of: PaceOptions.self, standard: "15m", example: #""2h""#,
            "how long the target may make a run wait before the run stops"),
        SettingKey(
            "concurrency", .number, .run, of: ImportPace.self, standard: "64", example: "16",
            "how many creates may be in flight at once"),
        SettingKey(
            "max-errors", .text, .run, of: ImportSafety.self, example: #""5%""#,
            "stop once more records than this are failed or invalid, N or N%"),
        SettingKey(
            "min-records", .text, .run, of: ImportSafety.self, example: #""90%""#,
            "send nothing if the lists have fewer records than this, N or N%"),
        SettingKey(
            "run-dir", .path, .place, of: ImportOutput.self, example: #""groupload-run""#,
            "the directory of the one run that a fresh workspace makes"),
        SettingKey(
            "ledger", .text, .ledger, of: LedgerOptions.self, example: #""postgresql://host/loads""#,
            "the PostgreSQL database that holds the ledger; no password in it", check: checkLedger),
        SettingKey(
            "keep-runs", .number, .place, of: ImportOutput.self, standard: "all", example: "30",
            "how many runs of the target remain; older ones are removed"),
        SettingKey(
            "metrics-file", .path, .watch, of: WatchOptions.self, example: #""groupload.prom""#,
            "a file for Prometheus's textfile collector; each job needs its own"),
        SettingKey(
            "ping", .text, .watch, of: WatchOptions.self, example: #""https://hc-ping.com/UUID""#,
            "the address that is told of the run's start and exit status", check: checkPing),
        SettingKey(
            "encoding", .text, .reading, of: ReadingOptions.self, standard: "found out", example: #""windows-1252""#,
            "the encoding of the lists, unless a byte order mark shows it"),
        SettingKey(
            "delimiter", .text, .reading, of: ReadingOptions.self, standard: "found out", example: #"";""#,
            "CSV: the character between fields"),
        SettingKey(
            "map", .columns, .reading, of: ReadingOptions.self, standard: "the usual names",
            example: #"{ name = "Group Title", rank = "Priority" }"#,
            "the columns, members or elements that hold name, rank and active"),
        SettingKey(
            "records-at", .text, .reading, of: ReadingOptions.self, standard: "found out", example: #""data.groups""#,
            "where the records are in a JSON or XML document"),
        SettingKey(
            "sheet", .text, .reading, of: ReadingOptions.self, standard: "the only visible one",
            example: #""Groups""#, "workbooks: the sheet to read, by its name or number"),
        SettingKey(
            "name-match", .text, .names, of: InputOptions.self, standard: "exact", example: #""folded""#,
            "when two names count as the same: exact or folded"),
        SettingKey(
            "null", .words, .names, of: InputOptions.self, example: #"["NULL", "n/a"]"#,
            "words that mean an empty rank, activity or name"),
    ]

    /// The setting of a name; nil where there is none.
    static func named(_ name: String) -> SettingKey? { all.first { $0.name == name } }

    private static func checkTarget(_ text: String) throws(RunError) {
        guard !text.isEmpty, !text.contains("@"), Cluster(argument: text) == nil else {
            throw RunError(
                .configuration,
                text.contains("@")
                    ? "it holds a user or password, which have no place here"
                    : "it isn't a URL", remedy: text.contains("@") ? "see credentials" : "a cluster's name is cluster")
        }
        // Its path is judged with api-prefix.
        let plain = ClientConfiguration.plainTarget(text)
        let end = plain.firstRange(of: "://").flatMap { plain[$0.upperBound...].firstIndex(of: "/") } ?? plain.endIndex
        try checked { () throws(ClientError) in
            _ = try ClientConfiguration.checkedTarget(String(plain[..<end]), allowInsecure: true)
        }
    }

    private static func checkPrefix(_ text: String) throws(RunError) {
        try checked { () throws(ClientError) in _ = try ClientConfiguration.checkedPrefix(text) }
    }

    private static func checkHeader(_ line: String) throws(RunError) {
        // What a file gives is looked at where it is used.
        guard !line.hasPrefix("@"), let (name, value) = ClientAccess.field(line) else { return }
        try checked { () throws(ClientError) in try ClientConfiguration.requireHeader(name, value) }
    }

    /// Makes a client's own check.
    private static func checked(_ check: () throws(ClientError) -> Void) throws(RunError) {
        do throws(ClientError) { try check() } catch { throw RunError(.configuration, error.message) }
    }

    private static func checkCredentials(_ text: String) throws(RunError) {
        guard !SecretWord.isGiven(in: text), !text.contains("\n") else {
            throw RunError(
                .configuration, "it holds credentials, which have no place here",
                remedy: "put them into a file that only you can read")
        }
    }

    private static func checkPing(_ text: String) throws(RunError) { _ = try PingAddress(text) }

    private static func checkLedger(_ text: String) throws(RunError) { _ = try PostgreSQLAddress(text) }
}
