package import RecordFormats

/// A batch after validation and dedup: one standing a record, in the same order.
package struct CheckedBatch: Sendable {
    package var batch: RecordBatch
    package var checked: [CheckedRecord]
    /// What is added to a record's ordinal within its source to give its number within the run.
    package var recordBase: Int64
    /// The number of the source, from 0, in the order given.
    package var source: Int
    /// CSV: the header's texts, and what separates fields.
    package var columns: [String]?
    package var delimiter: CSVDelimiter?

    init(_ read: ReadBatch, recordBase: Int64) {
        batch = read.batch
        checked = read.checked
        self.recordBase = recordBase
        source = read.source
        columns = read.columns
        delimiter = read.delimiter
    }
}
