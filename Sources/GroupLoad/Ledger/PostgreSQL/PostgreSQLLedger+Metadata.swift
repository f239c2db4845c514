import Foundation

extension PostgreSQLLedger {
    /// Reads the table `fact`, and adds up what the run's rows of `lease` have counted.
    ///
    /// - Throws: ``LedgerError`` also where a key is unknown or a value can't be read.
    package func metadata() async throws -> RunMetadata { try await fetch { try metadata($0) } }

    /// What the database keeps of a run as a whole. The caller waits.
    ///
    /// - Throws: ``RunError`` as ``init(opening:at:)``.
    static func metadata(of run: String, at address: PostgreSQLAddress) throws(RunError) -> RunMetadata {
        try reading(run, at: address) { try $0.metadata($1) }
    }

    func metadata(_ session: PostgreSQLSession) throws -> RunMetadata {
        var metadata = RunMetadata()
        try session.rows("SELECT key, value FROM fact WHERE run = \(run)") { row in
            guard let key = row.text(0), let value = row.text(1),
                try MetadataField.put(value, of: key, into: &metadata)
            else { throw LedgerError(reason: "it doesn't hold what a ledger says of its run") }
        }
        try session.rows(
            """
            SELECT sum(requests)::bigint, sum(retries)::bigint, sum(throttled)::bigint, max(alive_at) FROM lease
            WHERE run = \(run)
            """
        ) { row in
            func sum(_ column: Int32, _ kept: Int?) -> Int? {
                row.optional(column).map { Int($0) + (kept ?? 0) } ?? kept
            }
            metadata.requests = sum(0, metadata.requests)
            metadata.retries = sum(1, metadata.retries)
            metadata.throttled = sum(2, metadata.throttled)
            if let alive = row.optional(3) { metadata.aliveAt = max(alive, metadata.aliveAt ?? alive) }
        }
        return metadata
    }

    /// Replaces the rows of `fact` for what `change` holds, in one transaction.
    package func merge(_ change: RunMetadata) async throws { try await self.change { try merge(change, $0) } }

    /// Replaces the rows of `fact`; what a process counts stands in its lease's row, so that none has to wait for
    /// another.
    func merge(_ change: RunMetadata, _ session: PostgreSQLSession) throws {
        var change = change
        if let epoch = hold.lease?.epoch {
            let counts: [(String, Int64?)] = [
                ("requests", change.requests.map(Int64.init)), ("retries", change.retries.map(Int64.init)),
                ("throttled", change.throttled.map(Int64.init)), ("alive_at", change.aliveAt),
            ]
            (change.requests, change.retries, change.throttled, change.aliveAt) = (nil, nil, nil, nil)
            let texts = counts.compactMap { name, value in value.map { "\(name) = \($0)" } }
            if !texts.isEmpty {
                try session.execute("UPDATE lease SET \(texts.joined(separator: ", ")) WHERE epoch = \(epoch)")
            }
        }
        for (key, text) in try MetadataField.texts(of: change) {
            try session.run(
                """
                INSERT INTO fact VALUES (\(run), $1, $2) ON CONFLICT (run, key) DO UPDATE SET value = EXCLUDED.value
                """, [.text(key), .text(text)])
        }
    }

    /// Reads the table `source` in the order of its numbers, from 0.
    package func sources() async throws -> [SourceSummary] { try await fetch { try sources($0) } }

    func sources(_ session: PostgreSQLSession) throws -> [SourceSummary] {
        var sources: [SourceSummary] = []
        try session.rows(
            "SELECT path, format, bytes, sha256, columns FROM source WHERE run = \(run) ORDER BY source"
        ) { row in
            sources.append(
                SourceSummary(
                    path: row.text(0) ?? "", format: row.text(1) ?? "", bytes: row.integer(2),
                    sha256: row.text(3) ?? "",
                    columns: try row.text(4).map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) }))
        }
        return sources
    }

    /// Replaces all rows of `source` in one transaction.
    package func set(_ sources: [SourceSummary]) async throws {
        try await change { session in
            try session.execute("DELETE FROM source WHERE run = \(run)")
            for (number, source) in sources.enumerated() { try insert(source, number, session) }
        }
    }

    func insert(_ source: SourceSummary, _ number: Int, _ session: PostgreSQLSession) throws {
        var rows = CopyRows(columns: 7)
        rows.begin()
        rows.append(number: run)
        rows.append(number: Int32(number))
        rows.append(source.path)
        rows.append(source.format)
        rows.append(Int64(source.bytes))
        rows.append(source.sha256)
        rows.append(try source.columns.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) })
        try session.copy(into: "source (run, source, path, format, bytes, sha256, columns)", rows)
    }
}
