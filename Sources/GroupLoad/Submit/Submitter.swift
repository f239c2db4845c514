import Foundation
import RewardsClient

/// Sends the ledger's drafts: a claimer fetches them, the sender sends them, `unsettled` ones are seen through by a
/// task each, and a writer puts the outcomes in the ledger.
struct Submitter: Sendable {
    var client: RewardsClient
    /// Makes what sends the creates of a queue, over what `client` sends over.
    var makeSender: @Sendable (any CreateQueue) -> CreateSender
    var ledger: any RunLedger
    var concurrency: Int
    /// Whether some drafts have an outcome already, are in doubt, or are to be updated.
    var hasSettled: Bool
    /// Whether all of ``concurrency`` may be under way from the start, for want of anything to find out.
    var hasFixedRate: Bool
    var nameMatch: NameMatch
    var existing: ExistingRule
    /// Whether groups that the list calls inactive are set so once they are made.
    var setsInactive: Bool
    /// When the target's list was read, which has none of the drafts that are left; nil where it wasn't.
    var absentAt: Int64?
    /// Groups of other runs.
    var known: KnownGroups
    /// How long a request may be carried out after its response was given up.
    var requestMax: Duration
    var requests: RunRequests
    var errorLimit: ErrorLimit?
    var note: @Sendable (String) -> Void
    /// Where other processes send drafts of the run, too; nil where none does.
    var sharing: Sharing?

    /// How a process sends drafts of which others send the rest.
    struct Sharing: Sendable {
        /// Whether nothing is left to wait for, where there is nothing to claim.
        var isOver: @Sendable () async throws -> Bool
        /// Waits a while before it is looked again.
        var wait: @Sendable () async -> Void
        /// What is waited for, for a person.
        var waitsFor: String
        /// Where drafts go that aren't settled when this process stops, for others to settle; nil where it gives each
        /// an outcome.
        var returned: ReturnedDrafts?
    }

    /// How long there is nothing to claim before that is told.
    private static let toldMin = Duration.seconds(5)
    /// How often outcomes are written.
    private static let writeInterval = Duration.milliseconds(50)
    /// How often the ledger is given a sign of life at least, and how long drafts may be sent after one.
    static let beatInterval = Duration.seconds(1), beatMax = Duration.seconds(5)

