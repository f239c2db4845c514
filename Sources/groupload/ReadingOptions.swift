import ArgumentParser
import GroupLoad
import RecordFormats

/// The flags that say how a list is to be read where it doesn't say so itself.
struct ReadingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The format of the lists, where neither the suffix nor the first bytes show it.", valueName: "format")
    )
    var format: RecordFormat?

    @Option(
        help: ArgumentHelp(
            """
            The encoding of the lists, unless a byte order mark shows it (default: utf-8; in XML, what the \
            declaration says).
            """, valueName: "encoding"))
    var encoding: TextEncoding?

    @Option(
        help: ArgumentHelp(
            "CSV: the character between fields: , ; | tab or another sign (default: what separates the header).",
            valueName: "character"),
        transform: parsedDelimiter)
    var delimiter: CSVDelimiter?

    @Flag(help: "CSV and workbooks: the first line is a record, not a header. Needs --columns.")
    var noHeader = false

    @Option(
        help: ArgumentHelp(
            """
            With --no-header: the columns in their order, for example name,rank or _,name. A column that begins with \
            _ is ignored.
            """, valueName: "columns"),
        transform: { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) })
    var columns: [String]?

    @Option(
        help: ArgumentHelp(
            "CSV and workbooks: how many lines (rows) above the header, such as titles, are passed over.",
            valueName: "n"))
    var skipLines = 0

    @Option(
        help: ArgumentHelp(
            """
            The columns, members or elements that hold the name, the rank and the activity, for example \
            name="Group Title",rank=Priority,active=Live. The activity counts only with --on-existing update. \
            May be given more than once.
            """, valueName: "field=column,..."),
        transform: parsedNames)
    var map: [MemberMapping] = []

    @Flag(
        help: """
            Refuse a list (exit status 65) before anything is sent where a name is suspicious, nearly another's, or an \
            invalid record's and another's too, where a column looks like a rank or an activity and isn't used, or \
            where the list is likely to be in another encoding or one page of many; convert looks at columns only.
            """)
    var strict = false

    /// The earlier name of `--strict`.
    @Flag(help: .hidden) var strictColumns = false

    @Option(
        help: ArgumentHelp(
            """
            Where the records stand in the document. JSON: the names of the members from the outside in, for example \
            data.groups; names behind that of an array lead into each of its elements. XML: the elements from the \
            root to a record, for example export/groups/group, without prefixes.
            """, valueName: "place"))
    var recordsAt: String?

    @Option(
        help: ArgumentHelp(
            """
            JSON: the members of an object are the records, as in {"Gold": {"rank": 1}}. Each key is read as the \
            record's member of this name: name where the key is the group's name; another, for example id, where the \
            records have names of their own.
            """, valueName: "member"))
    var keyAs: String?

    @Option(
        help: ArgumentHelp(
            """
            Workbooks: the sheet to read, by its name or its number from 1; by default the only visible one that \
            holds anything.
            """, valueName: "name"))
    var sheet: String?

    @Flag(help: "Workbooks: leave out rows that are hidden; they are read otherwise.")
    var skipHidden = false

    @Option(help: ArgumentHelp("The longest record that is accepted, in bytes.", valueName: "bytes"))
    var recordBytesMax = 1 << 20

    func validate() throws {
        guard (1024...1 << 30).contains(recordBytesMax) else {
            throw ValidationError("--record-bytes-max must be from 1024 to 1073741824.")
        }
        guard (0...1_000_000).contains(skipLines) else {
            throw ValidationError("--skip-lines must be from 0 to 1000000.")
        }
        guard noHeader == (columns != nil) else {
            throw ValidationError("--no-header and --columns go together, for example --no-header --columns name,rank.")
        }
        for (role, names) in givenNames.enumerated() where Set(names).count > 1 {
            let option = MemberMapping.groups.roles[role].option
            throw ValidationError(
                "--map says that \(option) is \(names.map { "\"\($0)\"" }.joined(separator: " and ")); give it once.")
        }
        if let columns, !columns.contains(where: { decoding.mapping.member(header: $0) == .name }) {
            throw ValidationError("--columns must hold the name's column, for example --columns name,rank.")
        }
        if let path = decoding.recordsPath, path.contains("") {
            throw ValidationError(
                "--records-at must be names with dots (JSON) or slashes (XML) between, without empty ones.")
        }
    }

    /// What is done about columns that aren't used.
    var columnPolicy: ColumnPolicy { isStrict ? .strict : .noted }

    /// Whether a list is refused that isn't as it should be.
    var isStrict: Bool { strict || strictColumns }

    /// The names that are given for each role, in its order.
    private var givenNames: [[String]] {
        MemberMapping.groups.roles.indices.map { role in map.compactMap { $0.givenNames[role] } }
    }

    /// How sources are decoded.
    var decoding: DecodingOptions {
        let names = givenNames.map(\.last)
        var options = DecodingOptions(
            mapping: .groups(name: names[0], rank: names[1], active: names[2]),
            limits: DecodingLimits(recordBytesMax: recordBytesMax), encoding: encoding,
            delimiter: delimiter, columns: columns, skipLines: skipLines,
            recordsPath: recordsAt.map(RunConfiguration.Reading.path), keyName: keyAs)
        options.sheet = sheet
        options.skipsHidden = skipHidden
        return options
    }
}

extension RecordFormat: ArgumentWord {
    /// Reads a format regardless of case; workbooks too, which are no format of a stream.
    init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}
extension TextEncoding: ArgumentWord {
    /// Reads a name regardless of case and of hyphens, or another common name of the same encoding.
    package init?(argument: String) {
        let given = argument.lowercased().filter { !"-_ ".contains($0) }
        let name = given.wholeMatch(of: /(?:cp|win)(125[0-9])/).map { "windows\($0.1)" } ?? given
        let other = ["latin1": TextEncoding.latin1, "latin2": .latin2, "koi8": .koi8r][name]
        let own = Self.allCases.first { $0.rawValue.filter { $0 != "-" } == name }
        guard let encoding = own ?? other else { return nil }
        self = encoding
    }
}

/// Reads a delimiter: itself, or its name.
private func parsedDelimiter(_ text: String) throws -> CSVDelimiter {
    guard let delimiter = CSVDelimiter(name: text) else {
        throw ValidationError("write , ; | tab or another sign that is no letter, digit, quote or blank")
    }
    return delimiter
}

/// Reads `name=Group Title,rank=Priority,active=In use`. A comma that none of these follows is part of the text.
private func parsedNames(_ text: String) throws -> MemberMapping {
    let wrong = ValidationError(
        "write name=COLUMN, rank=COLUMN and active=COLUMN, or some of them, with commas between")
    var found: [Substring: String] = [:]
    var rest = text[...]
    while !rest.isEmpty {
        guard let member = rest.prefixMatch(of: #/(name|rank|active)=/#), found[member.1] == nil else { throw wrong }
        rest = rest[member.range.upperBound...]
        let end = rest.firstRange(of: #/, *(name|rank|active)=/#)
        let value = String(end.map { rest[..<$0.lowerBound] } ?? rest)
        guard !value.isEmpty else { throw wrong }
        found[member.1] = value
        rest = end.map { rest[rest.index(after: $0.lowerBound)...].drop { $0 == " " } } ?? ""
    }
    guard !found.isEmpty else { throw wrong }
    return MemberMapping.groups(name: found["name"], rank: found["rank"], active: found["active"])
}
