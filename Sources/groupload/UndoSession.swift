import Foundation
import GroupLoad
import RewardsClient

/// An undo about to be carried out, begun or resumed, with the settings of the import that all began with.
struct UndoSession {
    var configuration: RunConfiguration
    var client: ClientConfiguration
    /// Another pace than the configuration's.
    var rate: Rate?
    /// Its own run directory; nil for a new one by its id.
    var runDirectory: String?
    /// Whether an undo in its directory that sent nothing makes way, where it can't be gone on with.
    var replacesUnsent = false
    /// Whether progress, notes and the summary are shown.
    var isShown = true
    var printsJSON = false

    /// Carries it out.
    ///
    /// - Throws: the exit status, as `ExitCode`; what the run throws.
    func run() async throws {
        var undoing = ImportConfiguration(configuration, client: client)
        undoing.concurrency = client.connectionsMax
        undoing.runDirectory = runDirectory
        undoing.replacesUnsent = replacesUnsent
        if let rate { undoing.rate = rate.limit }
        JSONOutput.name(target: configuration.target.url)
        if let runDirectory { JSONOutput.name(runDirectory: runDirectory) }
        try await RunSession(client, isShown: isShown).run(printsJSON: printsJSON) {
            [undoing, client] session in
            try await UndoRun(
                undoing, client: session.client(client), stop: session.stop, progress: session.progress,
                logger: session.logger, environment: session.environment, note: session.note
            )
            .run()
        }
    }
}
