import Foundation

/// What a run is doing, seen from another process. The keys are part of the interface that scripts rely on.
package struct RunStatus: SummaryDocument, Sendable, Equatable {
    /// What can be said of a run.
    package enum State: String, Encodable, Sendable {
        /// A process works on it.
        case running
        /// Nobody works on it, and records are left.
        case interrupted
        /// It has ended, with a report.
        case finished
    }

    /// The run's id.
    package var run: String
    /// The run directory's path; empty where it isn't here.
    package var directory: String
    /// The address of the database that holds its ledger; nil for a file in the directory.
    package var ledger: String?
    /// The target's URL.
    package var target: String
    /// Whether it goes on.
    package var state: State
    /// What it is at, or was at last.
    package var phase: String
    /// What it exited with; nil unless it has finished.
    package var exit: Int32?
    /// When it was started, ISO 8601 in UTC.
    package var started: String
    /// When it ended, ISO 8601 in UTC; nil unless it has finished.
    package var finished: String?
    /// When it last gave a sign of life, in epoch milliseconds; nil where that isn't known.
    package var seen: Int64?
    /// Records read, and those of them that have no outcome.
    package var read: Int, left: Int
    /// The count of each outcome that has occurred.
    package var outcomes: [String: Int]
    /// Requests sent, retries included; nil where that isn't known.
    package var requests: Int?
    /// Records a second in the last seconds, and seconds until the end; nil where that isn't known.
    package var rate_per_second: Double?, seconds_left: Int?
    /// Until when nothing is sent, in epoch milliseconds, and what is waited for; nil for nothing.
    package var waiting_until: Int64?, waiting_for: String?
    /// The processes that work on it, where its ledger is in a database.
    package var processes: [LedgerProcess]?

    /// Looks at a run.
    ///
    /// - Parameter now: in epoch milliseconds.
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the ledger can't be read.
    package init(_ location: RunLocation, now: Int64) async throws(RunError) {
        let place = try location.ledger
        let metadata = try StoredLedger.metadata(at: place)
        let isHere = location.isHere
        let isHeld = isHere && LockFile.isHeld("\(location.path)/\(LockFile.nameInRun)")
        let activity = try StoredLedger.activity(at: place, pacedBy: Scope(text: metadata.scope ?? "").canonical)
        let live = isHere ? LiveStatus(in: location.path) : nil

        (run, target, started) = (metadata.run ?? "", metadata.target, metadata.started ?? "")
        directory = isHere ? location.path : ""
        if case .database(let address, _) = place { ledger = "\(address)" }
        let isRunning = isHeld || activity?.processes.contains { $0.is_live } == true
        state = isRunning ? .running : .interrupted
        phase = metadata.reached?.rawValue ?? RunPhase.reading.rawValue
        let told = [live?.seen, metadata.aliveAt, activity?.processes.map(\.seen).max()].compactMap(\.self).max()
        seen = isHeld ? live?.seen ?? told : told
        processes = activity?.processes
        (read, left, outcomes) = (0, 0, [:])
        if state == .running, isHeld, let live {
            put(live, now: now)
            // The file knows its own process's requests, and the database those of all.
            if let activity, let own = activity.processes.first(where: { $0.role == "importer" && $0.is_live }) {
                let others = activity.processes.filter { $0 != own }.map(\.requests).reduce(0, +)
                requests = max(live.requests, own.requests) + others + activity.requestsBefore
            }
        } else {
            let listing = try await RunListing(location)
            (read, left) = (listing.read, listing.left)
            if !isRunning, listing.isFinished { state = .finished }
            outcomes = listing.outcomes.filter { $0.value > 0 }
            requests = metadata.requests
            (waiting_until, waiting_for) = (activity?.pausedUntil, activity?.pauseMessage)
        }
        if !isRunning, metadata.phase == .finished {
            exit = metadata.exit
            do { finished = try metadata.decodedSummary()?.finished } catch {
                throw LedgerError.unreadable(location.ledgerFile, error)
            }
        }
    }

    private mutating func put(_ live: LiveStatus, now: Int64) {
        (phase, read, left, outcomes) = (live.phase, live.read, live.left, live.outcomes)
        (requests, rate_per_second, seconds_left) = (live.requests, live.rate_per_second, live.seconds_left)
        (waiting_until, waiting_for) = (live.waiting_until, live.waiting_for)
    }
}
