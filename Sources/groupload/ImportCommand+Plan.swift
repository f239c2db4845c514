import ArgumentParser
import Foundation
import GroupLoad

extension ImportCommand {
    /// Options that decide what a plan says, so that they can't be given beside it.
    private static let planned = [
        "--name-match", "--name-length-max", "--format", "--encoding", "--delimiter", "--no-header", "--columns",
        "--map",
        "--records-at", "--record-bytes-max", "--on-existing", "--deactivate-missing", "--snapshot", "--api-prefix",
    ]

    /// The import that a plan was made for, with the options that are given here.
    func planned(_ path: String) throws -> ImportCommand {
        guard input.files.isEmpty, target.target == nil, target.cluster == nil else {
            throw RunError(.usage, "a plan names its lists and its target; give it alone")
        }
        let given = CommandLine.arguments.dropFirst(2)
        for option in Self.planned where given.contains(where: { $0 == option || $0.hasPrefix(option + "=") }) {
            throw RunError(.usage, "\(option) is a matter of the plan; plan again with it")
        }
        let path = URL(fileURLWithPath: path).path
        let head = try PlanFile(path).head()
        let missing = Set(head.command.headers).subtracting(target.headerNames)
        guard missing.isEmpty else {
            throw RunError(
                .usage, "the plan was made with --header for \(missing.sorted().joined(separator: ", ")); give it again"
            )
        }
        let own = RunConfiguration(
            arguments: Array(given), headers: Array(target.headerNames),
            directory: FileManager.default.currentDirectoryPath, inputs: head.command.inputs)
        var whole = own
        whole.arguments = head.command.arguments
        whole.add(own.arguments + ["--plan", path])
        var command = try ImportCommand.parse(whole.arguments)
        command.target.header = target.header
        command.target.credentials = target.credentials
        (command.runDir, command.quiet, command.json) = (runDir, quiet, json)
        (command.yes, command.keepRuns) = (yes, keepRuns)
        command.resumed = (whole, false)
        return command
    }
}
