import ArgumentParser
import Foundation
import GroupLoad

/// `groupload runs`: lists runs.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs under groupload-runs with their state and counts, the last one last.",
        discussion: """
            Example:
              groupload runs

            Exit status 3 if a run's ledger can't be read; the others are listed.
            """)

    @Option(help: "Where the run directories stand.")
    var directory = RunLocation.runsDirectory

    @Flag(help: "Print a JSON array on standard output.")
    var json = false

    func run() async throws {
        var runs: [RunListing] = []
        var isWhole = true
        for location in RunLocation.all(in: directory) {
            do throws(RunError) { runs.append(try await RunListing(location)) } catch {
                Console.error("\(error)")
                isWhole = false
            }
        }
        runs.sort { $0.isBefore($1) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try JSONOutput.print(String(decoding: try encoder.encode(runs), as: UTF8.self) + "\n")
        } else {
            if runs.isEmpty { Console.note("There are no runs under \(directory).\n") }
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
