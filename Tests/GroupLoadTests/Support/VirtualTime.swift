import Dispatch
import GroupLoad
import RewardsClient
import Synchronization
import TestSupport

/// A world of its own for tests: one task runs at a time, and the clock moves on only when none of them can, so that a
/// wait of an hour takes no time. What a task waits for outside of it (a ledger's file) takes no virtual time.
final class VirtualTime: TaskExecutor {
    private struct Sleeper {
        var deadline: RunEnvironment.Instant
        var number: UInt64
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var isRunning = false
        var now: RunEnvironment.Instant
        var sleepers: [Sleeper] = []
        var sleepsSoFar: UInt64 = 0
        var generator: SeededGenerator
        /// Jobs run so far, to see whether there were any meanwhile.
        var jobsSoFar: UInt64 = 0
        /// Chooses the next job; nil where they run in their order.
        var scheduler: SeededGenerator?
        /// Jobs that ``VirtualTime/steps`` counts, and what happens before one of them.
        var steps = 0
        var event: (step: Int, action: @Sendable () -> Void)?

        /// Takes the next job out; nil where there is none.
        mutating func takeJob() -> UnownedJob? {
            guard !jobs.isEmpty else { return nil }
            steps += 1
            guard jobs.count > 1, var generator = scheduler else { return jobs.removeFirst() }
            defer { scheduler = generator }
            return jobs.remove(at: Int.random(in: jobs.indices, using: &generator))
        }

        /// What happens before the next job; nil for nothing.
        mutating func takeEvent() -> (@Sendable () -> Void)? {
            guard let (step, action) = event, step <= steps else { return nil }
            event = nil
            return action
        }
    }

    /// The wall clock's time at the start, in epoch milliseconds.
    static let startMilliseconds: Int64 = 1_700_000_000_000

    private let start = RunEnvironment.Instant.now
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "virtual time")
    private let grace: Duration

    /// - Parameters:
    ///   - seed: of the random numbers that its environment draws.
    ///   - grace: how long something outside is waited for, by the machine's clock, before the virtual one moves on.
    ///   - isShuffled: whether any of the jobs that can run is the next, by the seed, rather than the one that came
    ///     first.
    init(seed: UInt64 = 1, grace: Duration = .zero, isShuffled: Bool = false) {
        var first = State(now: start, generator: SeededGenerator(state: seed))
        if isShuffled { first.scheduler = SeededGenerator(state: ~seed) }
        state = Mutex(first)
        self.grace = grace
    }

    /// Jobs run so far: whatever happens of its own accord happens between two of them.
    var steps: Int { state.withLock { $0.steps } }

    /// Has `action` happen once, before the job with this number runs; in place of what was to happen before.
    func before(step: Int, _ action: @escaping @Sendable () -> Void) { state.withLock { $0.event = (step, action) } }

    /// The virtual time that has gone by.
    var elapsed: Duration { start.duration(to: state.withLock { $0.now }) }

    /// Moves the clock on, which wakes whoever waited until then.
    func advance(by duration: Duration) {
        let end = state.withLock { $0.now.advanced(by: duration) }
        while let sleeper = takeSleeper(until: end) { sleeper.resume() }
        state.withLock { $0.now = max($0.now, end) }
    }

    /// What the tested code gets.
    func environment(_ variables: [String: String] = [:]) -> RunEnvironment {
        RunEnvironment(
            now: { self.state.withLock { $0.now } },
            epochMilliseconds: { Self.startMilliseconds + Int64(self.elapsed / .milliseconds(1)) },
            random: RandomSource { self.state.withLock { $0.generator.next() } },
            sleep: { await self.sleep(until: $0) }, variables: variables)
    }

    /// What a client gets: the tasks that it starts run here, too.
    func clientEnvironment() -> ClientEnvironment {
        var environment = environment().client
        environment.start = { operation in Task(executorPreference: self) { await operation() } }
        return environment
    }

    /// Carries `body` out with all tasks that it starts.
    func run<Value: Sendable>(_ body: @Sendable () async throws -> Value) async rethrows -> Value {
        try await withTaskExecutorPreference(self) { try await body() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isIdle = state.withLock { state in
            state.jobs.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if isIdle { queue.async { self.drain() } }
    }

    private func drain() {
        while true {
            let (job, event) = state.withLock { state in
                state.jobsSoFar += 1
                return (state.takeJob(), state.takeEvent())
            }
            event?()
            if let job {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else if grace > .zero {
                return waitForOthers()
            } else if let sleeper = takeSleeper(until: nil) {
                sleeper.resume()
            } else if state.withLock({ state in
                state.isRunning = !state.jobs.isEmpty
                return !state.isRunning
            }) {
                return
            }
        }
    }

    /// Moves the clock on unless somebody outside wakes a task within the grace.
    private func waitForOthers() {
        let (before, isOver) = state.withLock { state in
            state.isRunning = !state.jobs.isEmpty
            return (state.jobsSoFar, !state.isRunning)
        }
        guard isOver else { return queue.async { self.drain() } }
        queue.asyncAfter(deadline: .now() + grace / .seconds(1)) {
            let isStill = self.state.withLock { $0.jobsSoFar == before && $0.jobs.isEmpty }
            if isStill { self.takeSleeper(until: nil)?.resume() }
        }
    }

    /// Takes out who waits for the earliest instant, and moves the clock there.
    private func takeSleeper(until end: RunEnvironment.Instant?) -> CheckedContinuation<Void, Never>? {
        state.withLock { state in
            let first = state.sleepers.indices.min {
                (state.sleepers[$0].deadline, state.sleepers[$0].number)
                    < (state.sleepers[$1].deadline, state.sleepers[$1].number)
            }
            guard let first, end.map({ state.sleepers[first].deadline <= $0 }) ?? true else { return nil }
            let sleeper = state.sleepers.remove(at: first)
            state.now = max(state.now, sleeper.deadline)
            return sleeper.continuation
        }
    }

    private func sleep(until deadline: RunEnvironment.Instant) async {
        let number = state.withLock { state in
            state.sleepsSoFar += 1
            return state.sleepsSoFar
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard deadline > state.now, !Task.isCancelled else { return false }
                    state.sleepers.append(Sleeper(deadline: deadline, number: number, continuation: continuation))
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.sleepers.firstIndex { $0.number == number }.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume()
        }
    }
}
