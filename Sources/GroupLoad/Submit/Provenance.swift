/// Decides who made a group that was found for a draft: this run or somebody else. Pure; asks nothing, sends nothing.
///
/// It is this run's own where it was created while a create of this run can have been carried out, by the clock that its `createdOn` was read
/// from, as the run's own plainly answered creates show that clock. It is somebody else's where it was created well before or after, by another user, or where
/// another run has recorded it as its own. Between the two nothing is said.
package struct Provenance: Sendable {
    /// What was decided.
    package enum Maker: Sendable, Equatable {
        case thisRun
        case somebodyElse(String)
        /// It can't be told, and why.
        case open(String)
    }

    /// How far outside the bounds a group must have been created to be somebody else's: where its response was lost and all samples near it
    /// agree, and where they don't, or are few, or the create was answered. Nodes of one service whose clocks are kept right differ by less.
    package static let marginSteady: Int64 = 2_000, marginElse: Int64 = 60_000
    /// Samples below which nothing is this run's own, and from which on those that agree are relied on.
    package static let samplesMin = 3, samplesSteady = 16
    /// For how long odd ages must agree to be a clock's: old groups may have been made all at once, too.
    private static let spanMin: Int64 = 1_000

    /// What the plain creates show of the clock.
    package var samples: ClockSamples
    /// What responses show whose own age was in doubt; where enough of them agree, it is the clock that is odd.
    package var suspects: ClockSamples
    package var relation: ListRelation
    /// Groups that other runs have recorded as their own.
    package var othersOwn: Set<Int64>
    /// Since when the target has no more groups than it had; nil where it has, or where that isn't known.
    package var unchangedSince: Int64?

    package init(
        samples: ClockSamples, suspects: ClockSamples = ClockSamples(), relation: ListRelation,
        othersOwn: Set<Int64> = [], unchangedSince: Int64? = nil
    ) {
        self.samples = samples
        self.suspects = suspects
        self.relation = relation
        self.othersOwn = othersOwn
        self.unchangedSince = unchangedSince
    }

    /// Who made a group.
    package func maker(of finding: Finding) -> Maker {
        if othersOwn.contains(finding.id) {
            return .somebodyElse("another run on this target has recorded the group as its own")
        }
        if finding.place == .create, let unchangedSince, finding.sent.lowerBound >= unchangedSince {
            return .somebodyElse("the target has no more groups than before anything was sent")
        }
        if finding.place == .list, let own = relation.createdBy, let user = finding.createdBy, user != own {
            return .somebodyElse("another user created the group")
        }
        guard let createdOn = finding.createdOn else {
            return finding.isNamed ? .thisRun : .open("the server doesn't say when the group was created")
        }
        guard let difference = difference(for: finding) else {
            return finding.isNamed || isFresh(finding)
                ? .thisRun : .open("the server's clock is not known: too few creates were plainly answered")
        }
        let slack = finding.place == .list ? relation.grain - 1 : 0
        let range = difference.range.widened(by: slack)
        let created = createdOn - range.upperBound...createdOn - range.lowerBound
        let isSure = finding.place == .list && difference.isSteady && difference.count >= Self.samplesSteady
        return maker(
            of: finding, created: created, margin: isSure ? Self.marginSteady : Self.marginElse, difference.count)
    }

    /// - Parameters:
    ///   - created: when it was created, by this machine's clock.
    ///   - margin: how far outside the bounds is surely outside.
    ///   - count: samples that `created` rests on.
    private func maker(of finding: Finding, created: ClosedRange<Int64>, margin: Int64, _ count: Int) -> Maker {
        let sent = finding.sent
        if created.lowerBound >= max(sent.lowerBound, finding.sureFrom), created.upperBound <= sent.upperBound, count >= Self.samplesMin {
            return .thisRun
        }
        if created.lowerBound > sent.upperBound + margin {
            return .somebodyElse("it was created after any create of this run can have been carried out")
        }
        if created.upperBound < sent.lowerBound - margin {
            if let absentAt = finding.absentAt, created.upperBound < absentAt - margin {
                return .open("its createdOn contradicts the list, which didn't have it then")
            }
            if finding.place == .create, isFresh(finding) { return .thisRun }
            return .somebodyElse("it was created before this run sent it")
        }
        if finding.isNamed, created.upperBound >= sent.lowerBound { return .thisRun }
        return .open("it was created about when the create was sent, and the server's clock isn't known well enough")
    }

    /// What is known of the clock in the place where the group was read.
    private func difference(for finding: Finding) -> ClockSamples.Difference? {
        guard var found = samples.difference(from: finding.sent.lowerBound, until: finding.sent.upperBound) else {
            return nil
        }
        if finding.place == .list {
            guard let offset = relation.offset else { return nil }
            found.range =
                found.range.lowerBound + offset.lowerBound...found.range.upperBound + offset.upperBound
        }
        return found
    }

    /// Whether the response to a create shows an odd clock rather than an old group: the name was missing before, or many
    /// responses about then agree on the age to within what they took.
    private func isFresh(_ finding: Finding) -> Bool {
        guard finding.place == .create else { return false }
        if finding.absentAt != nil { return true }
        guard let near = suspects.difference(from: finding.sent.lowerBound, until: finding.sent.upperBound) else {
            return false
        }
        return near.isSteady && near.count >= Self.samplesSteady / 2 && near.spanMilliseconds >= Self.spanMin
    }
}
