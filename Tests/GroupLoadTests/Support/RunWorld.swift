import Foundation
import GroupLoad
import Logging
import RewardsClient
import TestSupport

/// A directory of its own with lists and runs, and a model server that they go to, all in one process. The clock is the
/// machine's, and nothing waits.
struct RunWorld: Sendable {
    let scratch: Scratch
    let environment: RunEnvironment
    let server: ModelServer
    let notes = Notes()

    /// - Parameters:
    ///   - groups: what the server has; the ids are theirs.
    ///   - fault: what a request meets, by what it asks for, and how many of its kind came before it, itself included.
    init(groups: [ModelServer.Group] = [], fault: @escaping LedgerRun.Fault = { _, _ in nil }) throws {
        scratch = try Scratch()
        let system = RunEnvironment.system
        environment = RunEnvironment(
            now: { system.now }, epochMilliseconds: { system.epochMilliseconds }, random: system.random,
            sleep: { await system.wait(for: system.now.duration(to: $0)) },
            variables: ["XDG_STATE_HOME": scratch.file("state")])
        let counts = Recorder<ModelServer.Operation>()
        server = ModelServer(environment, groups: groups, latency: .zero) { operation, _ in
            counts.add(operation)
            return fault(operation, counts.all.count { $0 == operation })
        }
    }

    /// The settings of an import of lists that stand in the directory.
    func configuration(
        of lists: [String], run: String = "run", _ change: (inout RunConfiguration) -> Void = { _ in }
    ) throws -> ImportConfiguration {
        var kept = RunConfiguration()
        kept.inputs = lists.map { RunConfiguration.Input(given: $0, path: scratch.file($0)) }
        kept.target.url = "https://example.test"
        kept.concurrency = 4
        change(&kept)
        var configuration = ImportConfiguration(
            kept,
            client: try ClientConfiguration(
                target: kept.target.url, credentials: .basic(till: "till", password: Secret("pass"))))
        configuration.runDirectory = scratch.file(run)
        return configuration
    }

    private func client(_ configuration: ImportConfiguration) -> RewardsClient {
        RewardsClient(configuration: configuration.client, transport: server, environment: environment.client)
    }

    /// Carries an import out, and gives what its summary says.
    func load(_ configuration: ImportConfiguration, stop: StopSwitch = StopSwitch()) async throws -> Summary {
        let client = client(configuration)
        let run = ImportRun(
            configuration, client: client,
            makeSender: { CreateSender(client: client, inFlightMax: configuration.concurrency, queue: $0) },
            stop: stop, progress: RunProgress(), logger: Self.silent, note: { notes.add($0) },
            environment: environment, approval: { _ in })
        return try await run.run().0
    }

    /// Takes a run back, as a run of its own.
    ///
    /// - Parameters:
    ///   - origin: the settings of the run that is taken back.
    ///   - run: the directory of the new one.
    func undo(
        _ origin: ImportConfiguration, run: String, isRedo: Bool = false, includesPresent: Bool = false,
        stop: StopSwitch = StopSwitch()
    ) async throws -> (Summary, ImportConfiguration) {
        let location = try RunLocation(directory: origin.runDirectory ?? "")
        var kept = origin.kept
        kept.undo = RunConfiguration.Undo(
            run: try await UndoPreview(location).run, path: location.path, isRedo: isRedo,
            includesPresent: includesPresent)
        kept.inputs = [RunConfiguration.Input(given: location.path, path: location.path)]
        var configuration = ImportConfiguration(kept, client: origin.client)
        configuration.runDirectory = scratch.file(run)
        let undo = UndoRun(
            configuration, client: client(configuration), stop: stop, progress: RunProgress(), logger: Self.silent,
            environment: environment, note: { notes.add($0) })
        return (try await undo.run().0, configuration)
    }

    /// Plans an import, and gives the counts.
    func plan(_ configuration: ImportConfiguration, to path: String?) async throws -> (PlanSummary, PlanPreview) {
        let (stop, progress) = (StopSwitch(), RunProgress())
        let reader = PageReader(
            client: client(configuration), rate: nil, environment: environment, stop: stop, progress: progress)
        let result = try await Planner(
            configuration, reader: reader, stop: stop, progress: progress, to: path, environment: environment,
            note: { notes.add($0) }
        )
        .run()
        return (result.summary, result.preview)
    }

    /// The kinds of what differs in a run, without requests and with them.
    func differences(
        _ configuration: ImportConfiguration, againstTarget: Bool = false, stop: StopSwitch = StopSwitch()
    ) async throws -> [String] {
        let location = try RunLocation(directory: configuration.runDirectory ?? "")
        let verification = try Verification(location, configuration, environment: environment)
        var kinds: [String] = []
        do {
            kinds = try await verification.offline(stop: stop, note: { notes.add($0) }).counts.map(\.kind)
            if againstTarget {
                kinds += try await verification.againstTarget(client(configuration), stop: stop) { _ in }.counts.map(
                    \.kind)
            }
        } catch {
            try verification.close()
            throw error
        }
        try verification.close()
        return kinds
    }

    /// The text of a file of the directory.
    func text(_ name: String) throws -> String { try String(contentsOfFile: scratch.file(name), encoding: .utf8) }

    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// The code of the error that `body` throws; nil where it throws none of a run's.
func runErrorCode(_ body: () async throws -> Void) async throws -> RunError.Code? {
    do {
        try await body()
        return nil
    } catch let error as RunError {
        return error.code
    }
}
