import RewardsClient

/// Judges the groups that were found for drafts whose creates had no plain success, once all drafts are sent:
/// then most is known of the server's clock. Some of the run's own groups are looked up for it, so that the list's
/// instants are compared with the list's.
struct ProvenanceJudge: Sendable {
    /// Own groups that are looked up, and findings that are judged at once.
    private static let examplesMax = 12, chunk = 1_000
    /// Findings whose instants the examples are chosen by.
    private static let instantsMax = 64

    var client: RewardsClient
    var ledger: any RunLedger
    var requests: RunRequests
    var existing: ExistingRule
    var nameMatch: NameMatch
    var setsInactive: Bool
    var errorLimit: ErrorLimit?
    /// Which of these groups other runs on the target have recorded as their own.
    var ownElsewhere: @Sendable (Set<Int64>) async throws -> Set<Int64>

    /// Judges every finding that has no outcome; nothing where there is none, or where the run stops before enough is
    /// known.
    ///
    /// - Throws: what the ledger throws.
    func run() async throws {
        guard try await ledger.foundGroupCount() > 0, mayAsk else { return try await settleClaims() }
        var (instants, own): ([Int64], [Int64]) = ([], [])
        var suspects = ClockSamples()
        var last: Int64 = 0
        var ids: Set<Int64> = []
        while case let chunk = try await ledger.foundGroups(after: last, limit: Self.chunk), let end = chunk.last {
            last = end.found.recordNumber
            for finding in chunk.map(\.found) {
                if instants.count < Self.instantsMax { instants.append(finding.sent.lowerBound) }
                ids.insert(finding.id)
                guard let createdOn = finding.createdOn else { continue }
                if finding.place == .list {
                    if own.count < Self.chunk { own.append(createdOn) }
                } else {
                    suspects.add(sample(of: finding, createdOn))
                }
            }
        }
        let pairs = own.isEmpty ? [] : try await pairs(near: instants)
        // Only where the run surely created nothing: else the number must have changed, if it can be relied on.
        let hasCreated = !requests.facts.samples.buckets.isEmpty || requests.progress.snapshot.outcomes[.created] > 0
        let growth = hasCreated || suspects.buckets.isEmpty ? nil : await growth(ids.count)
        guard mayAsk else { return }
        let keepsForms = try await ledger.alteredCount() == 0
        let provenance = Provenance(
            samples: requests.facts.samples, suspects: suspects, relation: ListRelation(pairs, others: own),
            othersOwn: try await ownElsewhere(ids), unchangedSince: growth.flatMap { $0.count == 0 ? $0.since : nil },
            grownSince: growth.flatMap { $0.count >= Int64(ids.count) ? $0.since : nil })
        try await judge(
            by: provenance, keepsRanks: keepsForms, kept: keepsForms && hasCreated ? try await keptNames() : [],
            makers: try await ledger.makers(of: ids))
        try await settleClaims()
    }

    /// Withdraws what was taken for created and, as it shows now, is not.
    private func settleClaims() async throws {
        try await settleDoubleClaims()
        try await settleOldClaims()
    }

    /// Groups that a server gave to the first create of all, or the first after a pause, and that were there before: it
    /// refuses no name that it has, and of its clock nothing was known then.
    private func settleOldClaims() async throws {
        let suspects = requests.facts.samples.tooOld
        if suspects.isEmpty { return }
        let own = try await ledger.ownIDs(among: Set(suspects.map(\.id)))
        let old = suspects.filter { own.contains($0.id) }
        guard !old.isEmpty else { return }
        try await ledger.withdraw(old.map { ($0.recordNumber, Provenance.before) })
        requests.progress.update { progress in
            progress.outcomes[.created] -= old.count
            progress.outcomes[.existing] += old.count
        }
    }

    /// A server that takes two of the list's names for the same gives both the same group: it is left to one record,
    /// and the others are `existing`.
    private func settleDoubleClaims() async throws {
        var withdrawn: [(recordNumber: Int64, message: String)] = []
        var counts = OutcomeCounts()
        for claims in Dictionary(grouping: try await ledger.doubleClaims(), by: \.id).values {
            let sorted = claims.sorted { $0.isBefore($1) }
            let maker = sorted[0].recordNumber
            let message = "record \(maker) has created the group: the server takes the two names for the same"
            for claim in sorted.dropFirst() {
                withdrawn.append((claim.recordNumber, message))
                counts[claim.outcome] += 1
            }
        }
        guard !withdrawn.isEmpty else { return }
        try await ledger.withdraw(withdrawn)
        requests.progress.update { [counts] progress in
            for outcome in Outcome.allCases { progress.outcomes[outcome] -= counts[outcome] }
            progress.outcomes[.existing] += counts.sum
        }
    }

