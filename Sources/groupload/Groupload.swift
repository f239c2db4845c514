import ArgumentParser
import Foundation
import GroupLoad
import RewardsSandbox

/// The command line: `groupload SUBCOMMAND`.
@main
struct Groupload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groupload",
        abstract: "Loads reward groups in bulk into a loyalty platform, every record accounted for.",
        discussion: """
            Exit status: 0 every record done; 1 finished, some records invalid or failed; 2 stopped by --max-errors \
            or by a target that only fails; 3 target unusable; 4 finished, some records unresolved; 64 usage; 65 \
            input damaged; 66 no such input; 70 internal error; 73 can't write the report; 75 another run is active \
            on the target, or work has nothing to do; 78 configuration; 130, 143 signals.
            """,
        version: Version.whole,
        subcommands: [
            ValidateCommand.self, PlanCommand.self, ImportCommand.self, ResumeCommand.self, WorkCommand.self,
            StatusCommand.self, ReportCommand.self, RunsCommand.self, VerifyCommand.self, UndoCommand.self,
            ExportCommand.self, ConvertCommand.self, ConfigCommand.self, DoctorCommand.self, SandboxCommand.self,
            DecodeCommand.self, SendCommand.self,
        ])

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        // A limit on the size of files is an error of writing, like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        JSONOutput.begin()
        Screen.setHelpWidth()
        do {
            let line = try Settings.commandLine(Arguments.given, SystemCall.environment)
            try await Settings.$current.withValue(line.settings) {
                var command = try parseAsRoot(line.words)
                if let note = line.settings.note, !Arguments.given.contains("--quiet") { Console.noteLine(note) }
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            }
        } catch {
            let status = ending(error)
            await Watching.end(status)
            Foundation.exit(status)
        }
        await Watching.end(ExitStatus.done.rawValue)
    }

    /// Says what went wrong, with `--json` on standard output too.
    ///
    /// - Returns: what the process exits with.
    private static func ending(_ error: any Error) -> Int32 {
        if let error = error as? ExitCode {
            let failure = SummaryError(code: "stopped", message: "the command stopped")
            return JSONOutput.end(failure, error.rawValue)
        }
        if let error = error as? RunError ?? LedgerError.failure(of: error) {
            // A pipe that is closed has had what it wanted.
            if error.code != .outputClosed { Console.error("\(error)", kind: error.code.description) }
            return JSONOutput.end(SummaryError(error), error.status.rawValue)
        }
        if let error = error as? SandboxError {
            Console.error(error.message)
            return (error.code == .database ? ExitStatus.cannotWrite : .configuration).rawValue
        }
        // What is neither an exit status nor wrong usage is nothing that should reach this place.
        guard exitCode(for: error) != .failure else {
            Console.error("internal error: \(error)")
            let failure = SummaryError(code: RunError.Code.internal.description, message: "\(error)")
            return JSONOutput.end(failure, ExitStatus.internalError.rawValue)
        }
        guard exitCode(for: error) == .success else {
            let usage = UsageText(error, Arguments.given)
            let failure = SummaryError(code: RunError.Code.usage.description, message: usage.message)
            Console.error(usage.text, kind: failure.code)
            return JSONOutput.end(failure, ExitStatus.usage.rawValue)
        }
        // Help and the version.
        do throws(RunError) { try Console.data(fullMessage(for: error) + "\n") } catch {
            Console.error("\(error)")
            return error.status.rawValue
        }
        return ExitStatus.done.rawValue
    }
}

/// The version, as `--version` and the `User-Agent` give it.
enum Version {
    static let text = "0.1.0"

    /// The version, and below it a line for each of the program's parts: its name, a blank, its version.
    static var whole: String {
        ([text] + BuildVersion.all.map { "\($0.name) \($0.version)" }).joined(separator: "\n")
    }
}
