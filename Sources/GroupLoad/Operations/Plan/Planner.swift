import Foundation
import RewardsClient

/// `groupload plan`: what an import of lists would do to a target, found out without changing anything.
package struct Planner: Sendable {
    private let configuration: ImportConfiguration
    private let environment: RunEnvironment
    private let reader: PageReader
    private let stop: StopSwitch
    private let progress: RunProgress
    private let path: String?
    private let note: @Sendable (String) -> Void

    /// - Parameters:
    ///   - configuration: as of the import.
    ///   - path: where the plan is saved; nil for nowhere.
    ///   - note: as of ``ImportRun``.
    package init(
        _ configuration: ImportConfiguration, reader: PageReader, stop: StopSwitch, progress: RunProgress,
        to path: String?, environment: RunEnvironment = .system, note: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.environment = environment
        self.reader = reader
        self.stop = stop
        self.progress = progress
        self.path = path
        self.note = note
    }

    /// Reads the lists and the target, and works out what would be done.
    ///
    /// What is read stands in a ledger of its own meanwhile, in the system's directory for temporary files, so that
    /// memory is bounded.
    ///
    /// - Throws: ``RunError``: a list is damaged, the target can't be read, or the plan can't be written.
    package func run() async throws -> (PlanSummary, PlanPreview) {
        if let path, let source = configuration.sources.first(where: { $0.isSameFile(as: path) }) {
            throw RunError(
                .usage, "\(path) is the list \(source.path) itself", naming: .path(path),
                remedy: "name another file for the plan")
        }
        let generator = environment.random
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "groupload-plan-" + String(generator.next() as UInt64, radix: 16))
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer {
            do { try FileManager.default.removeItem(at: directory) } catch {
                note("can't remove \(directory.path): \(error.localizedDescription)")
            }
        }
        let ledger = try StoredLedger.make(at: directory.appendingPathComponent("ledger.sqlite").path)
        let intake = RecordIntake(
            configuration: configuration, random: environment.random, progress: progress, stop: stop, note: note)
        let result = try await intake.read(into: ledger, feed: nil, .fromStart)
        if let damage = result.damage { throw damage }
        try stop.requireNoReason()
        if configuration.deactivatesMissing, try await ledger.draftCount() == 0 { throw TargetComparison.emptyList }
        await tellLength(result)
        let comparison = TargetComparison(
            ledger: ledger, existing: configuration.existing, nameMatch: configuration.nameMatch,
            deactivatesMissing: configuration.deactivatesMissing)
        let groups =
            try await comparison.readTarget(
                reader, concurrency: configuration.concurrency, pagesMax: nil, mustBeWhole: true)?.count
            ?? 0
        var preview = PlanPreview()
        if let path {
            let head = PlanFile.Head(
                made: environment.date.formatted(.iso8601), target: "\(configuration.client.target)",
                command: configuration.kept,
                sources: result.sources.map(SummaryInput.init))
            preview = try await PlanFile(path).write(head, groups: groups, comparison)
        } else {
            try await comparison.forEach { preview.add($0) }
        }
        try await ledger.close()
        let isSound = preview.counts["invalid"] == 0 && preview.counts["failed"] == 0
        let summary = PlanSummary(
            read: Int(result.read), groups: groups, counts: preview.counts, near: preview.near,
            near_duplicates: result.nearDuplicates, suspicious: result.suspicious, columns: result.columns,
            requests: progress.snapshot.requests, target: "\(configuration.client.target)",
            exit: (isSound ? ExitStatus.done : .finishedWithFailures).rawValue)
        return (summary, preview)
    }
}

extension Planner {
    /// Says where the lists are much shorter than those of the last run on the target, or may be cut off.
    private func tellLength(_ result: IngestResult) async {
        if !result.sources.contains(where: \.isCorrection) {
            let runs = ScopeRuns(
                scope: configuration.scope, environment: environment.variables,
                excluding: RunLocation.runsDirectory + "/plan", note: { _ in })
            if let remark = ListLength(read: Int(result.read), last: await runs.last()).remark { note(remark) }
        }
        if configuration.deactivatesMissing { result.sources.compactMap(\.endRemark).forEach(note) }
    }
}

/// The counts of a plan, as `--json` prints them. The keys are part of the interface that scripts rely on.
package struct PlanSummary: SummaryDocument, Sendable, Equatable {
    /// Records read, duplicates and invalid ones included.
    package var read: Int
    /// Groups that the target has, active or not.
    package var groups: Int
    /// Records by what would become of them; groups that would be set inactive count besides.
    package var counts: [String: Int]
    /// Records whose name is nearly that of another group.
    package var near: Int
    /// Names that have the near form of an earlier one of the lists (``NearName``).
    package var near_duplicates: Int
    /// Drafts whose names are rather a program's slip (``NameSuspicion``).
    package var suspicious: Int
    /// Which columns of each list are used, by its path as given.
    package var columns: [String: ColumnUse]
    /// Requests sent to the target, retries included.
    package var requests: Int
    /// The target's URL.
    package var target: String
    /// Seconds that it took.
    package var seconds = 0.0
    /// The status to exit with.
    package var exit: Int32
}
