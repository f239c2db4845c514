import ArgumentParser
import Foundation
import GroupLoad

/// `groupload resume RUN`: finishes an interrupted run.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Finish an interrupted run, with the options that it was started with.",
        discussion: """
            Example:
              groupload resume --last

            What was sent and never answered is looked up first; what was left out is sent; what is settled is not touched. \
            Credentials come from the environment again. A list from standard input must be piped again where it \
            hadn't been read to its end. The same import with the same --run-dir does the same.
            """)

    @OptionGroup var run: RunOptions

    @Option(help: "A header that the run was started with, as \"Name: value\": values aren't kept. May be given several times.")
    var header: [String] = []

    @Option(help: "A file of NAME=value lines with the credentials, in place of the environment.")
    var credentials: String?

    @Flag(help: "Go on with what was read, though the files have changed since or are damaged.")
    var changedInput = false

    @Flag(help: "Show no progress and no summary.")
    var quiet = false

    @Flag(help: "Print the summary as one JSON object on standard output.")
    var json = false

    func run() async throws {
        let location = try run.location()
        let plan = try await Ledger.plan(at: location)
        let path = URL(fileURLWithPath: location.path).path
        let credentials = credentials.map { URL(fileURLWithPath: $0).path }
        guard FileManager.default.changeCurrentDirectoryPath(plan.directory) else {
            throw RunError(.noInput, "can't enter \(plan.directory), where the run was started; its paths are relative to it")
        }
        var arguments = plan.arguments
        let place = arguments.firstIndex(of: "--") ?? arguments.endIndex
        var further = ["--run-dir", path] + header.flatMap { ["--header", $0] }
        if let credentials { further += ["--credentials", credentials] }
        if quiet { further.append("--quiet") }
        if json { further.append("--json") }
        arguments.insert(contentsOf: further, at: place)
        var command = try ImportCommand.parse(arguments)
        let missing = Set(plan.headers).subtracting(command.target.headerNames)
        guard missing.isEmpty else {
            throw RunError(
                .usage, "the run was started with --header for \(missing.sorted().joined(separator: ", ")); give it again")
        }
        command.resumed = (plan, changedInput)
        try await command.run()
    }
}