    /// A finding whose create had a response, as a sample of a clock.
    private func sample(of finding: FoundGroup, _ createdOn: Int64) -> ClockSamples.Sample {
        ClockSamples.Sample(
            recordNumber: finding.recordNumber, id: finding.id, createdOn: createdOn, sent: finding.sent.lowerBound,
            responded: finding.sent.upperBound)
    }

    /// - Parameters:
    ///   - keepsRanks: whether no group of this run is kept with another rank than was sent.
    ///   - kept: names of groups of this run that are kept as they were sent; none where any is kept in another form.
    private func judge(
        by provenance: Provenance, keepsRanks: Bool, kept: [String], makers: [Int64: Int64]
    ) async throws {
        var last: Int64 = 0
        let named = try await ledger.draftsOfFoundNames()
        while case let chunk = try await ledger.foundGroups(after: last, limit: Self.chunk), let end = chunk.last {
            last = end.found.recordNumber
            var outcomes: [DraftOutcome] = []
            for found in chunk {
                var finding = found.found
                finding.isSameName = nameMatch.areSame(finding.name, found.draft.name)
                finding.isOtherwise = keepsRanks && finding.state.rank != found.draft.rank.map(Int64.init)
                // A group of another draft's very name is that draft's where the target keeps names as they are sent.
                let keepsName = Self.show(kept, that: found.draft.name, isNotKeptAs: finding.name)
                let maker = makers[finding.id] ?? (keepsName ? named[finding.name] : nil)
                finding.maker = maker.flatMap { $0 == finding.recordNumber ? nil : $0 }
                let outcome = outcome(of: finding, found.outcome, found.draft, provenance)
                let isDoubtful =
                    outcome.outcome == .present && !finding.isNamed
                    && !nameMatch.areSame(finding.name, found.draft.name)
                let again = isDoubtful && keepsName ? await again(finding, found, provenance) : nil
                outcomes.append(again ?? outcome)
            }
            try await ledger.judge(outcomes)
            for outcome in outcomes where outcome.isLast { requests.count(1, outcome.outcome, errorLimit) }
        }
    }

    /// Names of some groups that had a plain success, as they were sent.
    private func keptNames() async throws -> [String] {
        let examples = requests.facts.samples.examples(near: [], limit: ClockSamples.examplesMax)
        return Array(try await ledger.draftNames(of: examples.map(\.recordNumber)).values)
    }

    /// Whether a target that keeps these names as they are would keep a name, too, rather than make another form of it:
    /// each character that the form lacks is kept elsewhere (of capitals any), or, where none is, names as long.
    private static func show(_ kept: [String], that name: String, isNotKeptAs form: String) -> Bool {
        func isCapital(_ character: Character) -> Bool { ("A"..."Z").contains(character) }
        let lacking = Set(name).subtracting(form)
        if lacking.isEmpty { return kept.contains { $0.count >= name.count } }
        return lacking.allSatisfy { character in
            kept.contains { isCapital(character) ? $0.contains(where: isCapital) : $0.contains(character) }
        }
    }

    /// Looks again for a draft for which only a group of another form was found, by a server that keeps every name as
    /// it is sent: a list that lags may not have had the draft's own group. Where that is not there now either, the
    /// other group isn't the draft's, whoever made it.
    ///
    /// - Returns: nil where that couldn't be asked.
    private func again(
        _ finding: FoundGroup, _ found: PendingJudgement, _ provenance: Provenance
    ) async -> DraftOutcome? {
        let draft = found.draft
        guard let groups = await groups(of: draft.name) else { return nil }
        guard let group = groups.first(where: { nameMatch.areSame($0.name, draft.name) }) else {
            let other = RewardGroup(
                id: finding.id, name: finding.name, rank: finding.state.rank, isActive: finding.state.isActive)
            return found.outcome.taken(by: other, shown: client.redactor.redacted)
        }
        var own = finding
        (own.id, own.name, own.state) = (
            group.id, group.name, GroupState(rank: group.rank, isActive: group.isActive != false)
        )
        (own.createdOn, own.createdBy) = (group.createdOn, group.creator)
        (own.maker, own.isSameName) = (nil, true)
        var outcome = found.outcome
        outcome.id = group.id
        return self.outcome(of: own, outcome, draft, provenance)
    }

