import GroupLoad
import Testing

@Suite struct NameIndexTests {
    @Test func tellsNewNearAndRepeated() {
        var index = NameIndex()
        #expect(index.insert(.init(folded: 7, exact: 1 << 60), recordNumber: 1, rank: 5) == .new)
        #expect(
            index.insert(.init(folded: 7, exact: 2 << 60), recordNumber: 2, rank: nil)
                == .nearDuplicate(recordNumber: 1))
        #expect(
            index.insert(.init(folded: 7, exact: 1 << 60), recordNumber: 3, rank: 6)
                == .duplicate(recordNumber: 1, rank: 5, isActive: nil))
        #expect(
            index.insert(.init(folded: 7, exact: 2 << 60), recordNumber: 4, rank: 0)
                == .duplicate(recordNumber: 2, rank: nil, isActive: nil))
        #expect(index.insert(.init(folded: 0, exact: 0), recordNumber: 5, rank: .min) == .new)
        #expect(
            index.insert(.init(folded: 0, exact: 0), recordNumber: 6, rank: nil)
                == .duplicate(recordNumber: 5, rank: .min, isActive: nil))
        #expect(index.count == 3)
    }

    @Test(
        "memory that is set aside leaves names alone that are all nearly one another, more than there is room for",
        .timeLimit(.minutes(1)))
    func crowded() {
        var index = NameIndex()
        func key(_ number: Int64) -> NameIndex.Key { NameIndex.Key(folded: 7, exact: UInt64(number) << 26) }
        for number in 1...2_000 as ClosedRange<Int64> { _ = index.insert(key(number), recordNumber: number, rank: nil) }
        index.reserve(names: 100_000)
        for number in 1...2_000 as ClosedRange<Int64> {
            #expect(
                index.insert(key(number), recordNumber: 3_000, rank: nil)
                    == .duplicate(recordNumber: number, rank: nil, isActive: nil))
        }
        #expect(index.insert(key(2_001), recordNumber: 3_001, rank: nil) == .nearDuplicate(recordNumber: 1))
        #expect(index.count == 2_001)
    }

    @Test("keeps activity, and lets a valid record take the place of an invalid one, once") func marks() {
        var index = NameIndex()
        let (name, other) = (NameIndex.Key(folded: 7, exact: 1 << 60), NameIndex.Key(folded: 7, exact: 2 << 60))
        #expect(index.insert(name, recordNumber: 1, rank: nil, mark: .invalid) == .new)
        #expect(index.insert(name, recordNumber: 2, rank: nil, mark: .invalid) == .invalid(recordNumber: 1))
        #expect(index.insert(other, recordNumber: 3, rank: nil, mark: .inactive) == .nearDuplicate(recordNumber: 1))
        #expect(index.insert(name, recordNumber: 4, rank: 5, mark: .active) == .invalid(recordNumber: 1))
        #expect(
            index.insert(name, recordNumber: 5, rank: 6)
                == .duplicate(recordNumber: 4, rank: 5, isActive: true))
        #expect(
            index.insert(name, recordNumber: 6, rank: nil, mark: .invalid)
                == .duplicate(recordNumber: 4, rank: 5, isActive: true))
        #expect(
            index.insert(other, recordNumber: 7, rank: nil)
                == .duplicate(recordNumber: 3, rank: nil, isActive: false))
        #expect(index.count == 2)
    }

    @Test(
        "agrees with a dictionary, with room set aside before, too little, or later", arguments: [UInt64(1)],
        [0, 100_000, 150_000, -1])
    func agreesWithADictionary(seed: UInt64, reserved: Int) {
        var index = NameIndex()
        index.reserve(names: reserved)
        var first: [UInt64: (Int64, Int32?)] = [:]
        var state = seed
        for recordNumber in Int64(1)...200_000 {
            if recordNumber == 30_000, reserved < 0 { index.reserve(names: 100_000) }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let name = (state >> 33) % 150_000
            let folded = name &* 0x9e37_79b9_7f4a_7c15
            let rank: Int32? = name % 3 == 0 ? nil : Int32(truncatingIfNeeded: state >> 40)
            let found = index.insert(.init(folded: folded, exact: ~folded), recordNumber: recordNumber, rank: rank)
            if let (recordNumber, rank) = first[name] {
                #expect(found == .duplicate(recordNumber: recordNumber, rank: rank, isActive: nil), "seed \(seed)")
            } else {
                #expect(found == .new, "seed \(seed)")
                first[name] = (recordNumber, rank)
            }
        }
        #expect(index.count == first.count)
    }
}
