import ArgumentParser
import Foundation
import GroupLoad
import RewardsClient
import Synchronization

/// `groupload doctor`: checks all that a load needs.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check all that an import needs: target, credentials, directories, ledger. Changes nothing there.",
        discussion: """
            Examples:
              groupload doctor --cluster eu
              groupload doctor --cluster eu --run-dir night --json | jq .checks

            Each check is a line: ok, warn (an import goes on), FAIL (an import would end), or - where it could not \
            be made. Give it the flags that the import will have. Nothing is created or changed on the target, and no \
            secret is shown. Exit status 0, or the one that an import would end with: 3, 73, 75 or 78.
            """)

    @OptionGroup(title: HelpSection.target) var target: TargetOptions
    @OptionGroup(title: HelpSection.pace) var waits: WaitOptions
    @OptionGroup(title: HelpSection.output) var output: DoctorOutput

    func run() async throws {
        let settings = try target.settings(waits)
        JSONOutput.name(target: settings.url)
        let subject = try makeSubject(settings)
        let screen = DoctorScreen(isShown: !output.json)
        var report = await Doctor(subject) { screen.show($0) }.run()
        report.seconds = JSONOutput.seconds
        if output.json { try JSONOutput.print(report) } else { try screen.end(report) }
        if report.exit != 0 { throw ExitCode(report.exit) }
    }

    /// What is checked. Without credentials the way to the target is checked all the same, with others that nothing is
    /// sent with.
    private func makeSubject(_ settings: RunConfiguration.Target) throws -> Doctor.Subject {
        let access = try target.access
        let credentials = try Self.caught { try access.readCredentials() }
        let client = try Self.caught {
            try access.clientConfiguration(settings, connectionsMax: 1, as: try credentials.get())
        }
        var subject = Doctor.Subject(
            version: Version.text, target: settings.url, client: client, credentials: credentials,
            credentialsPlace: target.credentials.map { Shown.text($0) }
                ?? access.settings.credentialsCommand.map { "credentials-command (\($0.source.text))" }
                ?? "the environment",
            runDirectory: output.runDir.map { KnownRuns.directory(named: $0, SystemCall.environment) },
            database: try output.database.address(), waitMax: waits.waitMax)
        if case .failure(let error) = client {
            let nobody = Credentials.basic(till: "nobody", passwordMD5: Secret(String(repeating: "0", count: 32)))
            let other = try Self.caught {
                try access.clientConfiguration(settings, connectionsMax: 1, as: nobody)
            }
            subject.client = other
            if case .success = other { subject.credentials = .failure(error) }
        }
        return subject
    }

    /// What `body` gives, or its error, unless a signal was that.
    private static func caught<Value>(_ body: () throws -> Value) throws -> Result<Value, RunError> {
        do { return .success(try body()) } catch let error as RunError
            where ![.interrupted, .terminated].contains(error.status)
        { return .failure(error) }
    }
}

/// The flags that say where a run would be kept, and what is shown.
struct DoctorOutput: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The run directory that the import will have (default: a new one under groupload-runs).",
            valueName: "dir"), transform: parsedPath)
    var runDir: String?

    @OptionGroup var database: LedgerOptions

    @Flag(help: "Print what was found as one JSON object on standard output, in place of the lines.")
    var json = false
}

/// Shows each finding of a doctor as soon as it is there.
private final class DoctorScreen: Sendable {
    private let isShown: Bool
    /// The first error of writing, for the end.
    private let failure = Mutex<RunError?>(nil)

    init(isShown: Bool) { self.isShown = isShown }

    func show(_ finding: DoctorFinding) { if isShown { write(finding.line) } }

    /// Shows what it all means.
    ///
    /// - Throws: as ``Console/data(_:)``, also for what was shown before.
    func end(_ report: DoctorReport) throws {
        write(report.text)
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func write(_ line: String) {
        do throws(RunError) { try Console.data(line + "\n") } catch {
            failure.withLock { $0 = $0 ?? error }
        }
    }
}
