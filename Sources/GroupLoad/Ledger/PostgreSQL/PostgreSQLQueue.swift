import Dispatch

/// One connection, and the thread that uses it: transactions run on it one after another.
///
/// libpq's calls wait for the database. So they run on a thread of their own, and none of Swift's pool waits.
actor PostgreSQLQueue {
    private let thread: DispatchThread
    private var connection: PostgreSQLConnection
    /// Of the lease that transactions which change something are carried out under.
    private var fence: PostgreSQLFence?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// A queue whose connection is opened by the first transaction.
    init(_ address: PostgreSQLAddress) {
        thread = DispatchThread(label: "ledger")
        connection = PostgreSQLConnection(address)
    }

    /// Runs `body` in a transaction after those before it: as
    /// ``PostgreSQLConnection/transaction(_:under:_:)``, under the queue's lease where it has one.
    ///
    /// What is written under a lease is on disk at the end in any case: the database may crash while this process goes
    /// on, which has no reason to write it again.
    func transaction<Value: Sendable>(
        _ plan: PostgreSQLPlan, _ body: @Sendable (PostgreSQLSession) throws -> Value
    ) throws -> Value {
        var plan = plan
        if fence != nil, plan.purpose == .change { plan.purpose = .durableChange }
        return try connection.transaction(plan, under: &fence, body)
    }

    /// As ``transaction(_:_:)``, without the lease.
    func freeTransaction<Value: Sendable>(
        _ plan: PostgreSQLPlan, _ body: @Sendable (PostgreSQLSession) throws -> Value
    ) throws -> Value {
        var none: PostgreSQLFence?
        return try connection.transaction(plan, under: &none, body)
    }

    /// Runs `body`, which takes a lease, in a transaction; whatever follows is written under that lease.
    func take(
        _ plan: PostgreSQLPlan, _ body: @Sendable (PostgreSQLSession) throws -> Lease
    ) throws -> Lease {
        precondition(fence == nil, "a handle has one lease in its life")
        let lease = try freeTransaction(plan, body)
        fence = PostgreSQLFence(epoch: lease.epoch)
        return lease
    }

    /// Runs `body`, which ends the lease, in a transaction; nothing is written afterwards.
    func end(_ plan: PostgreSQLPlan, _ body: @Sendable (PostgreSQLSession) throws -> Void) throws {
        try freeTransaction(plan, body)
        fence?.isEnded = true
    }

    /// Runs one statement outside of a transaction, which the database ends whatever becomes of this process; it is
    /// run again where the connection is lost, so it must do nothing more then.
    func statement<Value: Sendable>(_ body: @Sendable (PostgreSQLSession) throws -> Value) throws -> Value {
        var patience = PostgreSQLPatience(downSince: connection.downSince)
        while true {
            do { return try body(connection.session()) } catch let error as LedgerError {
                guard !connection.isOpen || patience.goesOn(after: error) else { throw error }
                if !connection.isOpen {
                    connection.close()
                    try patience.wait(after: error)
                }
            }
        }
    }

    /// Closes the connection.
    func close() { connection.close() }
}

/// An executor of one thread at a time, on which a caller may wait.
final class DispatchThread: SerialExecutor {
    private let queue: DispatchQueue

    /// - Parameter label: what debuggers show.
    init(label: String) { queue = DispatchQueue(label: label) }

    /// Runs a job after those before it.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
