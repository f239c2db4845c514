import ArgumentParser
import Foundation
import GroupLoad
import RewardsClient

/// `groupload verify RUN`: proves a run.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a run: compute its report again from its lists and its ledger, and compare.",
        discussion: """
            Examples:
              groupload verify --last
              groupload verify groupload-runs/monday --against-target

            The command checks that every record has exactly one outcome, that the lists still give the same records, \
            that the report's files are unchanged and say what the ledger says, and that no group is claimed twice, \
            neither by this run nor by another run on the same target. It prints every difference on standard output. \
            Exit status 1 if there is one.
            """)

    @OptionGroup(title: HelpSection.run) var run: PlacedRunOptions
    @OptionGroup(title: HelpSection.target) var proof: VerifyTarget

    func run() async throws {
        let access = try proof.access.access
        let saved = try await SavedRun(try run.location(), access)
        let client =
            proof.againstTarget
            ? try access.clientConfiguration(saved.configuration.target, connectionsMax: 1)
            : try ClientConfiguration(
                target: "http://localhost", credentials: .basic(till: "none", password: Secret("none")))
        let configuration = ImportConfiguration(saved.configuration, client: client)
        let verification = try Verification(saved.location, configuration)
        let stop = StopSwitch()
        let count = try await SignalWatch.run(stop) { [againstTarget = proof.againstTarget, file = proof.metricsFile] in
            let differences = try await verification.offline(stop: stop, note: { Console.noteLine($0) })
            try Self.tell(differences)
            var found = differences.count
            if let file {
                let metrics = try await verification.differences(in: MetricsFile(file))
                try Self.tell(metrics)
                found += metrics.count
            }
            return againstTarget ? try await found + Self.compare(verification, client, stop) : found
        }
        try verification.close()
        Console.note(count == 0 ? "Verified: nothing differs.\n" : "\(Shown.count(count, "difference")).\n")
        if count > 0 { throw ExitCode(ExitStatus.finishedWithFailures.rawValue) }
    }

    /// Compares with the target's list, and says what differs.
    ///
    /// - Returns: how much that is.
    private static func compare(
        _ verification: Verification, _ configuration: ClientConfiguration, _ stop: StopSwitch
    ) async throws -> Int {
        let transport = try HTTPTransport.make(configuration)
        let client = RewardsClient(
            configuration: configuration, transport: transport, logger: Console.logger("groupload")
        )
        let differences = try await verification.againstTarget(client, stop: stop) { Console.noteLine($0) }
        try await transport.shutdown()
        try tell(differences)
        return differences.count
    }

    private static func tell(_ differences: Differences) throws {
        for line in differences.shown + differences.rest { try Console.data(Shown.text(line, limit: 4000) + "\n") }
    }
}

/// The flags that say whether and how a proof reads the target.
struct VerifyTarget: ParsableArguments {
    @Flag(
        help: """
            Also read the groups from the target, page by page of its list, and compare their id, name, rank and \
            activity.
            """)
    var againstTarget = false

    @Option(
        help: ArgumentHelp(
            "Also compare this file of metrics, which the run's --metrics-file wrote, with the run's summary.",
            valueName: "file"), transform: parsedMetricsPath)
    var metricsFile: String?

    @OptionGroup var access: AccessOptions
}
