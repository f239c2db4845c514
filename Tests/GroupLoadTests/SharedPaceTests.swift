import GroupLoad
import RewardsClient
import Synchronization
import Testing

/// Several processes that send for one key, on a virtual clock: together they keep to one pace.
@Suite struct SharedPaceTests {
    /// A pace kept as the generic cell rate algorithm says (ITU-T I.371, virtual scheduling).
    private final class PaceModel: Sendable {
        private let state = Mutex((next: RunEnvironment.Instant.now, pausedUntil: RunEnvironment.Instant.now))
        private let environment: RunEnvironment
        private let failsAfter: Int
        private let calls = Recorder<Int>()

        init(_ environment: RunEnvironment, failsAfter: Int = .max) {
            self.environment = environment
            self.failsAfter = failsAfter
            state.withLock { $0 = (environment.now, environment.now) }
        }

        func reserve(
            key: String, turns: Int, interval: Duration, catchUp: Duration
        ) async throws -> (firstIn: Duration, pausedFor: Duration) {
            calls.add(turns)
            if calls.all.count > failsAfter { throw LedgerError(reason: "the database has gone") }
            let now = environment.now
            return state.withLock { state in
                let first = max(state.next, now.advanced(by: .zero - catchUp))
                state.next = first.advanced(by: interval * turns)
                return (now.duration(to: first), max(.zero, now.duration(to: state.pausedUntil)))
            }
        }

        private let prober = Mutex((name: ObjectIdentifier?.none, until: RunEnvironment.Instant.now))

        func take(_ prober: AnyObject, for duration: Duration) -> Bool {
            let now = environment.now
            return self.prober.withLock { state in
                guard state.name == nil || state.name == ObjectIdentifier(prober) || state.until <= now else {
                    return false
                }
                state = (ObjectIdentifier(prober), now.advanced(by: duration))
                return true
            }
        }

        func pause(key: String, for duration: Duration, message: String) async throws {
            let until = environment.now.advanced(by: duration)
            state.withLock { $0.pausedUntil = max($0.pausedUntil, until) }
        }
    }

    /// The model as one process has it.
    private final class Member: PaceLedger {
        private let model: PaceModel

        init(_ model: PaceModel) { self.model = model }

        func reserve(
            key: String, turns: Int, interval: Duration, catchUp: Duration
        ) async throws -> (firstIn: Duration, pausedFor: Duration) {
            try await model.reserve(key: key, turns: turns, interval: interval, catchUp: catchUp)
        }

        func pause(key: String, for duration: Duration, message: String) async throws {
            try await model.pause(key: key, for: duration, message: message)
        }

        func takeProbe(key: String, for duration: Duration) async throws -> Bool { model.take(self, for: duration) }
    }

    private static let lost = Reply<Int>.lost(
        Loss(http: nil, reason: "closed", info: ReplyInfo(http: 0, latency: .zero, requests: 1)))
    private static let fine = Reply<Int>.succeeded(1, ReplyInfo(http: 200, latency: .zero, requests: 1))

    /// One process of several.
    private struct Process {
        let stop = StopSwitch()
        let notes = Notes()
        let share: RequestShare
        let gate: RequestGate
        let pace: SharedPace

        init(_ model: PaceModel, _ environment: RunEnvironment, rate: String?) {
            let rate = rate.flatMap { RequestRate($0) }
            let notes = notes
            share = RequestShare(rate: rate, limit: environment.sendingLimit)
            gate = RequestGate(
                rate: rate, environment: environment, stop: stop, share: share, note: { notes.add($0) })
            pace = SharedPace(ledger: Member(model), key: "a", share: share, gate: gate, stop: stop)
        }

        /// Sends as fast as it may until `end`; says when.
        func send(
            _ end: RunEnvironment.Instant, _ environment: RunEnvironment, _ sent: Recorder<RunEnvironment.Instant>
        )
            async
        {
            let ended = Latch()
            await withDiscardingTaskGroup { group in
                group.addTask { await pace.run(until: ended) }
                group.addTask {
                    await withDiscardingTaskGroup { senders in
                        for _ in 0..<4 {
                            senders.addTask {
                                while environment.now < end, stop.reason == nil {
                                    await gate.pass()
                                    sent.add(environment.now)
                                    await environment.wait(for: .milliseconds(30))
                                }
                            }
                        }
                    }
                    ended.open()
                }
            }
        }
    }

