package import RewardsClient
import Synchronization

/// What a run learns of the server from its responses, for ``Provenance``.
package final class ServerFacts: Sendable {
    private struct State {
        var samples: ClockSamples
        /// What this process has learnt; nil where that is to be kept together with the rest.
        var own: ClockSamples?
        /// How many of the examples are kept in the ledger.
        var examplesKept: Int
        /// How many groups the target had, and when it was asked.
        var total: (count: Int64, at: Int64)?

        /// What tells the age of a group that a response gave to this process: its own samples where they are many and
        /// agree, for its clock and those of other processes agree to some milliseconds only.
        ///
        /// Not kept where samples are added: while another holds them, that copies all.
        ///
        /// - Returns: the samples, and how many milliseconds older by them a group may seem than it is: milliseconds
        ///   of a clock that processes share begin at other times than the server's, and instants are cut to them.
        func clock(_ sent: Int64, _ responded: Int64) -> (samples: ClockSamples, phase: Int64) {
            guard let own, let near = own.difference(from: sent, until: responded), near.count >= ServerFacts.ownMin,
                near.range.upperBound - near.range.lowerBound <= ServerFacts.ownSpreadMax
            else { return (samples, 0) }
            return (own, 1)
        }

        /// Whether a group that a create between two instants gave may be new by what is known of the server's clock;
        /// nil where nothing is.
        func mayBeNew(createdOn: Int64, _ sent: Int64, _ responded: Int64, mayExist: Bool) -> Bool? {
            let (clock, phase) = clock(sent, responded)
            guard let known = clock.latestDifference(before: sent) else { return nil }
            guard createdOn - sent >= known - (mayExist ? phase : ServerFacts.ageMaxKnown) else { return false }
            guard mayExist, let near = clock.difference(from: sent, until: responded), !near.isSteady else {
                return true
            }
            return near.range.upperBound - near.range.lowerBound <= ServerFacts.spreadMax
        }
    }

    /// How far a group's age may be off this machine's clock, or the `Date` of the response, where no create before it
    /// tells more.
    private static let ageMax: Int64 = 5_000
    /// How much older than the responses about then show it may be: nodes differ by less.
    private static let ageMaxKnown: Int64 = 1_000
    /// How far nodes or the grain of the clock may be apart where the age alone tells who made a group.
    private static let spreadMax: Int64 = 50
    /// From how many samples on a process relies on its own: so many requests meet every node of a service.
    private static let ownMin = 16
    /// How far apart they may be: what a process knows of the clock that it shares is corrected as it learns more.
    private static let ownSpreadMax: Int64 = 4

    private let state: Mutex<State>

    /// - Parameters:
    ///   - samples: what other processes have learnt.
    ///   - isShared: whether each process keeps what it has learnt itself.
    package init(samples: ClockSamples = ClockSamples(), isShared: Bool = false) {
        state = Mutex(
            State(
                samples: samples, own: isShared ? ClockSamples() : nil,
                examplesKept: isShared ? 0 : samples.examples.count))
    }

    /// What is known of the clock.
    package var samples: ClockSamples { state.withLock { $0.samples } }

    /// What is to be kept for whoever goes on with the run: the latest bucket, and the examples since the last call.
    package func takeKept() -> (bucket: ClockSamples.Bucket?, examples: [ClockSamples.Sample]) {
        state.withLock { state in
            let kept = state.own ?? state.samples
            let examples = Array(kept.examples.dropFirst(state.examplesKept))
            state.examplesKept = kept.examples.count
            return (kept.latest, examples)
        }
    }

    /// Learns what all processes have kept, this one's among it, once nothing more is created.
    func know(_ samples: ClockSamples) { state.withLock { $0.samples = samples } }

    /// Notes how many groups the target said that it has, before anything was sent.
    package func saw(total: Int64?, at now: Int64) {
        guard let total else { return }
        state.withLock { $0.total = (total, now) }
    }

    /// How many groups the target had before anything was sent, and when that was.
    package var total: (count: Int64, at: Int64)? { state.withLock { $0.total } }

    /// Whether a group was created long before an instant of this machine's clock, by what is known of the server's;
    /// where nothing is, the two are taken to be about the same.
    package func isLongBefore(_ group: RewardGroup, _ instant: Int64) -> Bool {
        guard let createdOn = group.createdOn else { return false }
        let difference = samples.difference(from: instant, until: instant)?.range.lowerBound ?? -3_600_000
        return createdOn - difference < instant - ClockSamples.margin
    }

    /// Learns from the response to a create of this run.
    ///
    /// - Returns: false where the group's age contradicts that this create made it; then nothing is learnt.
    ///
    /// - Parameters:
    ///   - mayExist: whether an earlier create may have made it, or somebody else since: then it must be new to the
    ///     millisecond.
    ///   - isOtherwise: whether it has neither the name nor the rank as they were sent: then it isn't taken for new
    ///     before the clock is known.
    package func sawCreated(
        _ group: RewardGroup, recordNumber: Int64, sent: Int64, responded: Int64, date: Int64?, mayExist: Bool = false,
        isOtherwise: Bool = false
    ) -> Bool {
        guard let createdOn = group.createdOn else { return true }
        return state.withLock { state in
            if let mayBeNew = state.mayBeNew(createdOn: createdOn, sent, responded, mayExist: mayExist) {
                guard mayBeNew else { return false }
            } else {
                let isByOwnClock = createdOn - responded <= Self.ageMax && createdOn - sent >= -Self.ageMax
                let isByDate = date.map { abs(createdOn - $0 * 1000) <= Self.ageMax } ?? false
                guard isByOwnClock || isByDate, !isOtherwise else { return false }
            }
            let sample = ClockSamples.Sample(
                recordNumber: recordNumber, id: group.id, createdOn: createdOn, sent: sent, responded: responded)
            state.samples.add(sample)
            state.own?.add(sample)
            return true
        }
    }
}
