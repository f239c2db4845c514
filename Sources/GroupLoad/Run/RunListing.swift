/// What a list of runs says of one.
package struct RunListing: Sendable, Codable, Equatable {
    package var run: String
    package var directory: String
    /// What it is at, or was at when it died: `reading`, `sending`, `reporting` or `finished`.
    package var state: String
    /// What it exited with; nil before it finished.
    package var exit: Int32?
    package var started: String
    package var target: String
    /// The id of the run that it takes back; nil unless it is an undo.
    package var undoes: String?
    /// Records in the ledger.
    package var read: Int
    /// The count of every outcome so far.
    package var outcomes: [String: Int]

    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the ledger can't be read.
    package init(_ location: RunLocation) async throws(RunError) {
        do {
            let ledger = try Ledger(reading: location.ledgerPath)
            let facts = RunFacts(try await ledger.facts(), [])
            let counts = try await ledger.counts()
            run = facts.run
            directory = location.path
            state = facts.state ?? ""
            exit = facts.exit
            started = facts.started
            target = facts.target
            undoes = try facts.plan()?.undo?.run
            read = try await ledger.recordCount()
            outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, counts[$0]) })
            try ledger.closeReading()
        } catch let error as RunError {
            throw error
        } catch {
            throw RunError(.unusable, "can't read the ledger \(location.ledgerPath): \(Ledger.reason(error))")
        }
    }

    /// The state for a person.
    package var stateText: String {
        guard state == Ledger.RunState.finished.rawValue, let exit else { return "unfinished (\(state))" }
        return exit == 0 ? "finished" : "finished, exit \(exit)"
    }
}
