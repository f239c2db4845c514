import Foundation
import TestSupport
import Testing

/// A run directory as tools that others wrote read it.
struct Report {
    /// The rows of `results.csv`, as Python's `csv` reads them.
    var results: [[String: String]]
    var summary: [String: Any]

    init(_ directory: String) async throws {
        results = try await Self.rows(directory + "/results.csv")
        let data = try Data(contentsOf: URL(fileURLWithPath: directory + "/summary.json"))
        summary = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The rows of a CSV file, as Python's `csv` reads them.
    static func rows(_ path: String) async throws -> [[String: String]] {
        let program = """
            import csv, json, sys
            with open(sys.argv[1], encoding='utf-8', errors='surrogateescape', newline='') as f:
                rows = [{k: v for k, v in r.items() if isinstance(k, str) and isinstance(v, str)} for r in \
            csv.DictReader(f)]
            print(json.dumps(rows))
            """
        let response = try await Command.python(program, [path]).run()
        return try #require(try JSONSerialization.jsonObject(with: response.output) as? [[String: String]])
    }

    /// The count of each outcome that occurs, by `results.csv`.
    var outcomes: [String: Int] {
        results.reduce(into: [:]) { $0[$1["_outcome"] ?? "", default: 0] += 1 }
    }

    /// The count of each outcome that occurs, by `summary.json`.
    var summaryOutcomes: [String: Int] {
        (summary["outcomes"] as? [String: Int] ?? [:]).filter { $0.value > 0 }
    }

    /// Checks that the two agree, that each record stands once and in order, and that read is the sum.
    func expectAccounts(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(outcomes == summaryOutcomes, sourceLocation: sourceLocation)
        #expect(summary["read"] as? Int == results.count, sourceLocation: sourceLocation)
        #expect(
            results.compactMap { $0["_record"].flatMap { Int($0) } }
                == Array(1...max(results.count, 1)).prefix(results.count).map { $0 }, sourceLocation: sourceLocation)
    }

    /// The records whose groups the run has made. Of those that were under way when it was killed, it may be that
    /// nobody can tell whose groups they are: an eighth of all, at most.
    var made: Int {
        let present = outcomes["present", default: 0]
        #expect(present * 8 <= results.count, "\(present) are present")
        return outcomes["created", default: 0] + outcomes["confirmed", default: 0] + present
    }

    /// Checks that the sandbox's database, read with `sqlite3` through its own list, holds just what is called created.
    func expectCreated(in sandbox: SandboxProcess, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let stored = try await sandbox.stored().map { group in
            [
                String(describing: group["id"] ?? ""), group["name"] as? String ?? "",
                (group["rank"] as? Int).map(String.init) ?? "",
            ]
        }
        let called = results.filter { ["created", "confirmed", "present"].contains($0["_outcome"]) }.map { row in
            [
                row["_id"] ?? "", row["name"]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "",
                rank(row["rank"] ?? ""),
            ]
        }
        #expect(Set(stored) == Set(called), sourceLocation: sourceLocation)
        #expect(stored.count == called.count, sourceLocation: sourceLocation)
    }

    private func rank(_ text: String) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return (Int(trimmed) ?? Double(trimmed).flatMap(Int.init(exactly:))).map(String.init) ?? trimmed
    }
}
