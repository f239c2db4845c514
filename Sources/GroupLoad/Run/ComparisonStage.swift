import RewardsClient

/// Compares the drafts with the target's list, where that is asked for or spares requests, and settles all that needs
/// no request.
struct ComparisonStage: Sendable {
    /// Drafts below which the list isn't read where nothing else needs it.
    private static let draftsMin = 10

    let configuration: ImportConfiguration
    let client: RewardsClient
    let ledger: any RunLedger
    let requests: RunRequests
    let note: @Sendable (String) -> Void
    /// Agrees to groups being set inactive, or throws.
    let approval: @Sendable (PlanPreview) async throws -> Void

    /// - Parameter pending: drafts that have no outcome.
    /// - Throws: ``RunError`` where the list must be read and can't be, or what is found must not be acted upon.
    func run(pending all: Int, _ totals: inout RunTotals) async throws {
        let pending = all - (try await settleKnown())
        guard try await ledger.metadata().isCompared != true, configuration.snapshot != .never || configuration.needsAll
        else { return }
        let isOptional = !configuration.needsAll
        if !isOptional {
            // A process that was killed may have decided on some; nothing was sent before all were decided.
            try await ledger.forgetDecisions()
            let counts = try await ledger.counts()
            progress.update { $0.outcomes = counts }
        }
        if isOptional, pending < Self.draftsMin { return }
        let comparison = TargetComparison(
            ledger: ledger, existing: configuration.existing, nameMatch: configuration.nameMatch,
            deactivatesMissing: configuration.deactivatesMissing)
        if configuration.deactivatesMissing { try await refuseInvalid() }
        guard try await readTarget(comparison, pending: pending) else { return }
        var preview: PlanPreview?
        if let path = configuration.planPath { preview = try await PlanFile(path).check(comparison) }
        if configuration.deactivatesMissing { try await approve(comparison, preview, totals.ingest) }
        try await settle(comparison)
        guard stop.reason == nil else { return }
        try await endDecisions(comparison, &totals)
    }

    /// Settles the drafts that other runs of the ledger know, where that is asked for; gives how many.
    private func settleKnown() async throws -> Int {
        guard configuration.kept.trustsLedger, let ledger = ledger as? any SharedLedger,
            let address = try configuration.kept.database
        else { return 0 }
        var scopes = KnownScopes()
        let wanted = Scope(text: configuration.scopeText)
        let runs = try scopes.runs(at: address).filter { $0.scope == wanted }.map(\.run)
        let count = try await ledger.settleKnown(from: runs, at: requests.environment.epochMilliseconds)
        requests.count(count, .existing, configuration.errorLimit)
        return count
    }

    private var stop: StopSwitch { requests.stop }
    private var progress: RunProgress { requests.progress }

    /// Reads the list into the ledger; false where there is nothing to compare with.
    private func readTarget(_ comparison: TargetComparison, pending: Int) async throws -> Bool {
        let isOptional = !configuration.needsAll
        let began = requests.environment.epochMilliseconds
        do {
            let read = try await comparison.readTarget(
                PageReader(client: client, requests: requests), concurrency: configuration.concurrency,
                pagesMax: isOptional ? pending - 1 : nil,
                mustBeWhole: configuration.deactivatesMissing || configuration.planPath != nil)
            guard let read else { return false }
            // What is left to create by then was not there.
            if read.isWhole {
                var listed = RunMetadata()
                listed.listedAt = began
                try await ledger.merge(listed)
            }
            return read.count > 0 || !isOptional
        } catch let error as RunError where isOptional && error.status == .unusable && stop.reason == nil {
            note(
                "the target's list can't be used, so groups that are there already are found one by one: \(error)"
            )
            return false
        }
    }

    /// Settles the records whose group is there, and keeps the updates to come.
    private func settle(_ comparison: TargetComparison) async throws {
        try await comparison.forEach { decisions in
            guard stop.reason == nil else { return }
            let settled = decisions.compactMap { $0.settled(at: requests.environment.epochMilliseconds) }
            guard !settled.isEmpty else { return }
            try await ledger.settle(settled)
            let counts = settled.filter { $0.update == nil }.reduce(into: [:]) { $0[$1.outcome, default: 0] += 1 }
            for (outcome, count) in counts { requests.count(count, outcome, configuration.errorLimit) }
        }
    }

    /// Keeps that all records were decided on; groups that no record names become records of a source of their own.
    private func endDecisions(_ comparison: TargetComparison, _ totals: inout RunTotals) async throws {
        let missing = try await comparison.missingSource()
        try await ledger.endComparison(missing, after: totals.ingest.read)
        guard missing != nil else { return }
        let all = Int64(try await ledger.recordCount())
        progress.update { [read = totals.ingest.read] in
            $0.read += Int(all - read)
            $0.draftsTotal? += Int(all - read)
        }
        totals.ingest.read = all
        totals.ingest.sources = try await ledger.sources()
    }

    /// Has every record be sound before groups are set inactive for not being among them.
    private func refuseInvalid() async throws {
        if let refusal = TargetComparison.refusal(invalid: try await ledger.counts()[.invalid]) { throw refusal }
    }

    /// Has the user agree to what would be set inactive.
    ///
    /// - Parameter preview: what would be done, where that is known already.
    private func approve(
        _ comparison: TargetComparison, _ preview: PlanPreview?, _ ingest: IngestResult
    ) async throws {
        if let refusal = try await comparison.refusal(invalid: 0, configuration.deactivateLimit) { throw refusal }
        var shown = preview ?? PlanPreview()
        if preview == nil { try await comparison.forEach { shown.add($0) } }
        ingest.sources.compactMap(\.endRemark).forEach(note)
        // The progress line would stand in the way of a question.
        progress.update { $0.phase = .asking }
        try await approval(shown)
        progress.update { $0.phase = .sending }
    }
}
