/// Decides who made a group that was found for a draft: this run or somebody else. Pure; asks nothing, sends nothing.
///
/// It is this run's own where it was created while a create of this run can have been carried out, by the clock that
/// its `createdOn` was read from, as the run's own creates with a plain success show that clock, and where nothing else
/// speaks against that. It is somebody else's where it was created hours before or after, or where another run has
/// recorded it as its own. Between the two nothing is said: the very node that loses its responses may be the one
/// whose clock, or whose user, differs from all that was seen.
package struct Provenance: Sendable {
    /// What was decided.
    package enum Maker: Sendable, Equatable {
        case thisRun
        case somebodyElse(String)
        /// It can't be told, and why.
        case open(String)
    }

    /// The same for a name that is taken: that its create was sent twice is rare, and a clock that is so far off, too.
    private static let marginTaken: Int64 = 600_000
    /// Samples of odd ages that agree from which on they are relied on.
    package static let oddMin = 8
    /// For how long odd ages must agree to be a clock's: old groups may have been made all at once, too.
    private static let spanMin: Int64 = 1_000

    /// What the plain creates show of the clock.
    package var samples: ClockSamples
    /// What responses show whose own age was in doubt; where enough of them agree, it is the clock that is odd.
    package var suspects: ClockSamples
    /// How the list's `createdOn` relates to that of creates.
    package var relation: ListRelation
    /// Groups that other runs have recorded as their own.
    package var othersOwn: Set<Int64>
    /// Since when the target has no more groups than it had; nil where it has, or where that isn't known.
    package var unchangedSince: Int64?
    /// Since when the target has as many more groups as there were responses of an odd age, or more; nil where it
    /// hasn't, or that isn't known.
    package var grownSince: Int64?

    /// Makes a judge of what is known; without the last three, nothing is known of other runs and of the target's
    /// size.
    package init(
        samples: ClockSamples, suspects: ClockSamples = ClockSamples(), relation: ListRelation,
        othersOwn: Set<Int64> = [], unchangedSince: Int64? = nil, grownSince: Int64? = nil
    ) {
        self.grownSince = grownSince
        self.samples = samples
        self.suspects = suspects
        self.relation = relation
        self.othersOwn = othersOwn
        self.unchangedSince = unchangedSince
    }

    /// Who made a group.
    package func maker(of finding: FoundGroup) -> Maker {
        if let maker = finding.maker { return .somebodyElse("record \(maker) has created the group") }
        if othersOwn.contains(finding.id) {
            return .somebodyElse("another run on this target has recorded the group as its own")
        }
        if finding.place == .create, let unchangedSince, finding.sent.lowerBound >= unchangedSince,
            let createdOn = finding.createdOn, createdOn < finding.sent.lowerBound - ClockSamples.margin
        {
            // An unchanged number alone may be a list that lags.
            return .somebodyElse("the target has no more groups than before anything was sent")
        }
        guard let createdOn = finding.createdOn else {
            return finding.isNamed && !finding.isSentAgain
                ? .thisRun : .open("the server doesn't say when the group was created")
        }
        guard let difference = difference(for: finding) else {
            if finding.isTaken, createdOn < finding.sent.lowerBound - Self.marginTaken {
                return .somebodyElse(Self.before)
            }
            if finding.isNamed, !finding.isSentAgain { return .thisRun }
            return isFresh(finding)
                ? fresh(finding) : .open("the server's clock is not known: too few creates had a plain success")
        }
        let range = difference.range.widened(by: finding.place == .list ? relation.grain - 1 : 0)
        let created = createdOn - range.upperBound...createdOn - range.lowerBound
        let maker = maker(of: finding, created: created, difference.count)
        if finding.isTaken { return taken(finding, maker, created, difference.count) }
        guard maker == .thisRun, finding.place == .list else { return maker }
        if let own = relation.createdBy, finding.createdBy != own {
            return .open(
                finding.createdBy == nil
                    ? "the server doesn't say who created the group, though it does of this run's that were looked up"
                    : "another user created the group than those of this run's that were looked up")
        }
        if finding.isOtherwise {
            return .open("it has another rank than was sent, which no other group of this run has")
        }
        return maker
    }

    /// - Parameters:
    ///   - created: when it was created, by this machine's clock.
    ///   - count: samples that `created` rests on.
    private func maker(of finding: FoundGroup, created: ClosedRange<Int64>, _ count: Int) -> Maker {
        let sent = finding.sent
        if created.lowerBound >= max(sent.lowerBound, finding.sureFrom), created.upperBound <= sent.upperBound,
            count >= ClockSamples.samplesMin
        {
            return .thisRun
        }
        if created.lowerBound > finding.seenAt {
            return .open("its createdOn is later than when it was found, so that the clock is not to be relied on")
        }
        if created.lowerBound > sent.upperBound + ClockSamples.margin {
            return .somebodyElse("it was created long after any create of this run can have been carried out")
        }
        if created.upperBound < sent.lowerBound - ClockSamples.margin {
            if contradictsList(finding, created) {
                return .open("its createdOn contradicts the list, which didn't have it then")
            }
            if isFresh(finding) { return fresh(finding) }
            return .somebodyElse(Self.before)
        }
        // A response that names the group may be an upsert's: of one made since an earlier create wasn't carried out.
        if finding.isNamed,
            finding.isSentAgain ? created.lowerBound >= finding.sureFrom : created.upperBound >= sent.lowerBound
        {
            return .thisRun
        }
        return .open("it was created about when the create was sent, and the server's clock isn't known well enough")
    }

    /// The server said that the name is taken, to the only create that was sent: so the group was there, but where it
    /// was made while that create was under way. A gateway may send a request twice, and give the response to the
    /// second. What was made before the create was sent, by a clock that is known, or by another user than this run's,
    /// is somebody else's.
    private func taken(
        _ finding: FoundGroup, _ maker: Maker, _ created: ClosedRange<Int64>, _ count: Int
    ) -> Maker {
        let isBefore = created.upperBound < finding.sent.lowerBound && !contradictsList(finding, created)
        // A group of another form of the name may hide one of the name itself, in a list that lags.
        if finding.isSameName, finding.place == .list, let own = relation.createdBy, let user = finding.createdBy,
            user != own
        {
            return .somebodyElse("another user created it")
        }
        switch maker {
        case .thisRun:
            return .open("it was created while its create was under way, which may have been sent twice on the way")
        case .open where finding.isSameName && isBefore && count >= ClockSamples.samplesMin:
            return .somebodyElse(Self.before)
        case .open where created.upperBound < finding.sent.lowerBound - Self.marginTaken && finding.absentAt == nil:
            return .somebodyElse(Self.before)
        case .open, .somebodyElse: return maker
        }
    }

    /// Whether a group was there before a list that didn't have it.
    private func contradictsList(_ finding: FoundGroup, _ created: ClosedRange<Int64>) -> Bool {
        finding.absentAt.map { created.upperBound < $0 } ?? false
    }

    static let before = "it was created before this run sent it"

    /// What is known of the clock in the place where the group was read.
    private func difference(for finding: FoundGroup) -> ClockSamples.Difference? {
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

    /// The maker of a group that is new, but by a clock that is odd: where an earlier create wasn't carried out,
    /// somebody else may have made the group before the later one.
    private func fresh(_ finding: FoundGroup) -> Maker {
        guard finding.isSentAgain else { return .thisRun }
        if let createdOn = finding.createdOn, let clock = oddClock(for: finding),
            createdOn - clock.range.upperBound >= finding.sureFrom
        {
            return .thisRun
        }
        return .open("its create was sent again, and the server's clock isn't known well enough")
    }

    /// Whether the response to a create shows an odd clock rather than an old group: the name was missing before, or
    /// many responses about then agree on the age to within what they took.
    private func isFresh(_ finding: FoundGroup) -> Bool {
        guard finding.place == .create else { return false }
        if finding.absentAt != nil { return true }
        if let grownSince, finding.sent.lowerBound >= grownSince { return true }
        return oddClock(for: finding) != nil
    }

    /// The clock that responses of odd ages agree on about then; nil where they don't.
    private func oddClock(for finding: FoundGroup) -> ClockSamples.Difference? {
        guard let near = suspects.difference(from: finding.sent.lowerBound, until: finding.sent.upperBound),
            near.isSteady, near.count >= Self.oddMin, near.spanMilliseconds >= Self.spanMin
        else { return nil }
        return near
    }
}
