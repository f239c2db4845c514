import Foundation
import Glibc

/// What somebody else does to an SQLite file, by the program `sqlite3`.
package enum OtherDatabaseUser {
    /// Runs statements, and gives what they select.
    @discardableResult package static func run(_ statements: String, on path: String) async throws -> String {
        var command = Command("/usr/bin/env", ["sqlite3", "-batch", "-bail", path])
        command.input = Data((statements + ";\n").utf8)
        let result = try await command.run()
        guard result.status == 0 else { throw Failure(message: result.errorText) }
        return result.outputText
    }

    /// Begins a transaction, and ends it when `body` has ended.
    package static func holding(
        _ statements: String, on path: String, while body: @Sendable () async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        let (begun, end) = (scratch.file("begun"), try scratch.pipe("end"))
        var command = Command("/usr/bin/env", ["sqlite3", "-batch", "-bail", path])
        command.input = Data(
            ".timeout 30000\n\(statements);\n.shell : > '\(begun)'; cat '\(end)'\nROLLBACK;\n".utf8)
        let result = try await command.run { process in
            try await Command.wait(for: process) { FileManager.default.fileExists(atPath: begun) }
            let ended: Swift.Result<Void, any Error>
            do { ended = .success(try await body()) } catch { ended = .failure(error) }
            try await blocking { try FileHandle(forWritingTo: URL(fileURLWithPath: end)).close() }
            try ended.get()
        }
        guard result.status == 0 else { throw Failure(message: result.errorText) }
    }

    /// Runs statements as a process that is killed behind them.
    package static func killed(after statements: String, on path: String) async throws {
        var command = Command("/usr/bin/env", ["sqlite3", "-batch", "-bail", path])
        command.input = Data((statements + ";\n.shell kill -KILL $PPID\n").utf8)
        let result = try await command.run()
        guard result.status == 128 + SIGKILL else { throw Failure(message: result.errorText) }
    }

    private struct Failure: Error { var message: String }
}
