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
            on the target; 78 configuration; 130, 143 signals.
            """,
        version: Version.text,
        subcommands: [
            ValidateCommand.self, PlanCommand.self, ImportCommand.self, ResumeCommand.self, ReportCommand.self,
            RunsCommand.self,
            VerifyCommand.self, UndoCommand.self, ExportCommand.self, ConvertCommand.self, SandboxCommand.self,
            DecodeCommand.self,
            SendCommand.self,
        ])

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as RunError {
            // A pipe that is closed has had what it wanted.
            if error.code != .outputClosed { Console.error("\(error)") }
            Foundation.exit(error.status.rawValue)
        } catch let error as SandboxError {
            Console.error(error.message)
            Foundation.exit((error.code == .database ? ExitStatus.cannotWrite : .configuration).rawValue)
        } catch {
            if let failure = LedgerError.failure(of: error) {
                Console.error("\(failure)")
                Foundation.exit(failure.status.rawValue)
            }
            // What is neither an exit status nor wrong usage is nothing that should reach this place.
            if !(error is ExitCode), exitCode(for: error) == .failure {
                Console.error("internal error: \(error)")
                Foundation.exit(ExitStatus.internalError.rawValue)
            }
            exit(withError: error)
        }
    }
}

/// The version, as `--version` and the `User-Agent` give it.
enum Version {
    static let text = "0.1.0"
}
