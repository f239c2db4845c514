import RecordFormats

/// Looks once at the first records of a source, before any of them is handed over, and says which columns are used.
struct ColumnLook {
    let source: InputSource
    let options: DecodingOptions
    let policy: ColumnPolicy
    /// Whether there must be a rank, for an empty one clears a group's.
    let needsRank: Bool
    let note: @Sendable (String) -> Void

    /// Looks, unless that was done already; tells what isn't the same as of the source before.
    ///
    /// - Parameters:
    ///   - batch: holds the first records of the source.
    ///   - columns: what is known of the sources so far, by path; gets what is found.
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput`` where the policy is strict and a column looks as if it
    ///   should be used, or where there must be a rank and is none.
    func look(
        at stream: RecordStream, _ batch: RecordBatch, _ columns: inout [String: ColumnUse]
    ) throws(RunError) {
        guard policy != .silent, columns[source.given] == nil, !batch.isEmpty || stream.columns != nil else { return }
        let use = ColumnUse(stream.members(of: batch), options.mapping)
        defer { columns[source.given] = use }
        let remark = use.remark(given: options.mapping.givenNames)
        // Lists of one form are noted once.
        let isNew = !columns.values.contains(use)
        if isNew, let text = use.text { note("\(source.shownName): \(text)") }
        if isNew, let text = use.tickRemark { note("\(source.shownName): \(text)") }
        if needsRank, use.rank == nil {
            throw RunError(
                .unusedColumns, "\(source.shownName) has no rank, and --empty-rank clear would clear every group's",
                naming: .path(source.name),
                remedy: remark ?? "leave --empty-rank out, or say with --map rank=COLUMN which column it is")
        }
        if policy == .strict, let remark {
            throw RunError(
                .unusedColumns, "\(source.shownName): \(remark)", naming: .path(source.name),
                remedy: "or begin its title with _ to leave it out on purpose")
        }
        if isNew, let remark { note("\(source.shownName): \(remark)") }
    }
}
