import Foundation

/// How long a transaction is tried again after its connection was lost, or after others were in its way.
struct PostgreSQLPatience {
    /// From the first loss on, of whatever transaction: less than a lease lasts, and more than a database needs to
    /// start.
    private static let lossMax = Duration.seconds(20)
    /// The pauses double from the first to the last: 0.1, 0.2, 0.4, 0.8, 1.6, 2, 2 … seconds, half of it random.
    private static let pauseFirst = 0.1, pauseLast = 2.0
    /// How often a transaction is tried again that the database has ended for a deadlock.
    private static let conflictsMax = 5

    private var until: ContinuousClock.Instant?
    private var pause = Self.pauseFirst
    private var conflicts = 0

    /// - Parameter downSince: since when no connection can be opened; nil where that isn't so.
    init(downSince: ContinuousClock.Instant?) { until = downSince?.advanced(by: Self.lossMax) }

    /// Waits before the next try.
    ///
    /// - Throws: `error` where it has been tried for long enough.
    mutating func wait(after error: any Error) throws {
        let now = ContinuousClock.now
        let end = until ?? now.advanced(by: Self.lossMax)
        until = end
        guard now < end else { throw error }
        // On the connection's own thread, so that nothing overtakes.
        Thread.sleep(forTimeInterval: Double.random(in: pause / 2...pause))
        pause = min(2 * pause, Self.pauseLast)
    }

    /// Whether the database ended a transaction because it and others waited for each other, and it is to be tried
    /// again.
    mutating func goesOn(after error: any Error) -> Bool {
        guard let state = (error as? LedgerError)?.state, ["40P01", "40001"].contains(state),
            conflicts < Self.conflictsMax
        else { return false }
        conflicts += 1
        return true
    }
}
