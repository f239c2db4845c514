import Synchronization

/// The lease that a handle has, for whoever needs its number without waiting for a transaction under way.
final class PostgreSQLHold: Sendable {
    /// A lease, and what its process does on the run.
    struct Lease: Sendable {
        let epoch: Int64
        let role: WorkerRole
    }

    private let state = Mutex<Lease?>(nil)

    /// The lease; nil before one was taken. It stays when the lease has ended.
    var lease: Lease? { state.withLock { $0 } }

    /// Keeps the lease.
    func set(_ lease: Lease) { state.withLock { $0 = lease } }
}