    @Test("three processes spend one allowance, and no minute has more", arguments: ["3000/min", "120/min", "200/s"])
    func one(rate: String) async throws {
        let time = VirtualTime()
        let environment = time.environment()
        let start = environment.now
        let model = PaceModel(environment)
        let sent = Recorder<RunEnvironment.Instant>()
        await time.run {
            await withDiscardingTaskGroup { group in
                for _ in 0..<3 {
                    let process = Process(model, environment, rate: rate)
                    group.addTask { await process.send(start.advanced(by: .seconds(120)), environment, sent) }
                }
            }
        }
        let allowed = try #require(RequestRate(rate)).perMinute
        for minute in [0, 17, 59] {
            let from = start.advanced(by: .seconds(minute))
            let count = sent.all.count { $0 >= from && $0 < from.advanced(by: .seconds(60)) }
            #expect(Double(count) >= allowed * 0.98 && Double(count) <= allowed * 1.002 + 1, "minute \(minute)")
        }
    }

    @Test("a pause that one is asked for holds the others") func pauses() async {
        let time = VirtualTime()
        let environment = time.environment()
        let start = environment.now
        let model = PaceModel(environment)
        let (first, second) = (Process(model, environment, rate: nil), Process(model, environment, rate: nil))
        let sent = Recorder<RunEnvironment.Instant>()
        await time.run {
            first.gate.throttled(retryAfter: .seconds(20), "slow down")
            await withDiscardingTaskGroup { group in
                let end = start.advanced(by: .seconds(25))
                group.addTask { await first.send(end, environment, Recorder()) }
                group.addTask {
                    await environment.wait(for: .seconds(2))
                    await second.send(end, environment, sent)
                }
            }
        }
        let early = sent.all.filter { $0 < start.advanced(by: .seconds(20)) }
        // Four may pass before the first word of the others comes.
        #expect(early.count <= 4 && sent.all.count > 100)
        #expect(first.notes.all.count == 1 && second.notes.all.count == 1)
    }

    @Test("one of three probes a target that failed, and all go on once it is well", arguments: [20, 3_600])
    func probes(wellAfter: Int) async {
        let time = VirtualTime()
        let environment = time.environment()
        let start = environment.now
        let model = PaceModel(environment)
        let (failed, succeeded) = (Recorder<RunEnvironment.Instant>(), Recorder<Int>())
        let processes = (0..<3).map { _ in Process(model, environment, rate: nil) }
        await time.run {
            await withDiscardingTaskGroup { group in
                for (number, process) in processes.enumerated() {
                    let ended = Latch()
                    group.addTask { await process.pace.run(until: ended) }
                    group.addTask {
                        while environment.now < start.advanced(by: .seconds(120)), process.stop.reason == nil {
                            await process.gate.pass()
                            guard process.stop.reason == nil else { break }
                            let isWell = environment.now > start.advanced(by: .seconds(wellAfter))
                            await environment.wait(for: .milliseconds(100))
                            if isWell { succeeded.add(number) } else { failed.add(environment.now) }
                            process.gate.ended(isWell ? Self.fine : Self.lost, isCreate: true)
                        }
                        ended.open()
                    }
                }
            }
        }
        // Ten of each process open its breaker; then one process probes, and of those that had waited each once more.
        let probes = failed.all.count { $0 > start.advanced(by: .seconds(2)) }
        if wellAfter < 100 {
            #expect(probes <= 5 && Set(succeeded.all).count == 3 && processes.allSatisfy { $0.stop.reason == nil })
        } else {
            #expect(probes <= 7 && processes.allSatisfy { $0.stop.reason?.status == .stopped })
        }
    }

