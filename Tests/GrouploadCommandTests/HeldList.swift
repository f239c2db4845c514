import Foundation
import TestSupport

/// A list that comes through a pipe and stops in its midst, for a command that is ended while it reads.
struct HeldList {
    private let scratch: Scratch

    init(_ scratch: Scratch) { self.scratch = scratch }

    /// Where the command's standard error goes.
    var errors: String { scratch.file("errors") }

    /// The condition of a shell that a run's ledger has so many rows in a table.
    static func has(_ count: Int, _ table: String, in run: String) -> String {
        "[ \"$(sqlite3 -readonly \(run)/ledger.sqlite 'SELECT count(*) FROM \(table)' 2>/dev/null)\" = \(count) ]"
    }

    /// Runs a command that reads a text and then waits for more, and ends it by `signal` once `condition` of the shell
    /// holds.
    ///
    /// - Parameter path: the named pipe that the command reads; nil for its standard input.
    /// - Returns: its exit status.
    func end(
        _ arguments: [String], _ text: String, at path: String? = nil, once condition: String, by signal: Int32
    ) async throws -> Int32 {
        let (feed, hold) = (try scratch.write(text, as: "feed"), scratch.file("hold-\(UUID().uuidString)"))
        let words = ([Command.groupload([]).path] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let flow =
            path.map { "mkfifo '\($0)'; cat \(feed) \(hold) >'\($0)' & \(words)" }
            ?? "\(words) < <(cat \(feed) \(hold))"
        let script = """
            mkfifo \(hold)
            \(flow) 2>\(errors) &
            load=$!
            until \(condition); do kill -0 $load || break; done
            kill -\(signal) $load; wait $load; status=$?
            : >\(hold); exit $status
            """
        var shell = Command("/bin/bash", ["-c", script])
        shell.environment = Command.sandboxCredentials
        return try await shell.run().status
    }
}
