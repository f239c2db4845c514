import RecordFormats

/// A batch as decoded, and where it came from.
struct ReadBatch: Sendable {
    var batch: RecordBatch
    /// For each record, in the same order, the result of its check, once it ``isChecked``.
    var checked: [CheckedRecord]
    /// What is noted of names, in the order of the records, once it ``isChecked``.
    var remarks: [NameRemark] = []
    /// Whether the records have been checked by themselves, though not for duplicates.
    var isChecked: Bool
    /// The number of the source, from 0, in the order given.
    var source: Int
    /// The hash of the source, which is brought up to date when the batch is taken; nil where none is wanted.
    var digest: SourceDigest?
    /// CSV: the header's texts, and what separates fields.
    var columns: [String]?
    var delimiter: CSVDelimiter?
    /// Bytes read from all sources so far.
    var bytesRead: Int64
}
