/// What a part of a text has come to that was decoded by itself, beside its records: these are numbered from where its
/// decoder was made, and are to be moved to where the part turns out to stand.
package struct DecodedPart: Sendable {
    /// Its bytes, its records, and its lines.
    let bytes: Int, records: Int64, lines: Int64
    /// The number of the record, and of the line, before it as its records are numbered.
    let recordsBefore: Int64, linesBefore: Int64
    /// CSV: what was no record, and records in an unusual form.
    let tally: RowTally
}
