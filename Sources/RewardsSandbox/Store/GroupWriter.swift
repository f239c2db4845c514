import GRDB
import Logging
import Synchronization

/// Commits changes in groups: those that arrive while a transaction runs wait in a bounded queue and share the next
/// one.
///
/// To maintainers: `apply` returns only after the commit of the change's transaction. A refused INSERT or UPDATE
/// undoes that statement alone, so its neighbours commit. Batches run on GRDB's writer queue, one at a time;
/// `isDraining` says that one is running or due, and is only cleared under the lock when nothing waits, so no change
/// is left behind.
final class GroupWriter: Sendable {
    /// Changes in one transaction.
    static let batchMax = 512

    private struct Waiting: Sendable {
        let change: GroupChange
        let continuation: CheckedContinuation<GroupChangeResult, Never>
    }

    private struct Queue {
        var waiting: [Waiting] = []
        var isDraining = false
    }

    private let database: any DatabaseWriter
    private let foldsNames: Bool
    private let isUpsert: Bool
    private let queueMax: Int
    private let logger: Logger
    private let queue = Mutex(Queue())

    /// - Parameters:
    ///   - isUpsert: whether a create of a name that is there gives its group.
    ///   - queueMax: changes that may wait; one more gives `queueFull`.
    init(
        database: any DatabaseWriter, nameCase: NameCase, isUpsert: Bool, queueMax: Int = 4096,
        logger: Logger
    ) {
        self.database = database
        foldsNames = nameCase == .caseInsensitive
        self.isUpsert = isUpsert
        self.queueMax = queueMax
        self.logger = logger
    }

    /// Makes one change and returns once it is committed or refused.
    func apply(_ change: GroupChange) async -> GroupChangeResult {
        await withCheckedContinuation { continuation in
            let (isFull, mustStart) = queue.withLock { queue in
                guard queue.waiting.count < queueMax else { return (true, false) }
                queue.waiting.append(Waiting(change: change, continuation: continuation))
                let mustStart = !queue.isDraining
                queue.isDraining = true
                return (false, mustStart)
            }
            if isFull {
                continuation.resume(returning: .queueFull)
            } else if mustStart {
                startBatch()
            }
        }
    }

    private func startBatch() {
        database.asyncWriteWithoutTransaction { db in self.drain(db) }
    }

    /// Commits one batch, then makes room for the next; never holds GRDB's queue for more than a batch.
    private func drain(_ db: Database) {
        let batch = queue.withLock { queue in
            let batch = Array(queue.waiting.prefix(Self.batchMax))
            queue.waiting.removeFirst(batch.count)
            return batch
        }
        var results: [GroupChangeResult] = []
        results.reserveCapacity(batch.count)
        do {
            try db.inTransaction(.immediate) {
                for item in batch {
                    results.append(try perform(item.change, in: db))
                }
                return .commit
            }
        } catch {
            logger.error("transaction failed", metadata: ["error": "\(error)", "changes": "\(batch.count)"])
            results = batch.map { _ in .failed("\(error)") }
        }
        for (item, result) in zip(batch, results) {
            item.continuation.resume(returning: result)
        }
        let hasMore = queue.withLock { queue in
            queue.isDraining = !queue.waiting.isEmpty
            return queue.isDraining
        }
        if hasMore {
            startBatch()
        }
    }

    private func perform(_ change: GroupChange, in db: Database) throws -> GroupChangeResult {
        do {
            switch change.kind {
            case .create(let creation): return .stored(try insert(creation, change: change, in: db))
            case .update(let id, let name, let rank, let isActive):
                let statement = try db.cachedStatement(
                    sql: """
                        UPDATE groups SET name = ?, nameKey = ?, rank = CASE WHEN ? THEN ? ELSE rank END,
                        isActive = coalesce(?, isActive), lastUpdatedBy = ?, lastUpdatedOn = ? WHERE id = ?
                        """)
                try statement.execute(arguments: [
                    name, foldsNames ? nameKey(name) : nil, rank != nil, rank ?? nil, isActive, change.userID,
                    change.timestamp, id,
                ])
                guard db.changesCount > 0, let group = try GroupReader.group(id: id, in: db) else { return .unknownID }
                return .stored(group)
            }
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
            guard isUpsert, case .create(let creation) = change.kind,
                let group = try GroupReader.group(name: creation.name, foldsNames: foldsNames, in: db)
            else { return .nameTaken }
            return .found(group)
        }
    }

    private func insert(_ creation: GroupChange.Creation, change: GroupChange, in db: Database) throws -> StoredGroup {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO groups (name, nameKey, rank, isActive, createdBy, createdOn, lastUpdatedBy, lastUpdatedOn,
                sent, origin, storedOn) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)
                """)
        let (name, rank, user, time) = (creation.name, creation.rank, change.userID, change.timestamp)
        // Strings are equal when they are canonically equivalent; these must have the same bytes.
        let isSent = creation.sent.utf8.elementsEqual(name.utf8)
        try statement.execute(arguments: [
            name, foldsNames ? nameKey(name) : nil, rank, user, time, user, time, isSent ? nil : creation.sent,
            creation.origin.rawValue, change.now == time ? nil : change.now,
        ])
        return StoredGroup(
            id: db.lastInsertedRowID, name: name, rank: rank, isActive: true, createdBy: user, createdOn: time,
            lastUpdatedBy: user, lastUpdatedOn: time, sent: creation.sent, origin: creation.origin)
    }
}
