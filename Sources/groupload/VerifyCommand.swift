import ArgumentParser
import Foundation
import GroupLoad
import Logging
import RewardsClient

/// `groupload verify RUN`: proves a run.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a run: work out again from its inputs and its ledger what its report says.",
        discussion: """
            Example:
              groupload verify --last --against-target

            Checks that every record has exactly one outcome, that the inputs still give the same records, that the \
            files are those that were written and say what the ledger says, and that no group is claimed twice, nor \
            by another run on the same target. What differs goes to standard output; the exit status is 1 if \
            anything does.
            """)

    @OptionGroup var run: RunOptions

    @Flag(
        help:
            "Also read the groups back from the target, by pages of its list, and compare id, name, rank and activity.")
    var againstTarget = false

    @OptionGroup var access: AccessOptions

    func run() async throws {
        let access = access.access
        let saved = try await SavedRun(try run.location(), access)
        let client =
            againstTarget
            ? try access.clientConfiguration(saved.configuration.target, connectionsMax: 1)
            : try ClientConfiguration(
                target: "http://localhost", credentials: .basic(till: "none", password: Secret("none")))
        let configuration = ImportConfiguration(saved.configuration, client: client)
        let verification = try Verification(saved.location, configuration)
        let stop = StopSwitch()
        let count = try await SignalWatch.run(stop) { [againstTarget] in
            let differences = try await verification.offline(stop: stop, note: { Console.noteLine($0) })
            try Self.tell(differences)
            guard againstTarget else { return differences.count }
            return try await differences.count + Self.compare(verification, client, stop)
        }
        try verification.close()
        Console.note(count == 0 ? "Verified: nothing differs.\n" : "\(count) differences.\n")
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
            configuration: configuration, transport: transport, logger: Logger(label: "groupload") { _ in ConsoleLog() }
        )
        let differences = try await verification.againstTarget(client, stop: stop)
        try await transport.shutdown()
        try tell(differences)
        return differences.count
    }

    private static func tell(_ differences: Differences) throws {
        for line in differences.told + differences.rest { try Console.data(Shown.text(line, limit: 4000) + "\n") }
    }
}
