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
    /// Names that differ from an earlier one only when folded.
    package var nearDuplicates = 0
}
