/// The result of reading all sources.
package struct IngestResult: Sendable {
    /// Each source that was opened, in the order given.
    package var sources: [SourceSummary] = []
    /// Which columns of each source are used, by its path as given.
    package var columns: [String: ColumnUse] = [:]
    /// Records read over all sources.
    package var read: Int64 = 0
    /// Why reading ended early: damage in a source, with place and remedy.
    package var damage: RunError?
    /// What of the sources was no record, or one in an unusual form.
    package var rows = ListRows()
    /// Names that have the near form of an earlier one (``NearName``).
    package var nearDuplicates = 0
    /// Drafts whose names are rather a program's slip: `1-Mar`, `#N/A`, `CafÃ©`, a `Total` at the end.
    package var suspicious = 0
    /// The first of both.
    package var notedNames = NotedNames()
    /// Lists that are likely to be in another encoding than they were read in.
    package var misread: [Misread] = []
    /// Lists that seem to be one page of a longer one.
    package var partial: [PartialList] = []
    /// Drafts whose groups are to be inactive by the list, where that doesn't count.
    package var activityUnheeded = 0
}
