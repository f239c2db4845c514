import Foundation
import RewardsClient

/// `groupload plan`: what an import of lists would do to a target, found out without changing anything.
package struct Planner: Sendable {
    /// What was found out.
    package struct Result: Sendable {
        /// The counts, for programs.
        package var summary: PlanSummary
        /// The counts and the first of each, for a person.
        package var preview: PlanPreview
        /// The lists that have changed since an earlier plan was made; such a plan isn't compared line by line.
        package var changedLists: [String] = []
    }

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
    /// - Parameters:
    ///   - earlier: a plan that the new one is compared with; nil for none.
    ///   - differs: receives each difference from it, as a line for a person.
    /// - Throws: ``RunError``: a list is damaged, the target can't be read, or the plan can't be written; what
    ///   `differs` throws.
    package func run(
        comparedWith earlier: PlanFile? = nil, differs: (String) throws -> Void = { _ in }
    ) async throws -> Result {
        if let path, let source = configuration.sources.first(where: { $0.isSameFile(as: path) }) {
            throw RunError(
                .usage, "\(path) is the list \(source.path) itself", naming: .path(path),
                remedy: "name another file for the plan")
        }
        let generator = environment.random
        let directory =
            SystemCall.temporaryDirectory + "/groupload-plan-" + String(generator.next() as UInt64, radix: 16)
        try SystemCall.makeNewDirectory(directory)
        defer {
            do { try SystemCall.removeWithFiles(directory) } catch { note("can't remove \(directory): \(error)") }
        }
        let ledger = try StoredLedger.make(at: .file("\(directory)/\(LedgerPlace.fileName)"))
        var intake = RecordIntake(
            configuration: configuration, random: environment.random, progress: progress, stop: stop, note: note)
        intake.listing = .validation
        let read = try await intake.read(into: ledger, feed: nil, .fromStart)
        if let damage = read.damage { throw damage }
        try stop.requireNoReason()
        try await tellLength(read)
        let (comparison, groups) = try await compare(ledger)
        var (changed, differences) = ([String](), 0)
        if let earlier {
            changed = try earlier.changedSources(read.sources)
            if changed.isEmpty {
                _ = try await earlier.compare(comparison) { planned, now in
                    differences += 1
                    try differs(PlanDifferences.text(planned, now))
                }
            }
        }
        let preview = try await preview(comparison, groups: groups, read.sources)
        try await ledger.close()
        let isSound = preview.count("invalid") == 0 && preview.count("failed") == 0
        let summary = PlanSummary(
            read: Int(read.read), groups: groups, counts: preview.counts, near: preview.near,
            near_duplicates: read.nearDuplicates, suspicious: read.suspicious,
            activity_unheeded: read.activityUnheeded, substitutes: read.notedNames.substituteCount,
            differing_duplicates: read.notedNames.differingCount, misread: read.misread, partial: read.partial,
            skipped: read.rows.skipped.counts, skipped_places: read.rows.skipped.places,
            tolerated: read.rows.tolerated.counts, columns: read.columns,
            differences: earlier != nil && changed.isEmpty ? differences : nil, refusal: preview.refusal,
            requests: progress.snapshot.requests, target: "\(configuration.client.target)",
            exit: (isSound ? ExitStatus.done : .finishedWithFailures).rawValue)
        return Result(summary: summary, preview: preview, changedLists: changed)
    }

    /// Works out what would be done with the records that a ledger holds. For a simulation, whose ledgers are in
    /// memory.
    ///
    /// - Parameter body: receives what would become of every record, in order, and then of every group that no record
    ///   names and that would be set inactive.
    /// - Throws: as ``run(comparedWith:differs:)``.
    package func run(over ledger: any RunLedger, _ body: (PlanEntry) -> Void) async throws -> PlanPreview {
        let (comparison, groups) = try await compare(ledger)
        try await comparison.forEach { $0.forEach { body(PlanEntry($0)) } }
        return try await preview(comparison, groups: groups, try await ledger.sources())
    }

    /// Reads the target into a ledger.
    ///
    /// - Returns: what compares, and how many groups there are.
    private func compare(_ ledger: any RunLedger) async throws -> (TargetComparison, Int) {
        if configuration.deactivatesMissing, try await ledger.draftCount() == 0 { throw TargetComparison.emptyList }
        let comparison = TargetComparison(
            ledger: ledger, existing: configuration.existing, nameMatch: configuration.nameMatch,
            deactivatesMissing: configuration.deactivatesMissing)
        let read = try await comparison.readTarget(
            reader, concurrency: configuration.concurrency, pagesMax: nil, mustBeWhole: true)
        return (comparison, read?.count ?? 0)
    }

    /// Counts what would be done, and saves it where that is wanted.
    private func preview(
        _ comparison: TargetComparison, groups: Int, _ sources: [SourceSummary]
    ) async throws -> PlanPreview {
        var preview = PlanPreview()
        if let path {
            let head = PlanFile.Head(
                made: environment.date.formatted(.iso8601), target: "\(configuration.client.target)",
                command: configuration.kept, sources: sources.map(SummaryInput.init))
            preview = try await PlanFile(path).write(head, groups: groups, comparison)
        } else {
            try await comparison.forEach { preview.add($0) }
        }
        if configuration.deactivatesMissing {
            preview.refusal = try await comparison.refusal(
                invalid: preview.count("invalid"), configuration.deactivateLimit)?.description
        }
        return preview
    }
}

extension Planner {
    /// Says where the lists are much shorter than those of the last run on the target, or may be cut off.
    private func tellLength(_ read: IngestResult) async throws {
        let database = try configuration.kept.database
        if !read.sources.contains(where: \.isCorrection) {
            let runs = ScopeRuns(
                scope: configuration.scope, environment: environment.variables,
                excluding: RunLocation.runsDirectory + "/plan", ledger: database.map { .database($0, run: "") },
                note: { _ in })
            if let remark = ListLength(read: Int(read.read), last: await runs.last()).remark(for: nil) { note(remark) }
        }
        if configuration.deactivatesMissing { read.sources.compactMap(\.endRemark).forEach(note) }
    }
}
