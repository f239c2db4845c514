import Foundation
import GroupLoad

/// An undo about to be carried out: the import that all began with, whose options it has, and the plan that says what
/// it takes back.
struct UndoSession {
    var command: ImportCommand
    var plan: RunConfiguration

    /// Carries it out.
    ///
    /// - Parameters:
    ///   - runDirectory: its own run directory; nil for a new one by its id.
    ///   - directory: where paths of what it writes are relative to; nil for where it is.
    /// - Throws: the exit status, as `ExitCode`; what the run throws.
    func run(in runDirectory: String?, from directory: String? = nil) async throws {
        var command = command
        command.concurrency = OpenFiles.connections(command.concurrency, note: Console.noteLine)
        let client = try await command.target.clientConfiguration(connectionsMax: command.concurrency)
        let transport = try command.target.transport(client)
        if let directory, !FileManager.default.changeCurrentDirectoryPath(directory) {
            throw RunError(.noInput, "can't enter \(directory) again")
        }
        var configuration = try command.importConfiguration(plan, client: client)
        configuration.runDirectory = runDirectory
        try await RunSession(transport: transport, isShown: !command.quiet).run(printsJSON: command.json) {
            [configuration] session in
            try await UndoRun(
                configuration, client: session.client(client), stop: session.stop, progress: session.progress,
                logger: session.logger, note: session.note
            )
            .run()
        }
    }
}
