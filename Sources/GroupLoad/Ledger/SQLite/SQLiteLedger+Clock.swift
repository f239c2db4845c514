import GRDB

extension SQLiteLedger {
    /// Reads all buckets, and at most ``ClockSamples/examplesMax`` examples in the order in which they were sent.
    package func clockSamples() async throws -> ClockSamples {
        try await fetch { database in
            var (buckets, examples): ([ClockSamples.Bucket], [ClockSamples.Sample]) = ([], [])
            var rows = try LedgerCursor(database, "SELECT * FROM clock ORDER BY start")
            while try rows.next() {
                let (high, low) = (rows.integer(2), rows.integer(4))
                buckets.append(
                    ClockSamples.Bucket(
                        start: rows.integer(0), count: Int(rows.integer(1)), highest: high...max(high, rows.integer(3)),
                        lowest: low...max(low, rows.integer(5)), respondedFirst: rows.integer(6),
                        sentLast: rows.integer(7)))
            }
            var samples = try LedgerCursor(
                database, "SELECT * FROM clock_example ORDER BY sent, record LIMIT \(ClockSamples.examplesMax)")
            while try samples.next() {
                examples.append(
                    ClockSamples.Sample(
                        recordNumber: samples.integer(0), id: samples.integer(1), createdOn: samples.integer(2),
                        sent: samples.integer(3),
                        responded: samples.integer(4)))
            }
            return ClockSamples(buckets, examples: examples)
        }
    }

    /// Replaces the bucket by its start and the examples by their records, and merges the metadata: one transaction.
    package func keep(
        _ bucket: ClockSamples.Bucket?, _ examples: [ClockSamples.Sample], _ change: RunMetadata
    ) async throws {
        try await self.change { database in
            if let bucket {
                try Self.insert(
                    [
                        bucket.start, Int64(bucket.count), bucket.highest.lowerBound, bucket.highest.upperBound,
                        bucket.lowest.lowerBound, bucket.lowest.upperBound, bucket.respondedFirst, bucket.sentLast,
                    ], by: "INSERT OR REPLACE INTO clock VALUES (?, ?, ?, ?, ?, ?, ?, ?)", database)
            }
            for example in examples {
                try Self.insert(
                    [example.recordNumber, example.id, example.createdOn, example.sent, example.responded],
                    by: "INSERT OR REPLACE INTO clock_example VALUES (?, ?, ?, ?, ?)", database)
            }
            try Self.merge(change, database)
        }
    }

    private static func insert(_ values: [Int64], by sql: String, _ database: Database) throws {
        let insert = try LedgerStatement(database, sql)
        for (index, value) in values.enumerated() { insert.bind(Int32(index + 1), value) }
        try insert.run()
    }
}
