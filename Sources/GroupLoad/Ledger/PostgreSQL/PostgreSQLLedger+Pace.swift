/// The pace of a key is a row of `pace`, changed by single statements: no process that is stopped holds it up.
extension PostgreSQLLedger {
    /// How far ahead of the database's clock turns can be taken by others, in milliseconds, and beside that so many
    /// turns, one for each process; what is further ahead is of a clock that was set back since.
    private static let aheadMax = 60_000, turnsAheadMax: Int64 = 100

    private static let clockMilliseconds = "(extract(epoch FROM clock_timestamp()) * 1000)::float8"

    /// Moves `next_at` on by so many intervals, from now at the earliest, or from as much earlier as may be made up
    /// for.
    package func reserve(
        key: String, turns: Int, interval: Duration, catchUp: Duration
    ) async throws -> (firstIn: Duration, pausedFor: Duration) {
        let now = Self.clockMilliseconds
        // Microseconds; SQL makes milliseconds of them.
        let (span, slack) = (interval.microseconds * Int64(max(0, turns)), catchUp.microseconds)
        let aheadMax = Int64(Self.aheadMax) + interval.milliseconds * Self.turnsAheadMax
        return try await beats.statement { session in
            var reserved = (firstIn: Duration.zero, pausedFor: Duration.zero)
            try session.rows(
                """
                INSERT INTO \(address.quotedSchema).pace AS p (key, next_at) VALUES ($1, \(now) + $2::float8 / 1000)
                ON CONFLICT (key) DO UPDATE SET next_at = $2::float8 / 1000 + greatest(
                  CASE WHEN p.next_at < \(now) + \(aheadMax) THEN p.next_at ELSE 0 END,
                  \(now) - $3::float8 / 1000, p.paused_until)
                RETURNING ((next_at - $2::float8 / 1000 - \(now)) * 1000)::bigint,
                  ((paused_until - \(now)) * 1000)::bigint
                """, [.text(key), .integer(span), .integer(slack)]
            ) { row in
                reserved = (.microseconds(row.integer(0)), .microseconds(max(0, row.integer(1))))
            }
            return reserved
        }
    }

    /// Moves `paused_until` on, and the message with it.
    package func pause(key: String, for duration: Duration, message: String) async throws {
        let until = "\(Self.clockMilliseconds) + $2::float8 / 1000"
        try await beats.statement { session in
            try session.run(
                """
                INSERT INTO \(address.quotedSchema).pace AS p (key, paused_until, pause_message)
                VALUES ($1, \(until), $3)
                ON CONFLICT (key) DO UPDATE
                SET paused_until = EXCLUDED.paused_until, pause_message = EXCLUDED.pause_message
                WHERE p.paused_until < EXCLUDED.paused_until
                """, [.text(key), .integer(duration.microseconds), .text(message)])
        }
    }

    /// Sets `probe_epoch`, where no other lease's probe is under way.
    package func takeProbe(key: String, for duration: Duration) async throws -> Bool {
        let (now, epoch) = (Self.clockMilliseconds, hold.lease?.epoch ?? 0)
        return try await beats.statement { session in
            try session.number(
                """
                INSERT INTO \(address.quotedSchema).pace AS p (key, probe_epoch, probe_until)
                VALUES ($1, \(epoch), \(now) + $2::float8 / 1000)
                ON CONFLICT (key) DO UPDATE
                SET probe_epoch = EXCLUDED.probe_epoch, probe_until = EXCLUDED.probe_until
                WHERE p.probe_until < \(now) OR p.probe_epoch = \(epoch) RETURNING 1::bigint
                """, [.text(key), .integer(duration.microseconds)]) == 1
        }
    }
}

extension Duration {
    /// Whole microseconds.
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