    /// The groups that the target has under a name; nil where it doesn't say, however often it is asked.
    private func groups(of name: String) async -> [RewardGroup]? {
        for retries in 0..<Submission.lookUpsMax {
            guard await requests.admitsLookUp(retries, nil) else { return nil }
            let reply = await client.find(
                name: name, matching: { nameMatch.areSame($0, name) },
                admitsNextPage: { await requests.admitsNextPage() })
            requests.learn(from: reply, isCreate: false)
            if case .succeeded(let groups, _) = reply { return groups }
        }
        return nil
    }

    private func outcome(
        of finding: FoundGroup, _ found: DraftOutcome, _ draft: Draft, _ provenance: Provenance
    ) -> DraftOutcome {
        var outcome = found
        let group = RewardGroup(
            id: finding.id, name: finding.name, rank: finding.state.rank, isActive: finding.state.isActive)
        switch provenance.maker(of: finding) {
        case .thisRun:
            outcome.outcome = finding.place == .create || finding.isNamed ? .created : .confirmed
        case .somebodyElse(let reason):
            // The server keeps the name of an earlier run's group in another form.
            let isKnown = provenance.othersOwn.contains(finding.id)
            guard nameMatch.areSame(finding.name, draft.name) || isKnown else {
                return outcome.taken(by: group, shown: client.redactor.redacted)
            }
            outcome.outcome = .existing
            // That a name that is taken was there before goes without saying.
            outcome.message = finding.isTaken && finding.maker == nil ? nil : reason
        case .open(let reason): outcome.message = "it is not known who made the group: \(reason)"
        }
        existing.apply(
            to: &outcome, draft, group, setsInactive: setsInactive, shown: { client.redactor.redacted($0) })
        return outcome
    }

    private var mayAsk: Bool {
        requests.stop.reason.map { $0.leavesTimeToLookUp && !requests.cutOff.isOpen } ?? true
    }

    /// Groups that this run plainly created, as the list gives them.
    private func pairs(near instants: [Int64]) async throws -> [ListRelation.Pair] {
        let examples = requests.facts.samples.examples(near: instants, limit: Self.examplesMax)
        let names = try await ledger.draftNames(of: examples.map(\.recordNumber))
        var pairs: [ListRelation.Pair] = []
        for example in examples {
            guard let name = names[example.recordNumber], await requests.admitsLookUp(0, nil) else { continue }
            let reply = await client.find(
                name: name, matching: { _ in true }, admitsNextPage: { await requests.admitsNextPage() })
            requests.learn(from: reply, isCreate: false)
            guard case .succeeded(let groups, _) = reply, let group = groups.first(where: { $0.id == example.id })
            else {
                continue
            }
            pairs.append(
                ListRelation.Pair(sample: example, createdOn: group.createdOn, createdBy: group.creator))
        }
        return pairs
    }

    /// How many more groups the target has than before anything was sent, and since when; nil where that can't be
    /// relied on.
    ///
    /// - Parameter found: groups that are surely there.
    private func growth(_ found: Int) async -> (count: Int64, since: Int64)? {
        guard let before = requests.facts.total, await requests.admitsLookUp(0, nil) else { return nil }
        // Another size than before: a server that takes the groups of a page for all would say another number.
        let reply = await client.list(ListQuery(page: 0, size: 2))
        requests.learn(from: reply, isCreate: false)
        guard case .succeeded(let page, _) = reply, let after = page.totalElements, after >= Int64(found),
            after > 2 || after == Int64(page.groups.count)
        else { return nil }
        return (after - before.count, before.at)
    }
}

extension GroupClaim {
    /// Whether the group is rather this record's than the other's: the one that has the group's very name counts for
    /// more, then the one with a plain success, then the one that ended first.
    fileprivate func isBefore(_ other: GroupClaim) -> Bool {
        if isExact != other.isExact { return isExact }
        if (outcome == .created) != (other.outcome == .created) { return outcome == .created }
        return (endedAt ?? .min, recordNumber) < (other.endedAt ?? .min, other.recordNumber)
    }
}
