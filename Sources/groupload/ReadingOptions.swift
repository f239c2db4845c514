import ArgumentParser
import GroupLoad
import RecordFormats

/// The flags that say how a list is to be read where it doesn't say so itself.
struct ReadingOptions: ParsableArguments {
    @Option(help: "csv, json, ndjson or xml, where the suffix or the first bytes don't say.")
    var format: RecordFormat?

    @Option(
        help: """
            What the text is in, unless a byte order mark says it: utf-8, utf-16le, utf-16be, iso-8859-1 or \
            windows-1252 (default: utf-8; in XML, what the declaration says).
            """)
    var encoding: TextEncoding?

    @Option(
        help: "CSV: what separates fields: , ; | or tab (default: found out from the header and the first records).",
        transform: parsedDelimiter)
    var delimiter: CSVDelimiter?

    @Flag(help: "CSV: the first line is a record, not a header; say with --columns what is in it.")
    var noHeader = false

    @Option(
        help:
            """
            With --no-header: the columns in order, for example name,rank or _,name (a column that begins \
            with _ is ignored).
            """,
        transform: { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) })
    var columns: [String]?

    @Option(
        help:
            """
            Which columns, members or elements hold the name, the rank and the activity, for example \
            name=\"Group Title\",rank=Priority,active=Live.
            """,
        transform: parsedNames)
    var map: MemberMapping?

    @Flag(
        help: """
            Refuse a list (exit status 65) that has a column which looks like a rank or an activity and isn't used.
            """)
    var strictColumns = false

    @Option(
        help: """
            Where the records are: in JSON the members that lead to their array (data.groups), in XML the elements \
            from the root to a record (export/groups/group), by their local names.
            """)
    var recordsAt: String?

    @Option(help: "The longest record, in bytes.")
    var recordBytesMax = 1 << 20

    func validate() throws {
        guard (1024...1 << 30).contains(recordBytesMax) else {
            throw ValidationError("--record-bytes-max must be from 1024 to 1073741824.")
        }
        guard noHeader == (columns != nil) else {
            throw ValidationError("--no-header and --columns go together, for example --no-header --columns name,rank.")
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
    var columnPolicy: ColumnPolicy { strictColumns ? .strict : .told }

    /// How sources are decoded.
    var decoding: DecodingOptions {
        DecodingOptions(
            mapping: map ?? .groups, limits: DecodingLimits(recordBytesMax: recordBytesMax), encoding: encoding,
            delimiter: delimiter, columns: columns, recordsPath: recordsAt.map(RunConfiguration.Reading.path))
    }
}

extension RecordFormat: ExpressibleByArgument {}
extension TextEncoding: ExpressibleByArgument {}

/// Reads a delimiter: itself, or its name.
private func parsedDelimiter(_ text: String) throws -> CSVDelimiter {
    switch text {
    case "tab", "\\t": return .tab
    case "comma": return .comma
    case "semicolon": return .semicolon
    case "pipe": return .pipe
    default:
        let bytes = Array(text.utf8)
        guard bytes.count == 1, let delimiter = CSVDelimiter(rawValue: bytes[0]) else {
            throw ValidationError("write , ; | or tab")
        }
        return delimiter
    }
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
