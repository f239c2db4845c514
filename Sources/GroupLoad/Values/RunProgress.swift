import Synchronization

/// What a run has done so far, for the progress line. Shared between the stages, which count, and the display, which
/// reads.
package final class RunProgress: Sendable {
    /// A reading of all counts at one moment.
    package struct Snapshot: Sendable {
        /// What the run is at.
        package var phase = RunPhase.reading
        /// The run's id, once it has one.
        package var run: String?
        /// The run directory, once there is one.
        package var runDirectory: String?
        /// Records read so far.
        package var read = 0
        /// Drafts to send, once it is known (after a preflight).
        package var draftsTotal: Int?
        /// Records by outcome so far.
        package var outcomes = OutcomeCounts()
        /// Those whose outcomes other processes on the run have written, as far as is known.
        package var elsewhere = OutcomeCounts()
        /// Requests sent, retries, and responses that said 429.
        package var requests = 0, retries = 0, throttled = 0
        /// The responses to them, by status.
        package var responses = ResponseCounts()
        /// The pauses that the target has asked for.
        package var pauses = RequestPauses()
        /// What is wrong with the target while it is only tried now and then; nil while nothing is.
        package var trouble: String?
        /// Requests a minute that the target was found to allow; nil while that isn't known.
        package var allowance: Double?
        /// Records by outcome so far, whichever process has written them.
        package var allOutcomes: OutcomeCounts {
            Outcome.allCases.reduce(into: outcomes) { $0[$1] += elsewhere[$1] }
        }
        /// When the run ended, in epoch milliseconds; nil before.
        package var finishedAt: Int64?
        /// Bytes of the inputs read so far, and in all where every input is a file.
        package var bytesRead: Int64 = 0, bytesTotal: Int64?
    }

    /// Who is told of what happens, when it does. Called by the thread that counts: it must not take long.
    package struct Watcher: Sendable {
        /// Is told which phase the run is in now.
        let entered: @Sendable (RunPhase) -> Void
        /// Is told of a create that failed, or whose end is unknown.
        let failed: @Sendable (DraftOutcome) -> Void

        /// A watcher.
        package init(
            entered: @escaping @Sendable (RunPhase) -> Void, failed: @escaping @Sendable (DraftOutcome) -> Void
        ) {
            (self.entered, self.failed) = (entered, failed)
        }
    }

    private struct State {
        var counts = Snapshot()
        var watcher: Watcher?
    }

    private let state = Mutex(State())

    /// Tells `watcher` of the phase that the run is in, and of what happens from now on; nil tells nobody.
    package func watch(by watcher: Watcher?) {
        let phase = state.withLock { state in
            state.watcher = watcher
            return state.counts.phase
        }
        watcher?.entered(phase)
    }

    /// Tells the watcher of the outcomes of those creates that failed.
    package func tellFailed(of outcomes: [DraftOutcome]) {
        guard let watcher = state.withLock({ $0.watcher }) else { return }
        for outcome in outcomes where outcome.outcome == .failed || outcome.outcome == .unresolved {
            watcher.failed(outcome)
        }
    }

    /// Learns what the ledger holds, of which all that this process hasn't counted is others'.
    package func learn(_ known: OutcomeCounts) {
        update { progress in
            for outcome in Outcome.allCases {
                progress.elsewhere[outcome] = max(0, known[outcome] - progress.outcomes[outcome])
            }
        }
    }

    /// Has counted nothing.
    package init() {}

    /// The counts now.
    package var snapshot: Snapshot { state.withLock { $0.counts } }

    /// Changes the counts.
    @discardableResult
    package func update<Result: Sendable>(_ change: (inout Snapshot) -> Result) -> Result {
        let (result, entered) = state.withLock { state in
            let before = state.counts.phase
            let result = change(&state.counts)
            let phase = state.counts.phase
            return (result, phase == before ? nil : state.watcher.map { watcher in { watcher.entered(phase) } })
        }
        entered?()
        return result
    }
}
