import Foundation

/// What a monitoring system is told of a run: how far it is, and how the last one ended.
package struct RunFigures: Sendable, Equatable {
    /// How a run ended.
    package struct End: Sendable, Equatable {
        /// The exit status.
        package var exit: Int32
        /// When it ended, in epoch seconds, and how many seconds it took.
        package var finished: Double, seconds: Double

        /// An end; `finished` in epoch seconds.
        package init(exit: Int32, finished: Double, seconds: Double) {
            (self.exit, self.finished, self.seconds) = (exit, finished, seconds)
        }
    }

    /// Whether the run goes on.
    package var isActive = true
    /// When the process began, in epoch seconds.
    package var started: Double
    /// Of when the figures are, in epoch seconds.
    package var updated: Double
    /// The count of each outcome, also where it is 0.
    package var outcomes: [Outcome: Int]
    /// Records that were read and have no outcome yet.
    package var left: Int
    /// Requests sent, retries included, and retries.
    package var requests: Int, retries: Int
    /// The responses that this process had, by their HTTP status; 0 for requests without one.
    package var responses: [Int: Int]
    /// Seconds in which this process could send nothing, as the target had asked it to wait.
    package var pausedSeconds: Double
    /// What the run waits for; nil for nothing.
    package var waiting: RunWait?
    /// Requests a minute that the target was found to allow; nil where that isn't known.
    package var rateLearned: Int?
    /// How the last run ended; nil before the first end.
    package var end: End?
    /// When a run last ended with every record done, in epoch seconds; nil before the first.
    package var lastSuccess: Double?
    /// When the run ended, in epoch seconds, as this process saw it; nil where it didn't.
    private let seenEnd: Double?

    /// What a process has counted so far.
    ///
    /// - Parameters:
    ///   - started: when it began, in epoch milliseconds.
    ///   - now: in epoch milliseconds.
    package init(_ counted: RunProgress.Snapshot, startedAt started: Int64, now: Int64) {
        self.started = Double(started) / 1000
        updated = Double(now) / 1000
        let all = counted.allOutcomes
        outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, all[$0]) })
        left = max(0, counted.read - all.sum)
        (requests, retries) = (counted.requests, counted.retries)
        responses = Dictionary(uniqueKeysWithValues: counted.responses.all.map { ($0.status, $0.count) })
        pausedSeconds = Double(counted.pauses.milliseconds(at: now)) / 1000
        waiting = RunWait(counted, now: now)
        rateLearned = counted.allowance.map { Int($0) }
        seenEnd = counted.finishedAt.map { Double($0) / 1000 }
    }

    /// Learns that the run has ended without a summary.
    package mutating func end(_ status: Int32) {
        end(End(exit: status, finished: updated, seconds: updated - started))
    }

    /// Learns how the run ended, and what it counted in all of its processes.
    package mutating func end(_ summary: Summary) {
        outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, summary.count($0)) })
        (left, requests, retries) = (summary.read - outcomes.values.reduce(0, +), summary.requests, summary.retries)
        rateLearned = summary.rate_learned
        // A summary has whole seconds.
        let finished = seenEnd ?? Self.seconds(summary.finished) ?? updated
        end(End(exit: summary.exit, finished: finished, seconds: summary.seconds))
    }

    private mutating func end(_ end: End) {
        (isActive, waiting, self.end) = (false, nil, end)
        if end.exit == ExitStatus.done.rawValue { lastSuccess = end.finished }
    }

    /// The epoch seconds of a time in ISO 8601.
    private static func seconds(_ time: String) -> Double? {
        do { return try Date(time, strategy: .iso8601).timeIntervalSince1970 } catch { return nil }
    }
}
