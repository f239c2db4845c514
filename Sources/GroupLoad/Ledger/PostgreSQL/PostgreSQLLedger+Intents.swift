// Updates put in, and the intents to send them.
extension PostgreSQLLedger {
    /// Puts in what is to be done to the groups of drafts, of which nothing was sent.
    func insert(_ updates: [GroupUpdate], _ session: PostgreSQLSession) throws {
        if updates.isEmpty { return }
        var rows = CopyRows(columns: 9)
        for update in updates {
            rows.begin()
            rows.append(number: run)
            for number in [update.recordNumber, update.id, update.from.rank, update.to.rank] { rows.append(number) }
            for truth in [update.from.isActive, update.to.isActive] { rows.append(truth) }
            rows.append(bytes: Optional(update.name.utf8))
            rows.append(update.made?.rawValue)
        }
        try session.copy(
            into: "group_update (run, record, id, from_rank, to_rank, from_active, to_active, name, made)", rows)
        try session.run(
            "DELETE FROM doubt WHERE run = \(run) AND record = ANY ($1)", [.integers(updates.map(\.recordNumber))])
    }

    /// Inserts a record and an update for each, in one transaction; the new numbers are consecutive.
    package func put(_ updates: [GroupUpdate], from first: Int64) async throws {
        try await change { session in
            var rows = CopyRows(columns: 8)
            var numbered = updates
            for (offset, update) in updates.enumerated() {
                numbered[offset].recordNumber = first + Int64(offset)
                rows.begin()
                rows.append(number: run)
                rows.append(number: 0)
                rows.append(first + Int64(offset))
                rows.append(update.recordNumber)
                rows.append(update.to.rank)
                rows.append(true)
                rows.append(bytes: Optional(update.name.utf8))
                rows.append(bytes: update.to.rank.map { String($0).utf8 })
            }
            try session.copy(into: "record (run, source, record, line, draft_rank, draft, name, rank)", rows)
            try insert(numbered, session)
        }
    }

    /// Keeps all three in one transaction, which is on disk at its end where there are intents.
    package func keep(
        intents: [(update: GroupUpdate, at: Int64)], outcomes: [DraftOutcome], metadata: RunMetadata
    ) async throws {
        if intents.isEmpty {
            try await change { try keep(intents, outcomes, metadata, $0) }
        } else {
            try await changeDurably { try keep(intents, outcomes, metadata, $0) }
        }
    }

    private func keep(
        _ intents: [(update: GroupUpdate, at: Int64)], _ outcomes: [DraftOutcome], _ metadata: RunMetadata,
        _ session: PostgreSQLSession
    ) throws {
        if !intents.isEmpty {
            // A process before this one may have kept intents for the same records.
            try session.run(
                "DELETE FROM update_intent WHERE run = \(run) AND record = ANY ($1)",
                [.integers(intents.map(\.update.recordNumber))])
        }
        var rows = CopyRows(columns: 6)
        for intent in intents {
            rows.begin()
            rows.append(number: run)
            for number in [intent.update.recordNumber, intent.at, intent.update.from.rank, intent.update.to.rank] {
                rows.append(number)
            }
            rows.append(intent.update.from.isActive)
        }
        try session.copy(into: "update_intent (run, record, sent_at, from_rank, to_rank, from_active)", rows)
        try insert(outcomes, session)
        try merge(metadata, session)
    }
}
