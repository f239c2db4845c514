import ArgumentParser
import Foundation
import GroupLoad

/// `groupload runs`: lists runs.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs under groupload-runs with their state and counts, the last one last.",
        discussion: """
            Examples:
              groupload runs
              groupload runs --json | jq '.[] | select(.left > 0) | .run'

            Exit status 3 if the ledger of a run can't be read. The other runs are still listed.
            """)

    @OptionGroup(title: HelpSection.run) var place: RunsPlace
    @OptionGroup(title: HelpSection.output) var output: RunsOutput

    func run() async throws {
        var runs: [RunListing] = []
        var isWhole = true
        for location in RunLocation.all(in: place.directory) {
            do throws(RunError) { runs.append(try await RunListing(location)) } catch {
                Console.error("\(error)")
                isWhole = false
            }
        }
        runs.sort { $0.isBefore($1) }
        if output.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try JSONOutput.print(String(decoding: try encoder.encode(runs), as: UTF8.self) + "\n")
        } else {
            if runs.isEmpty { Console.note("There are no runs under \(place.directory).\n") }
            for run in runs { try Console.data(Self.line(of: run) + "\n") }
        }
        if !isWhole { throw ExitCode(ExitStatus.unusable.rawValue) }
    }

    /// A run for a person.
    private static func line(of run: RunListing) -> String {
        let counts = run.outcomes.filter { $0.value > 0 }.sorted { $0.key < $1.key }
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return Shown.text(
            """
            \(run.run)  \(run.stateText)  \(run.undoes.map { "undo of \($0), " } ?? "")\(run.read) \
            read\(counts.isEmpty ? "" : ": " + counts)  \(run.target)
            """,
            limit: 1000)
    }
}

/// The flag that says where runs are looked for.
struct RunsPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp("The directory that holds the run directories.", valueName: "dir"), transform: parsedPath)
    var directory = RunLocation.runsDirectory
}

/// The flag that says how runs are shown.
struct RunsOutput: ParsableArguments {
    @Flag(help: "Print the runs as a JSON array on standard output.")
    var json = false
}
