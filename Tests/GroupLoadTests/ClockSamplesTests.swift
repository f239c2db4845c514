import GroupLoad
import Testing

@Suite struct ClockSamplesTests {
    private static func sample(_ sent: Int64, ahead: Int64 = 0, takes: Int64 = 10) -> ClockSamples.Sample {
        ClockSamples.Sample(
            recordNumber: sent, id: sent, createdOn: sent + takes / 2 + ahead, sent: sent, responded: sent + takes)
    }

    @Test("samples of one clock narrow the difference to what they have in common") func steady() {
        var samples = ClockSamples()
        #expect(samples.difference(from: 0, until: 0) == nil)
        samples.add(Self.sample(1_000, ahead: 5_000))
        #expect(samples.difference(from: 1_000, until: 1_000)?.range == 4_995...5_005)
        samples.add(Self.sample(1_100, ahead: 5_000, takes: 4))
        #expect(samples.difference(from: 1_000, until: 1_000)?.range == 4_998...5_002)
        #expect(samples.difference(from: 1_000, until: 1_000)?.isSteady == true)
    }

    @Test("samples that contradict each other widen it to both") func nodes() {
        var samples = ClockSamples()
        samples.add(Self.sample(1_000))
        samples.add(Self.sample(1_100, ahead: -100))
        let difference = samples.difference(from: 1_000, until: 1_000)
        #expect(difference?.range == -105...5 && difference?.isSteady == false)
    }

    @Test(
        "a sample older than all of that time is no create's, unless another is as old, or there are few",
        arguments: [
            ([-4_000, 0, 0, 0], [1]), ([-4_000, 0, 0, -4_000], []), ([-4_000, 0, 0], []), ([0, 0, 0, -4_000], [4]),
            ([-4_000, 0, 0, -8_000, 0], [1, 4]), ([-3_000, 0, 0, 0], []), ([4_000, 0, 0, 0], []),
        ] as [([Int64], [Int64])])
    func tooOld(ages: [Int64], expected: [Int64]) {
        var samples = ClockSamples()
        for (index, age) in ages.enumerated() {
            var sample = Self.sample(1_000_000 + Int64(index) * 100, ahead: age)
            sample.recordNumber = Int64(index) + 1
            samples.add(sample)
        }
        #expect(samples.tooOld.map(\.recordNumber).sorted() == expected)
    }

    @Test("a clock that was set back in between says nothing") func setBack() {
        var samples = ClockSamples()
        samples.add(ClockSamples.Sample(recordNumber: 1, id: 1, createdOn: 1_000, sent: 1_000, responded: 900))
        #expect(samples.buckets.isEmpty)
    }

    @Test("enough samples near an instant leave those further off out of account; else they count, widened by drift")
    func nearness() {
        var samples = ClockSamples()
        for number in 0..<20 as Range<Int64> { samples.add(Self.sample(1_000_000 + number * 10)) }
        for number in 0..<20 as Range<Int64> { samples.add(Self.sample(2_000_000 + number * 10, ahead: 700)) }
        #expect(samples.difference(from: 1_000_000, until: 1_000_000)?.range == -5...5)
        #expect(samples.difference(from: 2_000_000, until: 2_000_000)?.range == 695...705)
        let between = samples.difference(from: 1_500_000, until: 1_500_000)
        #expect(between?.range.contains(0) == true && between?.range.contains(700) == true)
    }

    @Test("memory is bounded however long a run lasts") func bounded() {
        var samples = ClockSamples()
        for number in 0..<10_000 as Range<Int64> { samples.add(Self.sample(number * ClockSamples.spanMilliseconds)) }
        #expect(samples.buckets.count <= ClockSamples.bucketsMax)
        #expect(samples.examples.count <= ClockSamples.examplesMax)
    }

    @Test("no sample is kept as an example twice, whichever of them begins a bucket") func examplesOnce() {
        for first in 0..<20 as Range<Int64> {
            var samples = ClockSamples()
            // The sample number `first`, and every one after it, begins a bucket.
            for number in 0..<20 as Range<Int64> {
                samples.add(Self.sample(number + max(0, number - first + 1) * ClockSamples.spanMilliseconds))
            }
            let records = samples.examples.map(\.recordNumber)
            #expect(records.count == Set(records).count, "the bucket of sample \(first)")
        }
    }

    @Test(
        "the grain of instants",
        arguments: [
            ([1_000, 2_000, 5_000], 1_000), ([1_001, 2_000, 5_000], 1), ([60_000, 180_000], 60_000), ([10, 30], 10),
            ([0], 86_400_000), ([-1_000, 4_000], 1_000),
        ] as [([Int64], Int64)])
    func grain(instants: [Int64], expected: Int64) { #expect(ListRelation.grain(of: instants) == expected) }
}
