import Foundation
import TestSupport
import Testing

/// Machines that share a database: each is a directory of a test's own, with a state directory.
protocol DatabaseScene: Sendable {
    var scratch: Scratch { get }
    /// The schema of a test.
    var schema: String { get }
}

extension DatabaseScene {
    /// The address of the test's ledger.
    func address(_ throughPgBouncer: Bool = false) async throws -> String {
        try await PostgreSQLServer.shared().address(schema: schema, throughPgBouncer: throughPgBouncer)
    }

    /// A command of a machine: a directory with a state directory of its own.
    func command(
        _ arguments: [String], on machine: String = "here", _ environment: [String: String] = [:]
    ) throws -> Command {
        var command = Command.groupload(arguments)
        command.directory = scratch.file(machine)
        command.environment["XDG_STATE_HOME"] = scratch.file(machine + "-state")
        command.environment.merge(environment) { $1 }
        try FileManager.default.createDirectory(atPath: scratch.file(machine), withIntermediateDirectories: true)
        return command
    }

    /// Runs a command that must exit with `status`, and gives what it printed.
    @discardableResult
    func run(
        _ arguments: [String], on machine: String = "here", status: Int32 = 0, _ environment: [String: String] = [:]
    ) async throws -> Command.Result {
        let result = try await command(arguments, on: machine, environment).run()
        #expect(result.status == status, "\(arguments): \(result.errorText)")
        return result
    }

    /// Runs SQL in the test's schema, and gives what it selects.
    @discardableResult
    func sql(_ text: String) async throws -> String {
        let server = try await PostgreSQLServer.shared()
        let place = ["-h", server.socketDirectory, "-p", "\(server.port)", "-U", PostgreSQLServer.role, "postgres"]
        let sql = "SET search_path TO \"\(schema)\"; \(text)"
        let result = try await Command("/usr/bin/psql", place + ["-qtA", "-v", "ON_ERROR_STOP=1", "-c", sql]).run()
        #expect(result.status == 0, "\(result.errorText)")
        return result.outputText.trimmingCharacters(in: .newlines)
    }

    /// Lets leases expire now, as half a minute does.
    func expire(_ condition: String = "true") async throws {
        try await sql("UPDATE lease SET expires_at = clock_timestamp() - interval '1 s' WHERE \(condition)")
    }
}
