import RewardsClient

/// The groups of a run that runs which correct it have changed since.
struct CorrectedGroups {
    /// What a correction has left of a group.
    struct Change {
        /// The correction's id.
        var run: String
        var state: GroupState
    }

    private var changes: [Int64: Change] = [:]

    /// Looks at the corrections in the order of their start; the last that changed a group counts.
    ///
    /// - Parameters:
    ///   - own: the groups of the run, by id.
    ///   - note: receives a message for each correction that can't be read.
    /// - Throws: what the run's own ledger throws.
    init(of verification: Verification, among own: [Int64: GroupUpdate], _ note: (String) -> Void) async throws {
        let (location, metadata) = (verification.location, try await verification.ledger.metadata())
        guard let run = metadata.run, let scope = metadata.scope else { return }
        let others = ScopeRuns.others(
            scope: scope, environment: verification.environment.variables, excluding: location.path,
            ledger: try location.ledger)
        for (location, id) in WholeList.corrections(of: run, others) {
            do {
                let ledger = try StoredLedger.read(at: location.ledger)
                try await add(ledger, id, own)
                try ledger.closeReading()
            } catch {
                note("\(location) can't be read and is passed over: \(LedgerError.reason(error))")
            }
        }
    }

    private mutating func add(_ ledger: any RunLedger, _ run: String, _ own: [Int64: GroupUpdate]) async throws {
        var last: Int64 = 0
        while case let chunk = try await ledger.reversals(
            after: last, limit: UndoPreview.chunk, withInactive: true, withPresent: false),
            let end = chunk.last
        {
            for update in chunk where own[update.id] != nil {
                changes[update.id] = Change(run: run, state: update.from)
            }
            last = end.recordNumber
        }
    }

    /// What a correction has left of a group that is so still; nil where none changed it, or somebody else has since.
    func change(of group: RewardGroup) -> Change? {
        guard let change = changes[group.id], change.state.rank == group.rank,
            group.isActive.map({ $0 == change.state.isActive }) ?? true
        else { return nil }
        return change
    }
}
