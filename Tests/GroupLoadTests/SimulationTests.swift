import Foundation
import GroupLoad
import TestSupport
import Testing

/// Whole runs over a model of the API, on one thread and a virtual clock, in worlds that misbehave by seed.
///
/// `GROUPLOAD_SIMULATION_SEED` runs one seed alone; `GROUPLOAD_SIMULATION_SEEDS` says how many are run, and
/// `GROUPLOAD_SIMULATION_FROM` which is the first (`Scripts/checks/simulate`).
@Suite struct SimulationTests {
    /// The seeds to run.
    private static let seeds: Range<UInt64> = {
        func number(_ name: String) -> UInt64? {
            ProcessInfo.processInfo.environment["GROUPLOAD_SIMULATION_" + name].flatMap { UInt64($0) }
        }
        if let seed = number("SEED") { return seed..<seed + 1 }
        let first = number("FROM") ?? 1
        return first..<first + (number("SEEDS") ?? 40)
    }()

    @Test("every record ends as it is on the server, after lost responses, 429s and kills") func holds() async throws {
        let scratch = try Scratch()
        var (kills, requests, steps) = (0, 0, 0)
        var counts = OutcomeCounts()
        for seed in Self.seeds {
            let result = try await Simulation(seed: seed).run(scratch)
            #expect(
                result.faults.isEmpty,
                "seed \(seed): \(result.faults.prefix(10).joined(separator: "; ")); GROUPLOAD_SIMULATION_SEED=\(seed)"
            )
            kills += result.kills
            requests += result.requests
            steps += result.steps
            for outcome in Outcome.allCases { counts[outcome] += result.counts[outcome] }
        }
        let ended = Outcome.allCases.filter { counts[$0] > 0 }.map { "\(counts[$0]) \($0)" }.joined(separator: ", ")
        print("\(Self.seeds.count) seeds: \(kills) kills, \(requests) requests, \(steps) steps; \(ended)")
        // Worlds in which nothing happens would prove nothing.
        if Self.seeds.count >= 20 { #expect(kills > 0 && counts[.created] > 0 && counts[.confirmed] > 0) }
    }

    @Test("a seed shows the same again", arguments: [1, 2, 3] as [UInt64]) func replays(seed: UInt64) async throws {
        let scratch = try Scratch()
        let first = try await Simulation(seed: seed).run(scratch)
        let second = try await Simulation(seed: seed).run(scratch)
        #expect(first == second)
    }

    /// What may be wrong at the end, each with the faults that it makes.
    private static let wrongs: [(String, Int)] = [
        ("nothing", 0), ("no outcome", 1), ("unresolved", 1), ("failed", 1), ("existing", 1), ("created", 1),
        ("another id", 1), ("no group", 2), ("two groups", 2),
    ]

    @Test("what doesn't hold at the end is seen", arguments: wrongs) func sees(wrong: String, faults: Int) {
        let world = SimulatedWorld(
            wanted: (1...3 as ClosedRange<Int64>).map { number in
                SimulatedWorld.Wanted(name: "G\(number)", rank: number, isActive: true)
            },
            groups: [ModelServer.Group(id: 1, name: "G1", rank: 1)])
        var ledger = world.ledger(RunConfiguration(), at: 0)
        var groups = world.groups
        for recordNumber in 1...3 as ClosedRange<Int64> {
            if recordNumber > 1 {
                groups.append(ModelServer.Group(id: recordNumber, name: "G\(recordNumber)", rank: recordNumber))
            }
            ledger.outcomes[recordNumber] = MemoryLedger.StoredOutcome(
                outcome: recordNumber > 1 ? .created : .existing, id: recordNumber)
        }
        switch wrong {
        case "no outcome": ledger.outcomes[3] = nil
        case "another id": ledger.outcomes[3]?.id = 2
        case "no group": groups.removeLast()
        case "two groups": groups.append(ModelServer.Group(id: 9, name: "G3"))
        // Record 1's group is somebody else's, record 3's is this run's.
        case "created": ledger.outcomes[1]?.outcome = .created
        default: if let outcome = Outcome(rawValue: wrong) { ledger.outcomes[3]?.outcome = outcome }
        }
        #expect(world.faults(in: ledger, groups, .update).count == faults)
    }
}
