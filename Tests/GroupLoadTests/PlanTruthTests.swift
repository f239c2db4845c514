import Foundation
import GroupLoad
import TestSupport
import Testing

/// What a plan says is, group by group, what an import then does.
///
/// `GROUPLOAD_PLAN_SEEDS` says how many worlds are tried, and `GROUPLOAD_PLAN_FROM` which is the first.
@Suite struct PlanTruthTests {
    private static let seeds: Range<UInt64> = {
        func number(_ name: String) -> UInt64? {
            ProcessInfo.processInfo.environment["GROUPLOAD_PLAN_" + name].flatMap { UInt64($0) }
        }
        let first = number("FROM") ?? 1
        return first..<first + (number("SEEDS") ?? 100)
    }()

    @Test("worlds by seed: an import, with the plan and without, does what is planned") func holds() async throws {
        let scratch = try Scratch()
        var counts: [String: Int] = [:]
        var refusals: [String: Int] = [:]
        for seed in Self.seeds {
            let truth = try await PlanTruth(seed: seed, scratch)
            #expect(
                truth.faults.isEmpty,
                """
                \(truth.faults.prefix(5).joined(separator: "; ")); GROUPLOAD_PLAN_FROM=\(seed) GROUPLOAD_PLAN_SEEDS=1
                """)
            counts.merge(truth.counts) { $0 + $1 }
            if let refusal = truth.refusal { refusals["\(refusal)", default: 0] += 1 }
        }
        print("\(Self.seeds.count) worlds: \(counts.sorted { $0.key < $1.key }), refused: \(refusals)")
        // Worlds in which nothing happens would prove nothing.
        guard Self.seeds.count >= 100 else { return }
        #expect(counts.count == 8 && counts.values.allSatisfy { $0 > 0 })
        #expect(Set(refusals.keys) == ["emptyList", "invalidRecords", "tooManyMissing"])
    }
}
