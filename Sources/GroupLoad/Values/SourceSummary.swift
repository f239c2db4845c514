import RecordFormats

/// What is known of a source once reading it has ended.
package struct SourceSummary: Sendable, Codable, Equatable {
    /// The path as given, or `-`.
    package var path: String
    /// The format's name: `csv`, `json`, `ndjson`, `xml`, or ``missingFormat``.
    package var format: String
    /// Bytes read, as they stand in the file, compressed or not.
    package var bytes: Int64
    /// The SHA-256 of those bytes in lower-case hexadecimal; empty where it was not read to its end,
    /// or that wasn't wanted.
    package var sha256: String
    /// The header's texts, for CSV; by their standard names where others were given.
    package var columns: [String]?
    /// Whether its last line has no end, where each line is a record; nil where that isn't known. A ledger doesn't keep
    /// it.
    package var endsInLine: Bool?

    /// Makes a summary.
    package init(path: String, format: String, bytes: Int64, sha256: String, columns: [String]? = nil) {
        self.path = path
        self.format = format
        self.bytes = bytes
        self.sha256 = sha256
        self.columns = columns
    }
}

extension SourceSummary {
    /// The path of the source that stands for groups which no list names.
    package static let missingPath = "(groups that the lists don't have)"
    /// The format of that source.
    package static let missingFormat = "target"

    /// What is said of a list that may be cut off, where what is missing from it matters.
    package var endRemark: String? {
        guard endsInLine == true else { return nil }
        let name = path == "-" ? "standard input" : path
        return "\(name): the last record has no line end; see that the list isn't cut off"
    }

    /// Whether it is a workbook. One that is XML has columns, which other lists of XML don't have.
    package var isWorkbook: Bool {
        WorkbookForm(rawValue: format).map { $0 != .excelXML || columns != nil } ?? false
    }

    /// Whether it stands for groups which no list names.
    package var isMissingGroups: Bool { format == Self.missingFormat }
}
