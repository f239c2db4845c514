import Foundation
import GroupLoad
import RewardsClient
import TestSupport

/// A run of some hundred records in a world that misbehaves by choice, over several processes that are killed between
/// two steps. One thread, a virtual clock, and one seed for all that happens by chance: what a seed shows it shows
/// again.
///
/// The last process isn't killed, and meets a network that is well again: it must settle everything.
struct Simulation: Sendable {
    /// How it went.
    struct Result: Sendable, Equatable {
        /// What doesn't hold.
        var faults: [String] = []
        var counts = OutcomeCounts()
        var processes = 0, kills = 0, requests = 0, steps = 0
        /// The virtual time that has gone by.
        var elapsed = Duration.zero
        /// The outcomes in the order of the records, with the ids of their groups.
        var outcomes: [String] = []
    }

    /// How a process ends unless it ends before.
    private struct End: Sendable {
        /// Steps within which it is: at the beginning, or at any time of a run, which takes about the last.
        private static let stepsMax = [100, 1_000, 3_000]

        var step: Int
        /// Whether it is asked to stop rather than killed.
        var isSignal: Bool
        /// How long it takes until the next process begins.
        var pause: Duration

        init(using generator: inout SeededGenerator) {
            step = Int.random(in: 0..<(Self.stepsMax.randomElement(using: &generator) ?? 1), using: &generator)
            isSignal = Int.random(in: 0..<4, using: &generator) == 0
            pause = .milliseconds(Int.random(in: 0...30_000, using: &generator))
        }
    }

    private static let requestTimeout = Duration.seconds(15)

    let seed: UInt64
    let records: Int

    /// - Parameter records: how many the list has.
    init(seed: UInt64, records: Int = 200) {
        self.seed = seed
        self.records = records
    }

    /// Carries everything out.
    ///
    /// - Parameter scratch: where the program looks for other runs, and finds none.
    func run(_ scratch: Scratch) async throws -> Result {
        var generator = SeededGenerator(state: seed)
        let time = VirtualTime(seed: generator.next(), isShuffled: true)
        let environment = time.environment(["XDG_STATE_HOME": scratch.file("state")])
        let world = SimulatedWorld(records: records, at: environment.epochMilliseconds, using: &generator)
        let server = ModelServer(environment, groups: world.groups)
        let network = SimulatedNetwork(
            server, environment, seed: generator.next(),
            faultPercent: [0, 5, 15, 30].randomElement(using: &generator) ?? 0,
            skew: [0, 0, 0, 1_500, -1_500, 3 * 3_600_000].randomElement(using: &generator) ?? 0)
        let configuration = try configuration(scratch, using: &generator)
        let ends = (0..<Int.random(in: 1...4, using: &generator)).map { _ in End(using: &generator) }
        let ledger = MemoryLedger(
            world.ledger(configuration.kept, at: environment.epochMilliseconds), pause: { await Task.yield() })
        let processes = await time.run {
            await withDiscardingTaskGroup { group in
                var processes = [SimulatedProcess(ledger, network, time, environment)]
                for end in ends {
                    let process = processes[processes.count - 1]
                    time.before(step: time.steps + end.step) {
                        if end.isSignal { process.stop.stop(.signal(.terminated)) } else { process.kill() }
                    }
                    group.addTask { await process.run(configuration) }
                    await process.isOver.wait()
                    await environment.wait(for: end.pause)
                    processes.append(SimulatedProcess(process.ledger.reopened(), network, time, environment))
                }
                time.before(step: .max) {}
                network.calm()
                await processes[processes.count - 1].run(configuration)
                return processes
            }
        }
        network.deliver(all: true)
        guard let last = processes.last else { return Result() }
        var result = Result()
        result.faults = processes.flatMap(\.faults)
        if let reason = last.stop.reason { result.faults.append("the last process stopped: \(reason)") }
        result.faults += world.faults(in: last.ledger.contents, server.groups, configuration.existing.policy)
        result.counts = try await last.ledger.counts()
        (result.processes, result.kills) = (processes.count, processes.filter(\.isKilled).count)
        (result.requests, result.steps, result.elapsed) = (network.requests, time.steps, time.elapsed)
        result.outcomes = last.ledger.contents.outcomes.sorted { $0.key < $1.key }.map {
            "\($0.key) \($0.value.outcome) \($0.value.id ?? 0)"
        }
        return result
    }

    private func configuration(
        _ scratch: Scratch, using generator: inout SeededGenerator
    ) throws -> ImportConfiguration {
        var kept = RunConfiguration()
        kept.target.url = "https://example.test"
        kept.existing = Bool.random(using: &generator) ? .skip : .update
        kept.snapshot = Bool.random(using: &generator) ? .auto : .never
        kept.concurrency = [1, 16, 64].randomElement(using: &generator) ?? 16
        var configuration = ImportConfiguration(
            kept,
            client: try ClientConfiguration(
                target: kept.target.url, credentials: .basic(till: "till", password: Secret("pass")),
                requestTimeout: Self.requestTimeout))
        configuration.runDirectory = scratch.file("run")
        return configuration
    }
}
