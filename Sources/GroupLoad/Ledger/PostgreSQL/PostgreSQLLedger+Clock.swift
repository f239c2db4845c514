extension PostgreSQLLedger {
    /// Reads all buckets, and at most ``ClockSamples/examplesMax`` examples in the order in which they were sent.
    package func clockSamples() async throws -> ClockSamples {
        try await fetch { session in
            var (buckets, examples): ([ClockSamples.Bucket], [ClockSamples.Sample]) = ([], [])
            try session.rows(
                """
                SELECT start, count, highest_from, highest_to, lowest_from, lowest_to, responded_first, sent_last
                FROM clock WHERE run = \(run) ORDER BY start, lease
                """
            ) { row in
                let (high, low) = (row.integer(2), row.integer(4))
                buckets.append(
                    ClockSamples.Bucket(
                        start: row.integer(0), count: Int(row.integer(1)), highest: high...max(high, row.integer(3)),
                        lowest: low...max(low, row.integer(5)), respondedFirst: row.integer(6),
                        sentLast: row.integer(7)))
            }
            try session.rows(
                """
                SELECT record, id, created_on, sent, responded FROM clock_example WHERE run = \(run)
                ORDER BY sent, record LIMIT \(ClockSamples.examplesMax)
                """
            ) { row in
                examples.append(
                    ClockSamples.Sample(
                        recordNumber: row.integer(0), id: row.integer(1), createdOn: row.integer(2),
                        sent: row.integer(3), responded: row.integer(4)))
            }
            return ClockSamples(buckets, examples: examples)
        }
    }

    /// Replaces the lease's bucket by its start and the examples by their records, and merges the metadata: one
    /// transaction.
    package func keep(
        _ bucket: ClockSamples.Bucket?, _ examples: [ClockSamples.Sample], _ change: RunMetadata
    ) async throws {
        let lease = hold.lease?.epoch ?? 0
        try await self.change { session in
            if let bucket {
                try session.run(
                    """
                    INSERT INTO clock VALUES (\(run), \(lease), $1, $2, $3, $4, $5, $6, $7, $8)
                    ON CONFLICT (run, lease, start) DO UPDATE SET count = EXCLUDED.count,
                      highest_from = EXCLUDED.highest_from, highest_to = EXCLUDED.highest_to,
                      lowest_from = EXCLUDED.lowest_from, lowest_to = EXCLUDED.lowest_to,
                      responded_first = EXCLUDED.responded_first, sent_last = EXCLUDED.sent_last
                    """,
                    [
                        .integer(bucket.start), .integer(Int64(bucket.count)), .integer(bucket.highest.lowerBound),
                        .integer(bucket.highest.upperBound), .integer(bucket.lowest.lowerBound),
                        .integer(bucket.lowest.upperBound), .integer(bucket.respondedFirst), .integer(bucket.sentLast),
                    ])
            }
            for example in examples {
                try session.run(
                    """
                    INSERT INTO clock_example VALUES (\(run), $1, $2, $3, $4, $5)
                    ON CONFLICT (run, record) DO UPDATE SET id = EXCLUDED.id, created_on = EXCLUDED.created_on,
                      sent = EXCLUDED.sent, responded = EXCLUDED.responded
                    """,
                    [example.recordNumber, example.id, example.createdOn, example.sent, example.responded].map {
                        .integer($0)
                    })
            }
            try merge(change, session)
        }
    }
}
