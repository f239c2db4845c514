/// What an undo would do, for somebody to look at before it is done.
package struct UndoPreview: Sendable {
    /// The run that is taken back.
    package var run: String
    /// The target's URL as that run's scope has it.
    package var target: String
    /// Whether that run is itself an undo.
    package var isRedo: Bool
    /// Groups that would be set inactive, made active again, or given back another rank alone.
    package var deactivated = 0, activated = 0, reranked = 0
    /// The first of them.
    package var first: [GroupUpdate] = []
    /// Groups of that run whose creator isn't known.
    package var present = 0
    /// Whether those would be set inactive too.
    package var withPresent: Bool
    /// Records of that run that may have created a group or not: those are left alone.
    package var unclear = 0

    /// Updates that are kept to be shown.
    private static let firstMax = 10
    /// Updates that are read at once.
    static let chunk = 10_000

    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the ledger can't be read.
    package init(_ location: RunLocation, withPresent: Bool = false) async throws {
        self.withPresent = withPresent
        let ledger = try StoredLedger.read(at: location.ledger)
        let metadata = try await ledger.metadata()
        run = metadata.run ?? ""
        target = metadata.target
        isRedo = metadata.configuration?.undo != nil
        var last: Int64 = 0
        while case let chunk = try await ledger.reversals(
            after: last, limit: Self.chunk, withInactive: false, withPresent: withPresent), let end = chunk.last
        {
            last = end.recordNumber
            first += chunk.prefix(Self.firstMax - first.count)
            for update in chunk {
                switch (update.from.isActive, update.to.isActive) {
                case (true, false): deactivated += 1
                case (false, true): activated += 1
                default: reranked += 1
                }
            }
        }
        present = try await ledger.counts()[.present]
        unclear = try await ledger.unclearCount()
        try ledger.closeReading()
    }

    /// The groups that would be changed.
    package var count: Int { deactivated + activated + reranked }
}
