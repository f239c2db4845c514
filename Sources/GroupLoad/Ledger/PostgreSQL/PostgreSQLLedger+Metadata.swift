import Foundation

extension PostgreSQLLedger {
    /// Reads the table `fact`.
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
        return metadata
    }

    /// Replaces the rows of `fact` for what `change` holds, in one transaction.
    package func merge(_ change: RunMetadata) async throws { try await self.change { try merge(change, $0) } }

    func merge(_ change: RunMetadata, _ session: PostgreSQLSession) throws {
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
