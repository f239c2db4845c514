import Synchronization

/// What a run learns of the server from its answers, for ``Reconciliation``.
final class ServerFacts: Sendable {
    private struct State {
        var clockOffset: Int64?
        var createdBy: Int64?
    }

    private let state = Mutex(State())

    /// What is added to this machine's clock to give the server's, in milliseconds.
    var clockOffset: Int64? { state.withLock { $0.clockOffset } }

    /// The user that this run creates as.
    var createdBy: Int64? { state.withLock { $0.createdBy } }

    /// Takes in the `Date` of an answer, in epoch milliseconds, read at `now`.
    func sawDate(_ date: Int64, at now: Int64) {
        state.withLock { if $0.clockOffset == nil { $0.clockOffset = date - now } }
    }

    /// Takes in who created a group that this run surely created.
    func sawCreator(_ user: Int64) {
        state.withLock { if $0.createdBy == nil { $0.createdBy = user } }
    }
}
