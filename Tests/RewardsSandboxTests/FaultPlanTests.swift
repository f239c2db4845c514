import Foundation
import RewardsSandbox
import Testing

@Suite("Fault plan")
struct FaultPlanTests {
    @Test(
        "Rates are probabilities or percentages",
        arguments: [
            ("429=0.1", [FaultKind.tooMany: 0.1]), ("429=10%,cut=1", [.tooMany: 0.1, .cut: 1]),
            ("slow=0.5%", [.slow: 0.005]),
            ("lost-after=100%", [.lostAfter: 1]), ("500=0,502=.5", [.badGateway: 0.5]),
        ])
    func rates(text: String, probabilities: [FaultKind: Double]) throws {
        #expect(try FaultRates(text) == FaultRates(probabilities: probabilities))
    }

    @Test(
        "Rates that are none are refused with what to write",
        arguments: [
            ("", "kinds are 429, 500"), ("lost=1%", "kinds are 429, 500"), ("429", "429=0.1"), ("cut=", "cut=10%"),
            ("cut=1.1", "cut=10%"), ("cut=101%", "cut=10%"), ("cut=-1", "cut=10%"), ("cut=nan", "cut=10%"),
            ("cut=1e-2", "cut=10%"), ("cut=1.0.0", "cut=10%"), ("cut=0x1", "cut=10%"), ("cut=1,cut=1", "twice"),
            ("cut=1,", "kinds are"), ("429 =1", "kinds are"),
        ])
    func badRates(text: String, part: String) throws {
        let error = #expect(throws: SandboxError.self) { try FaultRates(text) }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    /// What strikes each of some contents on its first occurrence.
    private func faults(_ text: String, seed: UInt64 = 7, count: UInt64, occurrence: UInt64 = 0) throws -> [Fault?] {
        let plan = FaultPlan(rates: try FaultRates(text), seed: seed)
        return (0..<count).map { content in
            var hash = ContentHash()
            hash.update("name \(content)".utf8)
            return plan.fault(content: hash.finish(), occurrence: occurrence) { _ in true }
        }
    }

    @Test(
        "Each kind strikes as often as its probability says", arguments: [("cut", 0.01), ("429", 0.3), ("slow", 0.9)])
    func frequency(kind: String, probability: Double) throws {
        let struck = try faults("\(kind)=\(probability)", count: 100_000).filter { $0 != nil }.count
        // Five standard deviations of a binomial of 100,000.
        let deviation = (100_000 * probability * (1 - probability)).squareRoot()
        #expect(abs(Double(struck) - 100_000 * probability) < 5 * deviation)
    }

    @Test("The same seed gives the same faults; another seed, or another request of the same content, others")
    func replay() throws {
        let text = "429=10%,lost-after=10%,garbage=10%"
        let first = try faults(text, count: 2_000)
        #expect(try faults(text, count: 2_000) == first)
        for other in [try faults(text, seed: 8, count: 2_000), try faults(text, count: 2_000, occurrence: 1)] {
            // Of 600 that are struck, about 180 are struck the other time too.
            let both = zip(first, other).filter { $0 != nil && $1 != nil }.count
            #expect((100...260).contains(both))
        }
    }

    @Test("To leave a kind out does not move where the others strike first")
    func independence() throws {
        let pair = try faults("429=10%,lost-after=10%", count: 5_000)
        let alone = try faults("lost-after=10%", count: 5_000)
        for (both, single) in zip(pair, alone) where both?.kind == .lostAfter { #expect(both == single) }
        #expect(alone.filter { $0 != nil }.count < pair.filter { $0 != nil }.count)
    }

    @Test("With certainty every form of a kind comes, and both orders of handling")
    func choices() throws {
        let struck = try faults("503=1", count: 200).compactMap { $0 }
        #expect(struck.count == 200)
        #expect(Set(struck.map { $0.pick([0, 1, 2]) }) == [0, 1, 2])
        #expect(Set(struck.map(\.isHandled)) == [true, false])
    }

    @Test("A kind that makes no sense for the request leaves it alone")
    func canStrike() throws {
        let plan = FaultPlan(rates: try FaultRates("cut=1,slow=1"), seed: 1)
        #expect(plan.fault(content: 1, occurrence: 0) { _ in false } == nil)
        #expect(plan.fault(content: 1, occurrence: 0) { $0 == .slow }?.kind == .slow)
    }

    @Test(
        "HTTP dates are those of RFC 9110",
        arguments: [(0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT")])
    func dates(seconds: Int64, text: String) {
        #expect(httpDate(seconds) == text)
    }
}
