/// What a list of runs says of one.
package struct RunListing: SummaryDocument, Sendable, Codable, Equatable {
    /// The run's id.
    package var run: String
    /// The run directory's path, as the listing found it; empty where it isn't here.
    package var directory: String
    /// The address of the database that holds its ledger; nil for a file in the directory.
    package var ledger: String?
    /// What it is at, or was at when it died: `reading`, `sending`, `reporting` or `finished`; `reading`, too, where it
    /// was stopped before its lists were read to their ends.
    package var state: String
    /// What it exited with; nil before it ended.
    package var exit: Int32?
    /// When it was started, ISO 8601 in UTC.
    package var started: String
    /// The target's URL as the run's scope has it.
    package var target: String
    /// The id of the run that it takes back; nil unless it is an undo.
    package var undoes: String?
    /// The ids of the runs whose records it corrects; nil where its lists say none.
    package var corrects: [String]?
    /// When it was started, in epoch milliseconds; runs go by it.
    package var started_at: Int64
    /// Records in the ledger.
    package var read: Int
    /// Those of the records that a resume would go on with.
    package var left: Int
    /// The count of every outcome so far.
    package var outcomes: [String: Int]

    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the ledger can't be read.
    package init(_ location: RunLocation) async throws(RunError) {
        do {
            try location.requireFile()
            let place = try location.ledger
            let ledger = try StoredLedger.read(at: place)
            let metadata = try await ledger.metadata()
            let counts = try await ledger.counts()
            run = metadata.run ?? ""
            directory = location.isHere ? location.path : ""
            if case .database(let address, _) = place { self.ledger = "\(address)" }
            state = metadata.reached?.rawValue ?? ""
            exit = metadata.exit
            started = metadata.started ?? ""
            target = metadata.target
            undoes = metadata.configuration?.undo?.run
            corrects = metadata.corrects
            started_at = metadata.startedAt ?? 0
            read = try await ledger.recordCount()
            left = try await ledger.unfinished().pending
            outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, counts[$0]) })
            try ledger.closeReading()
        } catch let error as RunError {
            throw error
        } catch {
            throw LedgerError.unreadable(location.ledgerFile, error)
        }
    }

    /// Whether it ended, and a resume would have nothing to do.
    package var isFinished: Bool { state == RunPhase.finished.rawValue && left == 0 }

    /// Whether it is an import that finished, whatever the outcomes of its records.
    var isMeasure: Bool { isFinished && undoes == nil && ListLength.isEnd(exit) }

    /// Whether it was started before another run.
    package func isBefore(_ other: RunListing) -> Bool { (started_at, run) < (other.started_at, other.run) }

    /// The state for a person.
    package var stateText: String {
        var metadata = RunMetadata()
        (metadata.phase, metadata.exit) = (RunPhase(rawValue: state), exit)
        return metadata.stateText
    }
}
