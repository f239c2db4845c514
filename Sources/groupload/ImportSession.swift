import Foundation
import GroupLoad
import RecordFormats
import RewardsClient

/// An import about to be carried out, begun or resumed.
struct ImportSession {
    var configuration: RunConfiguration
    var client: ClientConfiguration
    /// The file that the credentials come from; nil for the environment.
    var credentials: String?
    /// Another pace than the configuration's.
    var rate: Rate?
    var runDirectory: String?
    /// Runs of the target that are kept once this one has ended; nil for all.
    var keepRuns: Int?
    /// Whether groups are set inactive without asking.
    var isApproved = false
    var acceptsChangedInput = false
    /// Whether the copy that the run has of its lists is enough to go on.
    var acceptsCopies = false
    /// Whether a run in its directory that sent nothing makes way, where it can't be gone on with.
    var replacesUnsent = false
    /// Another limit than the configuration's.
    var errorLimit: ErrorLimit?
    /// Whether progress, notes and the summary are shown.
    var isShown = true
    var printsJSON = false

    /// Carries it out.
    ///
    /// - Throws: the exit status, as `ExitCode`; what the run throws.
    func run() async throws {
        var importing = ImportConfiguration(configuration, client: client)
        importing.concurrency = client.connectionsMax
        importing.runDirectory = runDirectory
        importing.acceptsChangedInput = acceptsChangedInput
        importing.acceptsCopies = acceptsCopies
        importing.replacesUnsent = replacesUnsent
        if let errorLimit { importing.errorLimit = errorLimit }
        if let rate { importing.rate = rate.limit }
        JSONOutput.name(target: configuration.target.url)
        if let runDirectory { JSONOutput.name(runDirectory: runDirectory) }
        try await RunSession(client, isShown: isShown).run(
            printsJSON: printsJSON, names: configuration.reading.decoding.mapping.givenNames,
            correction: { CorrectionCommand(configuration, credentials: credentials).text(after: $0, in: $1) }
        ) {
            [importing, client, keepRuns, isApproved, isShown] session in
            let client = session.client(client)
            let ended = try await ImportRun(
                importing, client: client,
                makeSender: { CreateSender(client: client, transport: session.transport, queue: $0) },
                stop: session.stop,
                progress: session.progress, logger: session.logger, note: session.note,
                environment: session.environment,
                approval: { try Approval.ask($0, isGiven: isApproved, isShown: isShown) }
            )
            .run()
            if let keepRuns {
                for directory in await RunPruning.prune(
                    beside: ended.1.path, ledger: ended.1.ledger, keeping: keepRuns, note: session.note)
                {
                    session.note("removed the old run \(directory)")
                }
            }
            return ended
        }
    }
}
