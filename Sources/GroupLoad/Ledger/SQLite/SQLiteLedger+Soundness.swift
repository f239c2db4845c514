import GRDB

extension SQLiteLedger {
    /// The tables whose rows ``SQLiteSnapshot`` checks while it lends them; all others are small.
    private static let lent = ["record", "outcome"]

    /// It reads the whole file: half a second for a million records. Without rows, it reads the pages of the other
    /// tables.
    package func checkSoundness(sparingRows: Bool) async throws {
        do {
            try await fetch { database in
                let others = Self.tables.subtracting(Self.lent).map { "PRAGMA quick_check('\($0)')" }
                for check in sparingRows ? others : ["PRAGMA quick_check(1)"] {
                    guard try String.fetchOne(database, sql: check) == "ok" else {
                        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "it is damaged")
                    }
                }
            }
            // The two large tables side by side.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (table, condition) in Self.unsound where !sparingRows || !Self.lent.contains(table) {
                    group.addTask { try await fetch { try Self.check(table, holdsNone: condition, $0) } }
                }
                try await group.waitForAll()
            }
        } catch {
            throw LedgerError.unreadable(database.path, error)
        }
    }

    private static func check(_ table: String, holdsNone condition: String, _ database: Database) throws {
        var rows = try LedgerCursor(database, "SELECT 1 FROM \(table) WHERE \(condition) LIMIT 1")
        if try rows.next() {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "its table \(table) holds what a ledger doesn't")
        }
    }

    /// By table, what no row is. In the two large tables each comparison counts: those of names of types cost twice as
    /// much.
    private static var unsound: [(String, String)] {
        let outcomes = Outcome.allCases.map { "'\($0.rawValue)'" }
        let isOutcome = outcomes.map { "WHEN \($0) THEN 0" }.joined(separator: " ")
        // Text, bytes and fractions are not what this gives of them; null is.
        func fraction(_ column: String) -> String { "\(column) | 0 IS NOT \(column)" }
        func whole(_ column: String, _ range: String = "0 AND \(1 << 52)") -> String {
            "\(fraction(column)) OR \(column) NOT BETWEEN \(range)"
        }
        return [
            ("run", "typeof(key) != 'text' OR typeof(value) != 'text'"),
            (
                "source",
                """
                typeof(path) != 'text' OR typeof(format) != 'text' OR typeof(sha256) != 'text' OR \
                typeof(columns) NOT IN ('text', 'null') OR \(whole("bytes"))
                """
            ),
            (
                "record",
                """
                record < 1 OR source IS NULL OR \(whole("source", "0 AND 1000000")) \
                OR line IS NULL OR \(fraction("line")) OR draft NOT IN (0, 1) OR draft_active NOT IN (0, 1)
                OR typeof(draft_name) NOT IN ('text', 'null') OR \(fraction("draft_rank"))
                OR draft_rank NOT BETWEEN -2147483648 AND 2147483647 AND record NOT IN (SELECT record FROM group_update)
                OR draft = 1 AND name IS NULL AND draft_name IS NULL
                """
            ),
            (
                "claim",
                """
                typeof(first) != 'integer' OR typeof(last) != 'integer' OR first < 1 OR last < first OR \
                claimed_at IS NULL OR \(whole("claimed_at"))
                """
            ),
            ("doubt", "sent_at IS NULL OR \(whole("sent_at"))"),
            (
                "group_update",
                """
                typeof(id) != 'integer' OR typeof(name) != 'text' OR from_active NOT IN (0, 1) \
                OR to_active NOT IN (0, 1)
                OR typeof(from_rank) NOT IN ('integer', 'null') OR typeof(to_rank) NOT IN ('integer', 'null') \
                OR \(whole("sent_at"))
                OR made NOT IN (\(outcomes.joined(separator: ", ")))
                """
            ),
            (
                "outcome",
                """
                CASE outcome \(isOutcome) ELSE 1 END OR \(fraction("id")) OR \(whole("http")) OR \(fraction("code"))
                OR typeof(message) NOT IN ('text', 'null')
                OR \(whole("attempts")) OR \(whole("ms")) OR \(whole("duplicate_of")) OR \(whole("ended_at"))
                """
            ),
        ]
    }
}
