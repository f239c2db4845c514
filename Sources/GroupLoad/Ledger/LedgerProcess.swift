/// A process that works on a run whose ledger several share, as the ledger knows it.
package struct LedgerProcess: Sendable, Codable, Equatable {
    /// `importer` or `worker`.
    package var role: String
    /// Its machine and its number there, as `host:pid`.
    package var name: String
    /// Requests that it has sent since it joined, as of when it was seen.
    package var requests: Int
    /// When it was seen last, in epoch milliseconds by the database's clock.
    package var seen: Int64
    /// Whether its lease lasts: else it has died, or was cut off.
    package var is_live: Bool
}

/// What a ledger that several processes share knows of those that work on a run now.
package struct LedgerActivity: Sendable, Equatable {
    /// Those whose leases haven't ended, in the order in which they joined.
    package var processes: [LedgerProcess] = []
    /// Requests that those have sent whose leases have ended.
    package var requestsBefore = 0
    /// Until when the target had all wait, in epoch milliseconds; nil where that is over.
    package var pausedUntil: Int64?
    /// What it said then.
    package var pauseMessage: String?
}