    /// Sends all drafts of the ledger, until `feed` says that no more will come or the run is asked to stop.
    ///
    /// Each draft that was taken has its outcome in the ledger when this returns; those that were not have none.
    ///
    /// Trouble with the ledger stops the run; what was in flight ends, and its outcomes are written if they can be by
    /// then.
    ///
    /// - Throws: what the ledger throws where they can't be.
    func run(feed: RecordFeed) async throws {
        // One that is unsettled keeps its place among those under way, so that the stream never overflows.
        let (unsettled, end) = AsyncStream.makeStream(
            of: UnsettledCreate.self, bufferingPolicy: .bufferingOldest(concurrency))
        let flow = DraftFlow(
            limit: InFlightLimit(ceiling: concurrency, isFixed: hasFixedRate), gate: requests.gate, stop: stop,
            unsettled: end, honoursActive: setsInactive, shown: { client.redactor.redacted($0) },
            returnsHeld: sharing?.returned != nil,
            learn: { reply, create, sent, ended in
                requests.learn(
                    fromCreate: reply, recordNumber: create.tag, name: create.name, rank: create.rank, sent: sent,
                    ended: ended)
            })
        let sender = makeSender(flow)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await claim(into: flow, sender, from: feed) }
            group.addTask {
                await withDiscardingTaskGroup { tasks in
                    for await draft in unsettled {
                        tasks.addTask {
                            await resolve(draft, flow)
                            sender.wake()
                        }
                    }
                }
            }
            let ended = Latch()
            group.addTask { await watch(ended, flow, sender) }
            group.addTask { await tellSilence(until: ended, flow) }
            do { try await write(from: flow, sender) } catch {
                ended.open()
                end.finish()
                throw error
            }
            ended.open()
            end.finish()
            try await group.waitForAll()
        }
    }

    private func claim(into flow: DraftFlow, _ sender: CreateSender, from feed: RecordFeed) async {
        var last: Int64 = 0
        var size = ClaimSize(isShared: sharing != nil)
        var claimedAt: RunEnvironment.Instant?
        var rest: (since: RunEnvironment.Instant, isTold: Bool)?
        do {
            while stop.reason == nil {
                await flow.waitForRoom()
                let isComplete = feed.isComplete
                if let claimedAt { size.lasted(claimedAt.duration(to: environment.now)) }
                var drafts = try await ledger.claim(
                    after: last, limit: size.value, now: environment.epochMilliseconds, hasSettled: hasSettled)
                claimedAt = drafts.isEmpty ? nil : environment.now
                if let claimed = drafts.last {
                    last = claimed.recordNumber
                    rest = nil
                    try await giveSpans(to: &drafts)
                    flow.put(drafts)
                    sender.wake()
                } else if isComplete {
                    guard let sharing, try await !sharing.isOver() else { break }
                    // Whoever waits for this process's claims must not be waited for in turn.
                    flow.rest()
                    var resting = rest ?? (since: environment.now, isTold: false)
                    if !resting.isTold, resting.since.duration(to: environment.now) >= Self.toldMin {
                        resting.isTold = true
                        note("waiting for \(sharing.waitsFor)")
                    }
                    rest = resting
                    await sharing.wait()
                } else {
                    await feed.waitForMore()
                }
            }
        } catch {
            stopForLedger(error)
        }
        flow.endClaims()
    }

    /// Gives the drafts' creates spans, where requests belong to a trace; the ledger has them before any is sent.
    private func giveSpans(to drafts: inout [Draft]) async throws {
        guard let trace = client.trace else { return }
        try await ledger.keep(
            CreateSpans.give(
                to: &drafts, from: trace.newSpans(), trace: trace.id, givenAt: environment.epochMilliseconds))
    }

    /// Bounds what is still under way once the run is asked to stop.
    private func watch(_ ended: Latch, _ flow: DraftFlow, _ sender: CreateSender) async {
        await Latch.waitForAny([stop.asked, ended])
        guard stop.reason != nil else { return }
        flow.wakeClaimer()
        await environment.wait(for: RunRequests.drainMax, wokenBy: [ended])
        guard !ended.isOpen else { return }
        requests.cutOff.open()
        sender.cancel()
    }

    /// Says that the ledger is waited for, and when it responds again.
    private func tellSilence(until ended: Latch, _ flow: DraftFlow) async {
        var isSilent = false
        repeat {
            await environment.wait(for: Self.beatInterval, wokenBy: [ended])
            guard flow.isSilent(at: environment.now) != isSilent else { continue }
            isSilent.toggle()
            note(
                isSilent
                    ? "the ledger doesn't respond; nothing more is sent until it does" : "the ledger responds again")
        } while !ended.isOpen
    }

    /// Writes outcomes until the last is written.
    private func write(from flow: DraftFlow, _ sender: CreateSender) async throws {
        var pending: [DraftOutcome] = []
        var written = requests.metadata
        var beat = environment.now.advanced(by: .zero - Self.beatInterval)
        while true {
            let taken = flow.takeOutcomes()
            let isLast = taken.isLast
            // Nearly always none is left of those before, and none is copied.
            pending = pending.isEmpty ? taken.outcomes : pending + taken.outcomes
            requests.progress.tellFailed(of: taken.outcomes)
            for outcome in Outcome.allCases where taken.uncounted[outcome] > 0 {
                requests.count(taken.uncounted[outcome], outcome, errorLimit)
            }
            if taken.isProbeDue {
                await probe(flow, taken.outcomes.last?.message)
                sender.wake()
            }
            do {
                let now = environment.now
                if !pending.isEmpty { try await ledger.settle(pending) }
                pending = []
                let known = requests.metadata
                if known != written || beat.duration(to: now) >= Self.beatInterval {
                    let clock = requests.facts.takeKept()
                    var change = known
                    change.aliveAt = environment.epochMilliseconds
                    try await ledger.keep(clock.bucket, clock.examples, change)
                    (written, beat) = (known, now)
                    flow.beat(until: now.advanced(by: Self.beatMax))
                }
            } catch {
                // They stay pending, and can be written later.
                stopForLedger(error)
                if isLast {
                    DraftOutcome.tellUnrecorded(pending, note)
                    throw error
                }
            }
            if isLast { return }
            await environment.wait(for: Self.writeInterval)
        }
    }

    private var stop: StopSwitch { requests.stop }
    private var environment: RunEnvironment { requests.environment }

    private func stopForLedger(_ error: any Error) { stop.stop(.unusable("\(LedgerError.lost(to: error))")) }
}
