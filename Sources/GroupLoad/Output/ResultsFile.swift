import RecordFormats

/// A line of results of a record that was not sent anywhere.
struct ResultsLine {
    var numbers: ResultsColumns.Numbers
    var source: String
    var outcome = ""
    var message: String?
    /// The values as read.
    var name: [UInt8]?
    var rank: [UInt8]?

    init(recordNumber: Int64, source: String, line: Int64) {
        numbers = ResultsColumns.Numbers(recordNumber: recordNumber, line: line)
        self.source = source
    }
}

/// A file of results while it is written: every record, in input order, in the columns of `results.csv`.
struct ResultsFile {
    private let file: AtomicFile

    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, here and in every method.
    init(_ path: String) throws {
        file = try AtomicFile(path)
        try file.append { $0.appendRow(ResultsColumns.names) }
    }

    /// Appends a line.
    func append(_ line: ResultsLine) throws {
        let message = line.message ?? ""
        let (name, rank) = (ResultsColumns.shown(line.name ?? []), ResultsColumns.shown(line.rank ?? []))
        try file.append { csv in
            ResultsColumns.append(
                line.numbers, source: line.source.utf8.span, outcome: line.outcome.utf8.span,
                message: message.utf8.span, name: name.span, rank: rank.span, to: &csv)
        }
    }

    /// Writes the rest and gives the file its name.
    ///
    /// - Returns: the SHA-256 of the whole, in lower-case hexadecimal.
    func finish() throws -> String { try file.finish() }
}
