import Foundation
import RewardsClient

/// Sends drafts with bounded concurrency: one claimer, and `concurrency` workers that each see one draft through to its outcome.
struct Submitter: Sendable {
    var client: RewardsClient
    var ledger: Ledger
    var concurrency: Int
    var nameMatch: NameMatch
    var failsExisting: Bool
    var gate: RequestGate
    var facts: ServerFacts
    var stop: StopSwitch
    var progress: RunProgress
    var errorLimit: ErrorLimit?
    var latency: LatencyHistogram
    /// How long what is in flight may still take once the run is asked to stop.
    var drainMax = Duration.seconds(8)

    /// Drafts claimed at once.
    private static let claimMax = 500

    /// Sends all drafts of the ledger, until `feed` says that no more will come or the run is asked to stop.
    ///
    /// Each draft that was taken has its outcome in the ledger when this returns; those that were not have none.
    ///
    /// Trouble with the ledger stops the run; what was in flight ends, and its outcomes are written if they can be by then.
    ///
    /// - Throws: what the ledger throws where they can't be.
    func run(feed: RecordFeed) async throws {
        let queue = DraftQueue()
        let recorder = OutcomeRecorder(ledger: ledger)
        let finished = StopSwitch()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { queue.close() }
                do { try await claim(into: queue, from: feed) } catch { stopForLedger(error) }
            }
            group.addTask { await closeOnStop(queue, finished) }
            try await withThrowingTaskGroup(of: Void.self) { workers in
                for _ in 0..<concurrency {
                    workers.addTask { await work(from: queue, recorder) }
                }
                workers.addTask { try await boundDrain(finished) }
                var running = concurrency
                while running > 0 {
                    do { try await workers.next() } catch is CancellationError {
                        workers.cancelAll()
                        running += 1
                    }
                    running -= 1
                }
                finished.stop(.signal(.done))
                workers.cancelAll()
            }
            try await recorder.flush()
        }
    }

    private func claim(into queue: DraftQueue, from feed: RecordFeed) async throws {
        var last: Int64 = 0
        while stop.reason == nil {
            let isComplete = feed.isComplete
            let drafts = try await ledger.claim(after: last, most: Self.claimMax, now: Self.now)
            if let claimed = drafts.last {
                last = claimed.record
                await queue.put(drafts)
            } else if isComplete {
                return
            } else {
                await feed.waitForMore()
            }
        }
    }

    /// Ends the hand-out of drafts when the run is asked to stop.
    private func closeOnStop(_ queue: DraftQueue, _ finished: StopSwitch) async {
        while stop.reason == nil, finished.reason == nil, !Task.isCancelled {
            await finished.wait(.milliseconds(100), on: .continuous)
        }
        queue.close()
    }

    /// Throws when the workers have used up the time that a stop leaves them; the group then cancels their requests.
    private func boundDrain(_ finished: StopSwitch) async throws {
        while stop.reason == nil {
            guard finished.reason == nil, !Task.isCancelled else { return }
            await finished.wait(.milliseconds(100), on: .continuous)
        }
        await finished.wait(drainMax, on: .continuous)
        if finished.reason == nil { throw CancellationError() }
    }

    private func stopForLedger(_ error: any Error) { stop.stop(.unusable(Ledger.message(of: error))) }

    private func work(from queue: DraftQueue, _ recorder: OutcomeRecorder) async {
        while let draft = await queue.next() {
            let outcome = stop.reason == nil ? await submit(draft) : nil
            guard let outcome else { continue }
            do { try await recorder.record(outcome) } catch { stopForLedger(error) }
            let counts = progress.update { progress in
                progress.outcomes[outcome.outcome] += 1
                return progress.outcomes
            }
            let errors = counts[.failed] + counts[.invalid]
            if let errorLimit, errorLimit.isExceeded(errors: errors, ended: counts.sum) {
                stop.stop(.tooManyErrors("\(errors) records failed or are invalid, more than --max-errors allows"))
            }
        }
    }

    /// Sees `draft` through. Always comes to an outcome.
    private func submit(_ draft: Draft) async -> DraftOutcome {
        var submission = Submission(draft)
        var action = Submission.Action.create(repeats: 0, after: nil)
        let started = ContinuousClock.now
        let sentAt = Self.now
        while true {
            switch action {
            case .create(let repeats, let after):
                guard await mayGo(repeats, after) else { action = submission.stopped(); continue }
                let sent = Self.now
                let reply = await client.create(name: draft.name, rank: draft.rank)
                learn(from: reply, sent: sent, isCreate: true)
                // Whoever was answered with a group has just created it.
                if case .answered(let group, _) = reply { facts.sawCreated(group, sent: sent, now: Self.now) }
                action = submission.created(reply)
            case .lookUp(let repeats, let after):
                guard await mayLookUp(repeats, after) else { action = submission.stopped(); continue }
                action = await lookUp(draft, sentAt, &submission)
            case .end(let outcome, let id, let message):
                return ended(submission, outcome, id, message, started)
            }
        }
    }

    private func lookUp(_ draft: Draft, _ sentAt: Int64, _ submission: inout Submission) async -> Submission.Action {
        let folded = NameFolding.fold(draft.name)
        let sent = Self.now
        let reply = await client.find(
            name: draft.name, matching: { NameFolding.fold($0) == folded },
            mayTurnPage: { await mayLookUp(0, nil) })
        learn(from: reply, sent: sent, isCreate: false)
        let reconciliation = Reconciliation(
            hasLostAnswer: submission.hasLostAnswer, sentAt: sentAt, clock: facts.clock,
            createdBy: facts.createdBy)
        return submission.lookedUp(
            reply,
            isSameName: { nameMatch == .folded || $0.utf8.elementsEqual(draft.name.utf8) },
            decide: { reconciliation.decide($0) })
    }

    /// Waits for the back-off and the gate; false if the run is asked to stop meanwhile.
    private func mayGo(_ repeats: Int, _ after: Duration?) async -> Bool {
        if repeats > 0 {
            progress.update { $0.retries += 1 }
            var generator = SystemRandomNumberGenerator()
            let delay = Backoff().delay(attempt: repeats - 1, atLeast: after, using: &generator)
            await stop.wait(delay, on: .continuous)
        }
        await gate.pass()
        return stop.reason == nil
    }

    /// As `mayGo`, but what was sent may also be looked up while the run stops, within the time that a stop leaves.
    private func mayLookUp(_ repeats: Int, _ after: Duration?) async -> Bool {
        if await mayGo(repeats, after) { return true }
        return stop.reason?.leavesTimeToLookUp == true && !Task.isCancelled
    }

    private func ended(
        _ submission: Submission, _ outcome: Outcome, _ id: Int64?, _ message: String?,
        _ started: ContinuousClock.Instant
    ) -> DraftOutcome {
        var outcome = outcome
        if outcome == .existing, failsExisting { outcome = .failed }
        return DraftOutcome(
            record: submission.draft.record, outcome: outcome, id: id, http: submission.http, code: submission.code,
            message: outcome == .failed && message == nil ? "the name is on the server already" : message,
            attempts: submission.creates, milliseconds: started.duration(to: .now).milliseconds)
    }

    /// Takes from an answer what concerns the whole run: counts, the server's clock, the pause that a 429 asks for, and how the
    /// target does.
    private func learn<Value>(from reply: Reply<Value>, sent: Int64, isCreate: Bool) {
        if let info = reply.info {
            progress.update { $0.requests += info.requests }
            if info.http > 0 { latency.record(info.latency) }
            // Of a walk of several pages the last answer alone names its time; it came after all were sent.
            facts.saw(info, sent: sent, now: Self.now)
        }
        if case .refused(let refusal) = reply, refusal.isThrottled {
            progress.update { $0.throttled += 1 }
            gate.throttled(retryAfter: refusal.retryAfter)
        } else {
            gate.ended(reply, isCreate: isCreate)
        }
    }

    /// This machine's clock, in epoch milliseconds.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
