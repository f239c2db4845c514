import ArgumentParser
import Foundation
import GroupLoad
import RewardsClient

/// `groupload import FILE...`: the main job.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Create the groups of the lists, and write a report in which every record has one outcome.",
        discussion: """
            Examples:
              groupload import groups.csv --cluster eu --rate 1000/min
              groupload import groups.csv --cluster eu --on-existing update

            The credentials come from the environment (GROUPLOAD_TILL and GROUPLOAD_PASSWORD, or GROUPLOAD_KEY and \
            GROUPLOAD_SECRET), from --credentials or from a --profile. Every file is read in full before \
            anything is sent. The report goes to the run directory: results.csv (every record), failed.csv (to \
            correct and import), unprocessed.csv, summary.json and report.html.
            """)

    @OptionGroup(title: HelpSection.reading) var input: InputOptions
    @OptionGroup(title: HelpSection.target) var target: TargetOptions
    @OptionGroup(title: HelpSection.pace) var pace: PaceOptions
    @OptionGroup(title: HelpSection.pace) var importPace: ImportPace
    @OptionGroup(title: HelpSection.safety) var policy: TargetPolicy
    @OptionGroup(title: HelpSection.safety) var safety: ImportSafety
    @OptionGroup(title: HelpSection.output) var output: ImportOutput

    func validate() throws {
        guard safety.plan != nil || !input.files.isEmpty else {
            throw ValidationError("Name at least one file, - for standard input, or a --plan.")
        }
        guard policy.deactivateMissing || safety.plan != nil || (policy.maxDeactivate == nil && !safety.yes) else {
            throw ValidationError("--max-deactivate and --yes go with --deactivate-missing.")
        }
        guard !policy.deactivateMissing || importPace.snapshot != .never else {
            throw ValidationError("--deactivate-missing needs the target's list, which --snapshot never forbids.")
        }
        guard !importPace.trustLedger || output.database.ledger != nil else {
            throw ValidationError("--trust-ledger goes with --ledger.")
        }
        guard
            !importPace.trustLedger
                || input.nameMatch == .exact && policy.onExisting == .skip && !policy.deactivateMissing
                    && importPace.snapshot != .always && safety.plan == nil
        else {
            throw ValidationError(
                """
                --trust-ledger doesn't go with --plan, --deactivate-missing, --snapshot always, --name-match folded, \
                or --on-existing other than skip: they need what the target has.
                """)
        }
        guard input.nameMatch == .exact || importPace.snapshot != .never else {
            throw ValidationError("--name-match folded needs the target's list, which --snapshot never forbids.")
        }
    }

    func run() async throws {
        try Watching.begin(output.watch)
        var configuration = try safety.plan.map(planned) ?? settings()
        let client = try target.access.clientConfiguration(of: configuration)
        if safety.plan == nil { configuration.inputs = try input.inputs() }
        var session = ImportSession(configuration: configuration, client: client)
        session.runDirectory = output.runDir.map {
            KnownRuns.directory(named: $0, SystemCall.environment)
        }
        session.credentials = target.credentials
        session.keepRuns = output.keepRuns
        session.replacesUnsent = true
        (session.isApproved, session.isShown, session.printsJSON) = (
            safety.yes, output.screen.isShown, output.screen.json
        )
        try await session.run()
    }

    /// The settings that the options give, without the lists.
    func settings() throws(RunError) -> RunConfiguration {
        var configuration = RunConfiguration()
        configuration.target = try target.settings(pace.waits)
        input.apply(to: &configuration)
        policy.apply(to: &configuration)
        try apply(to: &configuration)
        return configuration
    }

    /// Puts the settings into a configuration that only an import has.
    func apply(to configuration: inout RunConfiguration) throws(RunError) {
        configuration.concurrency = importPace.concurrency
        configuration.rate = pace.rate.limit
        configuration.errorLimit = safety.maxErrors
        configuration.recordFloor = safety.minRecords
        policy.applyLimit(to: &configuration)
        configuration.snapshot = importPace.snapshot
        configuration.trustsLedger = importPace.trustLedger
        configuration.skipsPreflight = safety.noPreflight
        configuration.isSpreadsheetSafe = output.spreadsheetSafe
        configuration.keepsNoInput = output.noKeepInput
        if let address = try output.database.address() { configuration.ledger = "\(address)" }
    }
}
