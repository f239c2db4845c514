/// What a transaction is for.
enum PostgreSQLPurpose: Sendable {
    /// It reads one consistent state.
    case reading
    /// It changes something, and need not be on disk when it has ended; the next durable one puts it there.
    case change
    /// It changes something that is on disk when it has ended.
    case durableChange

    /// How it begins. A lock that somebody else holds is waited for as long as SQLite's store waits for one. A process
    /// that is stopped while it has something locked loses its connection before that.
    fileprivate func begin(_ schema: String) -> String {
        switch self {
        case .reading: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path TO \(schema)"
        case .change: "\(Self.write(schema)); SET LOCAL synchronous_commit TO off"
        case .durableChange: Self.write(schema)
        }
    }

    private static func write(_ schema: String) -> String {
        """
        BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL search_path TO \(schema); \
        SET LOCAL lock_timeout TO 10000; SET LOCAL idle_in_transaction_session_timeout TO 5000
        """
    }
}

/// How a transaction is carried out.
struct PostgreSQLPlan: Sendable {
    /// What it is for.
    var purpose: PostgreSQLPurpose
    /// Statements that are sent together with its `BEGIN`, so that they cost no time of their own.
    var opening = ""
    /// Whether it does nothing more when it is committed a second time.
    var isIdempotent = false
    /// Whether it may be begun again once its body has been called.
    var isRepeatable = true
}

extension PostgreSQLConnection {
    /// How a transaction ended.
    private enum Ending<Value> {
        case committed(Value)
        /// It was rolled back, or the connection was lost before the body was called.
        case failed(any Error)
        /// The connection was lost within the body.
        case lost(any Error)
        /// The connection was lost while it was being committed.
        case unknown(Value, any Error)
    }

    /// Runs `body` in one transaction, which is rolled back where it throws.
    ///
    /// A connection that is lost is opened again for as long as ``PostgreSQLPatience`` says, and the transaction is
    /// carried out again, `body` included: it may have no effect outside of it. Where the connection was lost while the
    /// transaction was being committed, the fence tells whether it was.
    ///
    /// - Parameter fence: of the lease that it writes under; nil where there is none.
    /// - Throws: ``LedgerError`` where the database can't be used, or where it isn't known whether the transaction was
    ///   committed; ``RunError`` with ``RunError/Code/leaseLost`` where the lease has ended; and what `body` throws.
    mutating func transaction<Value>(
        _ plan: PostgreSQLPlan, under fence: inout PostgreSQLFence?, _ body: (PostgreSQLSession) throws -> Value
    ) throws -> Value {
        if fence?.isEnded == true { throw PostgreSQLFence.lost }
        var patience = PostgreSQLPatience(downSince: downSince)
        while true {
            switch ending(plan, fence?.commit ?? "COMMIT", body) {
            case .committed(let value):
                fence?.count()
                return value
            case .unknown(let value, let error):
                if var held = fence {
                    let wasCommitted = try wasCommitted(&held, &patience, error)
                    fence = held
                    if wasCommitted { return value }
                } else {
                    guard plan.isIdempotent else { throw error }
                    try patience.wait(after: error)
                }
            case .lost(let error):
                guard plan.isRepeatable else { throw error }
                try patience.wait(after: error)
            case .failed(let error):
                if patience.goesOn(after: error) { continue }
                guard error is LedgerError, !isOpen else {
                    // What others wrote since the lease was ended may be in the way before the fence is.
                    if let fence, error is LedgerError, try fence.hasEnded(session(), address.quotedSchema) {
                        throw PostgreSQLFence.lost
                    }
                    throw error
                }
                try patience.wait(after: error)
            }
        }
    }

    /// Runs `body` in one transaction on a connection that nobody has used yet; it is tried once.
    mutating func transaction<Value>(
        for purpose: PostgreSQLPurpose, _ body: (PostgreSQLSession) throws -> Value
    ) throws -> Value {
        switch ending(PostgreSQLPlan(purpose: purpose), "COMMIT", body) {
        case .committed(let value): return value
        case .failed(let error), .lost(let error), .unknown(_, let error): throw error
        }
    }

    private mutating func ending<Value>(
        _ plan: PostgreSQLPlan, _ commit: String, _ body: (PostgreSQLSession) throws -> Value
    ) -> Ending<Value> {
        var value: Value?
        do {
            let session = try self.session()
            try session.execute("\(plan.purpose.begin(address.quotedSchema)); \(plan.opening)")
            do { value = try body(session) } catch  where !isOpen && error is LedgerError { return .lost(error) }
            // The database says ROLLBACK where a statement had failed.
            guard try session.command(commit) == "COMMIT" else {
                throw LedgerError(reason: "the database rolled a transaction back")
            }
        } catch {
            guard isOpen else {
                close()
                return value.map { .unknown($0, error) } ?? .failed(error)
            }
            // What can't be rolled back, the database rolls back itself once the connection has gone.
            do { try session().execute("ROLLBACK") } catch { close() }
            let isRefused = value != nil && (error as? LedgerError)?.state == PostgreSQLFence.refusal
            return .failed(isRefused ? PostgreSQLFence.lost : error)
        }
        guard let value else { return .failed(LedgerError(reason: "a transaction gave nothing")) }
        return .committed(value)
    }

    private mutating func wasCommitted(
        _ fence: inout PostgreSQLFence, _ patience: inout PostgreSQLPatience, _ error: any Error
    ) throws -> Bool {
        var error = error
        while true {
            try patience.wait(after: error)
            do { return try fence.wasCommitted(try session(), address.quotedSchema) } catch let again as LedgerError {
                guard !isOpen else { throw again }
                close()
                error = again
            }
        }
    }
}
