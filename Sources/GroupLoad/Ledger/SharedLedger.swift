/// A ledger that several processes write to at once, on one machine or on several.
///
/// Each has its own handle, and takes a ``Lease`` before it writes anything. The lease lasts ``Lease/length`` by the
/// store's clock and is renewed every ``Lease/renewalInterval``. It fences: once another process has ended it, nothing
/// that this handle writes takes effect, and each writing method throws ``RunError`` with
/// ``RunError/Code/leaseLost``. A handle has one lease in its life.
///
/// Under a lease, these methods of ``RunLedger`` mean more, or less:
/// - `claim` ignores `last`: it gives what other processes left first, and then the next drafts that nobody has
///   claimed; nothing to a worker while the run isn't open. Drafts that have an outcome are never given to a worker.
///   What an ended process may have sent isn't given to anybody before that can't be carried out any more.
/// - `reopenDrafts` leaves alone what other live leases have claimed.
/// - `merge` and `keep` take `requests`, `retries` and `throttled` for this process's own counts since its lease, and
///   `metadata()` gives the sums over all processes, and the latest `aliveAt`.
/// - `settleRest` ends the leases of all other processes that have claims of the run; what they had sent is in doubt.
/// - `close` ends the lease.
package protocol SharedLedger: RunLedger, PaceLedger {
    /// Takes the handle's lease on the run. Leases on the run that have expired are ended first.
    ///
    /// - Parameters:
    ///   - role: an importer's lease also holds the run, and the scope: no two importers have one of either.
    ///   - name: what the process is called in others' messages, such as `host:pid`.
    ///   - scope: the run's in its canonical form, see ``Scope``.
    ///   - requestMax: how long a request may be carried out after it was sent.
    /// - Throws: ``RunError`` with ``ExitStatus/busy`` where another importer's lease holds the run or the scope.
    func takeLease(_ role: WorkerRole, name: String, scope: String, requestMax: Duration) async throws -> Lease

    /// Has the lease last ``Lease/length`` from now on, also where it has expired and nobody has ended it; and ends
    /// other leases on the run that have expired.
    ///
    /// - Parameter figures: what this process has counted since it took its lease.
    /// - Throws: ``RunError`` with ``RunError/Code/leaseLost`` where the lease was ended.
    func renewLease(_ figures: LeaseFigures) async throws -> LeaseRenewal

    /// Gives the lease back, and with it the scope. What this process had claimed and not settled is free, and isn't in
    /// doubt: only for a process that has settled all else that it sent. Any other leaves its lease to expire.
    ///
    /// - Parameter drafts: those that it may have sent and hasn't settled, each with its ``Draft/doubt``.
    func endLease(inDoubt drafts: [Draft]) async throws

    /// Says whether workers may claim drafts of the run. A new run isn't open.
    func setOpen(_ isOpen: Bool) async throws

    /// Settles as `existing` the drafts whose groups other runs have made or found under the same name, byte for byte,
    /// with the same rank, unless the draft has none, and the same activity: the word of the last of them counts. Does
    /// nothing where a draft was claimed.
    ///
    /// - Parameters:
    ///   - runs: their names in the ledger; without line feeds.
    ///   - now: in epoch milliseconds.
    /// - Returns: how many drafts were settled.
    func settleKnown(from runs: [String], at now: Int64) async throws -> Int

    /// Whether other processes, whose leases have neither ended nor expired, have claimed drafts that aren't settled.
    func isClaimedElsewhere() async throws -> Bool

    /// Counts the drafts that aren't settled: they have no outcome, aren't to be updated, and no group was found for
    /// them.
    ///
    /// - Parameter most: how far it counts.
    func unsettledCount(atMost most: Int) async throws -> Int
}

extension SharedLedger {
    /// Gives the lease back of a process that has settled all that it sent.
    package func endLease() async throws { try await endLease(inDoubt: []) }
}

/// What a process that takes a lease does on the run.
package enum WorkerRole: String, Sendable {
    /// Reads the lists, opens the run to workers, judges, and writes the report.
    case importer
    /// Sends drafts.
    case worker
}

/// The right of a process to write to a run's ledger.
package struct Lease: Sendable, Equatable {
    /// How long a lease lasts from when it is taken or renewed, by the store's clock.
    package static let length = Duration.seconds(30)
    /// How often a process renews its lease.
    package static let renewalInterval = Duration.seconds(5)
    /// How long after the last renewal a process may send, by its own monotonic clock.
    package static let sendingMax = Duration.seconds(15)

    /// The lease's number: higher than that of every lease before it, of whatever run.
    package var epoch: Int64
    /// The store's clock when the lease was taken, in epoch milliseconds.
    package var databaseTime: Int64

    /// Makes a lease.
    package init(epoch: Int64, databaseTime: Int64) {
        self.epoch = epoch
        self.databaseTime = databaseTime
    }
}

/// What a process has counted since it took its lease.
package struct LeaseFigures: Sendable, Equatable {
    /// Requests sent, retries included.
    package var requests: Int
    /// Retries.
    package var retries: Int
    /// Responses of 429.
    package var throttled: Int

    /// Makes figures.
    package init(requests: Int = 0, retries: Int = 0, throttled: Int = 0) {
        self.requests = requests
        self.retries = retries
        self.throttled = throttled
    }
}

/// What a process learns when it renews its lease.
package struct LeaseRenewal: Sendable, Equatable {
    /// The store's clock, in epoch milliseconds.
    package var databaseTime: Int64
    /// Whether workers may claim drafts of the run.
    package var isOpen: Bool
    /// The phase that the run is in; nil for one that has none yet.
    package var phase: RunPhase?
    /// Leases of workers on the run that have neither ended nor expired, one's own among them.
    package var liveWorkers: Int
    /// Whether there is a lease of an importer on the run that has neither ended nor expired.
    package var hasLiveImporter: Bool
}

/// A run that is open to workers.
package struct OpenRun: Sendable, Equatable {
    /// The run's name in the ledger.
    package var name: String
    /// Its target as it was given, a space, and the till or key.
    package var scope: String
    /// Whether there are drafts that nobody has claimed.
    package var hasWork: Bool
}
