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
        var differences = try await verification.offline(note: { Console.noteLine($0) })
        try tell(differences)
        var count = differences.count
        if againstTarget {
            let transport = try HTTPTransport.make(client)
            let logger = Logger(label: "groupload") { _ in ConsoleLog() }
            let stop = StopSwitch()
            differences = try await SignalWatch.run(stop) {
                try await verification.againstTarget(
                    RewardsClient(configuration: client, transport: transport, logger: logger), stop: stop)
            }
            try await transport.shutdown()
            try tell(differences)
            count += differences.count
        }
        try verification.close()
        Console.note(count == 0 ? "Verified: nothing differs.\n" : "\(count) differences.\n")
        if count > 0 { throw ExitCode(ExitStatus.finishedWithFailures.rawValue) }
    }

    private func tell(_ differences: Differences) throws {
        for line in differences.told + differences.rest { try Console.data(Shown.text(line, limit: 4000) + "\n") }
    }
}
