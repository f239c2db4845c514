import RewardsClient
import Synchronization

/// What a run learns of the server from its answers, for ``Reconciliation``.
final class ServerFacts: Sendable {
    private struct State {
        var clock = ServerClock()
        var createdBy: Int64?
    }

    private let state: Mutex<State>

    /// - Parameter kept: what ``kept`` gave before; empty for nothing.
    init(kept: String = "") {
        let parts = kept.split(separator: " ").map { Int64($0) }
        var state = State()
        if parts.count == 3, let lower = parts[0], let upper = parts[1], lower <= upper {
            state.clock = ServerClock(difference: lower...upper)
            state.createdBy = parts[2]
        }
        self.state = Mutex(state)
    }

    /// What is known, to be kept for whoever goes on with the run; empty for nothing.
    var kept: String {
        state.withLock { state in
            guard let difference = state.clock.difference else { return "" }
            return "\(difference.lowerBound) \(difference.upperBound) " + (state.createdBy.map(String.init) ?? "-")
        }
    }

    /// What is known of the server's clock.
    var clock: ServerClock { state.withLock { $0.clock } }

    /// The user that this run creates as.
    var createdBy: Int64? { state.withLock { $0.createdBy } }

    /// Takes in the `Date` of an answer to a request that was sent at `sent` or later, in epoch milliseconds.
    func saw(_ info: ReplyInfo, sent: Int64, now: Int64) {
        guard let date = info.date else { return }
        state.withLock { $0.clock.saw(date * 1000, resolution: 1999, sent: sent, answered: now) }
    }

    /// Takes in a group that this run surely created, with a request that was sent at `sent` or later: who created it, and when.
    func sawCreated(_ group: RewardGroup, sent: Int64, now: Int64) {
        state.withLock { state in
            if state.createdBy == nil { state.createdBy = group.createdBy }
            guard let createdOn = group.createdOn else { return }
            state.clock.saw(createdOn, resolution: 1, sent: sent, answered: now)
        }
    }
}
