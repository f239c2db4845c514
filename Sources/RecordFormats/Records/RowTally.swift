/// What a decoder met in a source that is no record, or that is one in an unusual form.
package struct RowTally: Sendable, Equatable {
    /// What was passed over.
    package var skipped = LineTally<SkippedRow>()
    /// What was accepted.
    package var tolerated = LineTally<ToleratedRow>()
    /// CSV: records whose fields another delimiter separates than the header's, by that delimiter.
    package var otherDelimiters = LineTally<CSVDelimiter>()
    /// Whether the source is a workbook, which has kinds of its own.
    package var isOfWorkbook = false

    /// Nothing was met.
    package init() {}

    /// Counts what was met in a part of the source whose lines are to be numbered `lines` more.
    mutating func add(_ part: RowTally, movedBy lines: Int64) {
        skipped.add(part.skipped, movedBy: lines)
        tolerated.add(part.tolerated, movedBy: lines)
        otherDelimiters.add(part.otherDelimiters, movedBy: lines)
    }
}
