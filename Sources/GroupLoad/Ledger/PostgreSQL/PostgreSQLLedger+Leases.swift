import Foundation

/// Leases are rows of the table `lease`. They are taken and ended with the run's row locked, so that at one time one
/// process alone takes over what another had.
extension PostgreSQLLedger: SharedLedger {
    /// The database's clock in epoch milliseconds, as SQL.
    static let clock = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    private static let expiry = "clock_timestamp() + make_interval(secs => \(Lease.length.milliseconds / 1000))"
    /// A lease, `l`, that has neither ended nor expired.
    static let isLive = "l.ended_at IS NULL AND l.expires_at >= clock_timestamp()"

    /// A change to leases and claims: it is begun with the run's row locked.
    func leaseChange(opening: String = "") -> PostgreSQLPlan {
        PostgreSQLPlan(
            purpose: .durableChange, opening: "SELECT FROM run WHERE run = \(run) FOR UPDATE; \(opening)",
            isIdempotent: true)
    }

    /// Inserts a row into `lease`; an importer's also into `scope_lock`, or takes over a row there whose lease has
    /// ended or expired.
    package func takeLease(
        _ role: WorkerRole, name: String, scope: String, requestMax: Duration
    ) async throws -> Lease {
        // Tells whether it was inserted where the connection is lost meanwhile.
        let nonce = UUID().uuidString
        let lease = try await writer.take(leaseChange()) { session in
            if let lease = try taken(nonce, session) { return lease }
            try endExpired(by: nil, session)
            if role == .importer {
                try requireNoImporter(session)
                try requireFree(scope, session)
            }
            try session.run(
                """
                INSERT INTO lease (run, role, name, nonce, request_max, taken_at, expires_at)
                VALUES (\(run), '\(role.rawValue)', $1, $2, $3, clock_timestamp(), \(Self.expiry))
                """, [.text(name), .text(nonce), .integer(requestMax.milliseconds)])
            guard let lease = try taken(nonce, session) else { throw LedgerError(reason: "it keeps no lease") }
            if role == .importer {
                try session.run(
                    "UPDATE scope_lock SET epoch = \(lease.epoch) WHERE scope = $1", [.text(scope)])
            }
            return lease
        }
        hold.set(PostgreSQLHold.Lease(epoch: lease.epoch, role: role))
        return lease
    }

    private func taken(_ nonce: String, _ session: PostgreSQLSession) throws -> Lease? {
        var lease: Lease?
        try session.rows("SELECT epoch, \(Self.clock) FROM lease WHERE nonce = $1", [.text(nonce)]) { row in
            lease = Lease(epoch: row.integer(0), databaseTime: row.integer(1))
        }
        return lease
    }

    /// Updates the lease's row in one statement, on a connection of its own: neither waits for a long transaction.
    package func renewLease(_ figures: LeaseFigures) async throws -> LeaseRenewal {
        guard let epoch = hold.lease?.epoch else { throw PostgreSQLFence.lost }
        let schema = address.quotedSchema
        let leases = "FROM \(schema).lease AS l WHERE l.run = \(run) AND ended_at IS NULL"
        let live = "\(leases) AND (l.expires_at >= clock_timestamp() OR epoch = \(epoch))"
        let renewed = try await beats.statement { session in
            var renewed: (renewal: LeaseRenewal, hasExpired: Bool)?
            try session.rows(
                """
                UPDATE \(schema).lease SET expires_at = \(Self.expiry),
                  requests = greatest(requests, $1), retries = greatest(retries, $2),
                  throttled = greatest(throttled, $3)
                WHERE epoch = \(epoch) AND ended_at IS NULL
                RETURNING \(Self.clock), (SELECT is_open FROM \(schema).run WHERE run = \(run)),
                  (SELECT value FROM \(schema).fact WHERE run = \(run) AND key = 'state'),
                  (SELECT count(*) \(live) AND role = 'worker'), (SELECT count(*) \(live) AND role = 'importer'),
                  EXISTS (SELECT \(leases) AND epoch != \(epoch) AND expires_at < clock_timestamp())
                """, [figures.requests, figures.retries, figures.throttled].map { .integer(Int64($0)) }
            ) { row in
                let renewal = LeaseRenewal(
                    databaseTime: row.integer(0), isOpen: row.isTrue(1),
                    phase: row.text(2).flatMap { RunPhase(rawValue: $0) }, liveWorkers: Int(row.integer(3)),
                    hasLiveImporter: row.integer(4) > 0)
                renewed = (renewal, row.isTrue(5))
            }
            return renewed
        }
        guard let renewed else { throw PostgreSQLFence.lost }
        if renewed.hasExpired {
            do {
                try await beats.freeTransaction(leaseChange()) { try endExpired(by: epoch, $0) }
            } catch is LedgerError {
                // This lease is renewed all the same, and the next renewal tries again.
            }
        }
        return renewed.renewal
    }

    /// Frees the lease's claims and its scope. Nothing is done where somebody else has ended it.
    package func endLease(inDoubt drafts: [Draft]) async throws {
        guard let epoch = hold.lease?.epoch else { return }
        try await writer.end(leaseChange()) { session in
            let open = "SELECT epoch FROM lease WHERE epoch = \(epoch) AND ended_at IS NULL FOR UPDATE"
            guard try session.number(open) == epoch else { return }
            try insert(inDoubt: drafts, session)
            try release([epoch], of: run, session)
            try session.execute(
                """
                UPDATE lease SET ended_at = clock_timestamp(), ended_by = \(epoch) WHERE epoch = \(epoch);
                DELETE FROM scope_lock WHERE epoch = \(epoch)
                """)
        }
    }

    /// Updates the run's row.
    package func setOpen(_ isOpen: Bool) async throws {
        try await change { try $0.run("UPDATE run SET is_open = \(isOpen) WHERE run = \(run)") }
    }
}