    @Test("a process that has nothing to send any more doesn't keep the probe from those that have") func unusedProbe()
        async
    {
        let time = VirtualTime()
        let environment = time.environment()
        let start = environment.now
        let model = PaceModel(environment)
        let processes = (0..<2).map { _ in Process(model, environment, rate: nil) }
        let succeeded = Recorder<Int>()
        await time.run {
            await withDiscardingTaskGroup { group in
                for (number, process) in processes.enumerated() {
                    let ended = Latch()
                    group.addTask { await process.pace.run(until: ended) }
                    group.addTask {
                        // The first has the probe, and no more requests after that.
                        let end = start.advanced(by: .seconds(number == 0 ? 5 : 120))
                        if number == 1 { await environment.wait(for: .seconds(2)) }
                        while environment.now < end, process.stop.reason == nil {
                            await process.gate.pass()
                            guard process.stop.reason == nil else { break }
                            let isWell = environment.now > start.advanced(by: .seconds(10))
                            await environment.wait(for: .milliseconds(100))
                            if isWell { succeeded.add(number) }
                            process.gate.ended(isWell ? Self.fine : Self.lost, isCreate: true)
                        }
                        let rest = environment.now.duration(to: start.advanced(by: .seconds(120)))
                        await environment.wait(for: max(.zero, rest))
                        ended.open()
                    }
                }
            }
        }
        #expect(succeeded.all.count > 100 && processes[1].stop.reason == nil)
    }

    @Test("a process whose lease isn't renewed sends nothing") func unrenewed() async {
        let time = VirtualTime()
        let environment = time.environment()
        let process = Process(PaceModel(environment), environment, rate: nil)
        environment.sendingLimit.set(to: environment.now.advanced(by: .seconds(15)))
        await time.run {
            await process.gate.pass()
            // What has passed the gate may have waited for its connection since.
            #expect(environment.client.admitsRequest())
            await environment.wait(for: .seconds(16))
            #expect(!environment.client.admitsRequest())
            await withDiscardingTaskGroup { group in
                group.addTask { await process.gate.pass() }
                group.addTask {
                    await environment.wait(for: .seconds(60))
                    environment.sendingLimit.set(to: environment.now.advanced(by: .seconds(15)))
                }
            }
        }
        #expect((.seconds(76)...(.seconds(77))).contains(time.elapsed))
    }

    @Test("a ledger that can't be used stops the run") func unusable() async {
        let time = VirtualTime()
        let environment = time.environment()
        let process = Process(PaceModel(environment, failsAfter: 3), environment, rate: "60/min")
        await time.run {
            await process.send(environment.now.advanced(by: .seconds(60)), environment, Recorder())
        }
        #expect(process.stop.reason?.status == .unusable && time.elapsed < .seconds(10))
    }

    @Test("turns are used at their instants, given back, and lost once they are long past") func turns() throws {
        let start = RunEnvironment.Instant.now
        func at(_ milliseconds: Int) -> RunEnvironment.Instant { start.advanced(by: .milliseconds(milliseconds)) }
        var turns = HeldTurns(interval: .milliseconds(50))
        #expect(turns.blockTurns == 5 && turns.lacking == 5)
        #expect(turns.waits(now: at(0)) == at(10))
        turns.sent()
        #expect(turns.lacking == 6)
        turns.add(6, from: at(100))
        #expect(turns.left == 5 && turns.lacking == 0)
        #expect(turns.waits(now: at(0)) == at(150))
        #expect(turns.waits(now: at(150)) == nil)
        turns.sent()
        turns.sent()
        turns.sent()
        #expect(turns.lacking == 5 && turns.waits(now: at(150)) == at(300))
        turns.giveBack(1, now: at(150))
        #expect(turns.left == 3 && turns.waits(now: at(150)) == nil)
        // Those of the instants 300 and 350 are left once that of 100 is lost, and at 1,325 that of 350.
        #expect(turns.waits(now: at(1325)) == nil && turns.left == 1)
        #expect(turns.waits(now: at(1400)) == at(1410) && turns.left == 0)
    }
}
