/// A format that lists of records are read from and written in.
package enum RecordFormat: String, CaseIterable, Sendable {
    /// Comma-separated values, RFC 4180.
    case csv
    /// One JSON document, RFC 8259: an array of objects, or an object that holds one array of objects.
    case json
    /// One JSON object a line.
    case ndjson
    /// XML 1.0: any root, whose child elements are the records.
    case xml
    /// The rows of a worksheet of Office Open XML, which ``XLSXPackage`` makes a workbook of. It is written in this
    /// form, and read as a ``WorkbookForm``.
    case xlsx

    /// The formats that a stream of bytes is read in.
    package static let allCases: [RecordFormat] = [.csv, .json, .ndjson, .xml]

    /// The format of an input: what the path's suffix says, else what the first bytes suggest. A `.json` file that
    /// holds an object a line is NDJSON, because many programs name it so; a `.ndjson` file that begins an array is
    /// JSON.
    package static func of(path: String, firstBytes: some Collection<UInt8>) -> RecordFormat {
        switch fromSuffix(of: path) {
        case .json?: detect(firstBytes: firstBytes) == .ndjson ? .ndjson : .json
        case .ndjson?: beginsArray(firstBytes) ? .json : .ndjson
        case .xlsx?, nil: detect(firstBytes: firstBytes)
        case let said?: said
        }
    }

    /// The format that a path's suffix says, without regard to case; nil where it says none.
    package static func fromSuffix(of path: String) -> RecordFormat? {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        switch path[path.index(after: dot)...].lowercased() {
        case "csv": return .csv
        case "json": return .json
        case "ndjson", "jsonl": return .ndjson
        case "xml": return .xml
        case "xlsx": return .xlsx
        default: return nil
        }
    }

    /// Whether a path's suffix says that tabs separate the fields of CSV.
    package static func isOfTabs(path: String) -> Bool {
        [".tsv", ".tab"].contains { path.lowercased().hasSuffix($0) }
    }

    /// The format that an input's first bytes suggest. A byte order mark and white space are skipped; then `<` is XML,
    /// `[` is JSON, `{` is NDJSON where the first line is one whole object and another line begins an object, else
    /// JSON. Anything else is CSV. A few KiB are enough.
    package static func detect(firstBytes: some Collection<UInt8>) -> RecordFormat {
        let (bytes, index) = text(firstBytes)
        guard index < bytes.count else { return .csv }
        switch bytes[index] {
        case UInt8(ascii: "<"): return .xml
        case UInt8(ascii: "["): return .json
        case UInt8(ascii: "{"): return linesOfObjects(bytes[index...]) ? .ndjson : .json
        default: return .csv
        }
    }

    /// Whether more bytes can't change what ``detect(firstBytes:)`` says, for text: there is a byte that isn't white
    /// space, and where that may begin an object a line, the first line and a byte behind it.
    package static func isDetectable(firstBytes bytes: [UInt8]) -> Bool {
        guard let first = bytes.firstIndex(where: { !isJSONBlank($0) && ![0xEF, 0xBB, 0xBF].contains($0) }) else {
            return false
        }
        guard bytes[first] == UInt8(ascii: "{") else { return true }
        guard let lineEnd = bytes[first...].firstIndex(of: 0x0A) else { return false }
        return bytes[lineEnd...].contains { !isJSONBlank($0) }
    }

    /// Whether the first byte of text is that of an array of JSON.
    private static func beginsArray(_ firstBytes: some Collection<UInt8>) -> Bool {
        let (bytes, index) = text(firstBytes)
        return index < bytes.count && bytes[index] == UInt8(ascii: "[")
    }

    /// The bytes that matter, and the index of the first that is neither a mark nor white space.
    private static func text(_ firstBytes: some Collection<UInt8>) -> (bytes: [UInt8], first: Int) {
        var bytes = Array(firstBytes)
        // All bytes that matter here are ASCII, also in UTF-16.
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            bytes = bytes.dropFirst(2).filter { $0 != 0 }
        }
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index < bytes.count, isJSONBlank(bytes[index]) { index += 1 }
        return (bytes, index)
    }

    private static func linesOfObjects(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let lineEnd = bytes.firstIndex(of: 0x0A),
            bytes[..<lineEnd].last(where: { !isJSONBlank($0) }) == UInt8(ascii: "}"),
            bytes[lineEnd...].first(where: { !isJSONBlank($0) }) == UInt8(ascii: "{")
        else { return false }
        return true
    }

    private static func isJSONBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
