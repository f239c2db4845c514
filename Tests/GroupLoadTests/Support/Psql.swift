import Foundation
import GroupLoad
import TestSupport
import Testing

/// Runs `psql` on the tests' server, past every ledger.
struct Psql: Sendable {
    private let schema: String

    /// In the schema of a ledger's address.
    init(_ address: PostgreSQLAddress) { schema = address.schema }

    /// What it prints: a line for each row, with `|` between columns.
    @discardableResult func run(_ sql: String) async throws -> String {
        let address = try await PostgreSQLServer.shared().address(schema: schema).replacing(
            "&schema=\(schema)", with: "")
        var command = Command("/usr/bin/psql", [address, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql])
        command.environment["PGOPTIONS"] = "-c search_path=\(schema)"
        let result = try await command.run()
        try #require(result.status == 0, "\(result.errorText)")
        return result.outputText.trimmingCharacters(in: ["\n"])
    }
}
