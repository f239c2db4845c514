import Foundation
import RecordFormats

/// A line of `results.csv`: how one record ended. The columns are part of the interface that scripts rely on.
struct ResultsLine {
    var record: Int64
    var source: String
    var line: Int64
    var outcome = ""
    var id: Int64?
    var http: Int?
    var code: Int?
    var message: String?
    var attempts = 0
    var milliseconds: Int64?
    var duplicateOf: Int64?
    /// The values as read.
    var name: [UInt8]?
    var rank: [UInt8]?

    init(record: Int64, source: String, line: Int64) {
        self.record = record
        self.source = source
        self.line = line
    }
}

/// `results.csv` while it is written: every record, in input order.
struct ResultsFile {
    /// The columns.
    static let columns = [
        "_record", "_source", "_line", "_outcome", "_id", "_http", "_code", "_message", "_attempts", "_ms",
        "_duplicate_of", "name", "rank",
    ]

    private let file: WholeFile

    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, here and in every method.
    init(_ path: String) throws {
        file = try WholeFile(path)
        try file.append { $0.appendRow(Self.columns) }
    }

    /// Appends a line.
    func append(_ line: ResultsLine) throws {
        let cells = [
            String(line.record), line.source, String(line.line), line.outcome, Self.text(line.id), Self.text(line.http),
            Self.text(line.code), line.message ?? "", String(line.attempts), Self.text(line.milliseconds),
            Self.text(line.duplicateOf), Self.shown(line.name), Self.shown(line.rank),
        ]
        try file.append { $0.appendRow(cells) }
    }

    /// Writes the rest and gives the file its name.
    ///
    /// - Returns: the SHA-256 of the whole, in lower-case hexadecimal.
    func finish() throws -> String { try file.finish() }

    static func text(_ value: (some FixedWidthInteger)?) -> String { value.map { String($0) } ?? "" }

    /// A value for a person: a byte that is not UTF-8 stands as `\xHH`, so that any tool can read the report.
    private static func shown(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "" }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.map { byte in
            byte < 0x80 ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
