package import RecordFormats

/// A batch after validation and dedup: one standing a record, in the same order.
package struct CheckedBatch: Sendable {
    /// The records as they were decoded, in input order; all are of one source.
    package var batch: RecordBatch
    /// The result of the check of each record, with the indices of ``batch``'s records.
    package var checked: [CheckedRecord]
    /// What is noted of names, in the order of the records.
    package var remarks: [NameRemark]
    /// What is added to a record's ordinal within its source to give its number within the run.
    package var recordBase: Int64
    /// The number of the source, from 0, in the order given.
    package var source: Int
    /// CSV: the header's texts by their standard names, in the order of the columns; nil for other formats.
    package var columns: [String]?
    /// CSV: the byte between two fields; nil for other formats.
    package var delimiter: CSVDelimiter?

    init(_ read: ReadBatch, recordBase: Int64) {
        batch = read.batch
        checked = read.checked
        remarks = read.remarks
        self.recordBase = recordBase
        source = read.source
        columns = read.columns
        delimiter = read.delimiter
    }
}
