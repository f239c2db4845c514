import RecordFormats

/// Where a list says which record of which earlier run each of its records corrects: columns of `failed.csv` and
/// `unprocessed.csv`.
package struct CorrectionLink: Sendable {
    /// The name of the column with the run's id.
    package static let runColumn = "_run"
    /// The name of the column with the record's number within that run.
    package static let recordColumn = "_record"

    /// A record of an earlier run.
    package struct Record: Sendable, Hashable {
        /// The run's id.
        package var run: String
        /// The record's number within the run, from 1.
        package var number: Int64
    }

    private let run: Int
    private let record: Int

    /// Finds the columns; nil where a list doesn't have both, as one of an earlier version.
    ///
    /// - Parameter columns: the header's texts.
    package init?(columns: [String]) {
        guard let run = columns.firstIndex(of: Self.runColumn), let record = columns.firstIndex(of: Self.recordColumn)
        else { return nil }
        (self.run, self.record) = (run, record)
    }

    /// What a record corrects; nil where its cells don't say, for example because it was added.
    package func record(in cells: [[UInt8]]) -> Record? {
        guard cells.indices.contains(run), cells.indices.contains(record),
            let number = Int64(Self.text(cells[record])), number > 0
        else { return nil }
        let id = Self.text(cells[run])
        return Self.isID(id) ? Record(run: id, number: number) : nil
    }

    /// Whether a text has the form of a run's id.
    package static func isID(_ text: String) -> Bool {
        text.wholeMatch(of: /[0-9]{8}-[0-9]{6}-[0-9a-f]{4}/) != nil
    }

    private static func text(_ cell: [UInt8]) -> String {
        let blanks: Set<UInt8> = [0x20, 0x09]
        let end = cell.lastIndex { !blanks.contains($0) }.map { $0 + 1 } ?? 0
        return String(decoding: cell[..<end].drop { blanks.contains($0) }, as: UTF8.self)
    }
}
