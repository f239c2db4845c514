import Dispatch

/// One connection, and the thread that uses it: transactions run on it one after another.
///
/// libpq's calls wait for the database. So they run on a thread of their own, and none of Swift's pool waits.
actor PostgreSQLQueue {
    private let thread: DispatchThread
    private var connection: PostgreSQLConnection

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// A queue whose connection is opened by the first transaction.
    init(_ address: PostgreSQLAddress) {
        thread = DispatchThread(label: "ledger")
        connection = PostgreSQLConnection(address)
    }

    /// As ``PostgreSQLConnection/transaction(for:_:)``, after those before it.
    func transaction<Value: Sendable>(
        for purpose: PostgreSQLPurpose, _ body: @Sendable (PostgreSQLSession) throws -> Value
    ) throws -> Value {
        try connection.transaction(for: purpose, body)
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
