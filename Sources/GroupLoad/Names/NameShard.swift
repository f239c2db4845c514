import CScan

/// One part of the name index, which has memory of its own. One owner.
///
/// To its maintainers: its memory is blocks of 16 places, each five cache lines: the tags in the first, then the
/// entries. So a look-up nearly always needs one line for the tags and another on the same page for the entry. A block
/// is filled from its first place on; a name whose block is full goes into the next one, the first following the last.
///
/// Safe, wherever it says `unsafe`: `base` is where `memory` stands, which lives as long as the shard does and holds
/// `blocks` blocks; every block's number is below `blocks`, for ``home(_:)`` and ``next(_:)`` give no other, and every
/// place in a block is below 16, for it is a bit's of a mask of 16. All of it is zeroed or was written before, as tags
/// and entries, which are plain numbers.
@safe struct NameShard: ~Copyable {
    /// A name as a shard holds it.
    struct Key {
        /// Never 0, which marks a free place.
        var tag: UInt32
        /// What else is known of the name; the bits of ``markMask`` are 0.
        var word: UInt64
        /// The bits of `word`, from the lowest, in which near-duplicates differ.
        static let exactBits: UInt64 = 40
        /// The lowest of those, in which an entry has the mark of its record.
        static let markMask: UInt64 = 3
    }

    private struct Entry {
        var word: UInt64
        /// The record's number, and in the top bit whether it has a rank.
        var recordNumber: UInt32
        var rank: Int32

        @inline(__always)
        init(_ key: Key, _ recordNumber: UInt32, _ rank: Int32?, _ mark: NameIndex.Mark) {
            word = key.word | mark.rawValue
            self.recordNumber = recordNumber | (rank == nil ? 0 : 1 << 31)
            self.rank = rank ?? 0
        }
    }

    /// Places in a block, and its bytes: 16 tags of 4 and 16 entries of 16.
    private static let blockPlaces = 16, blockBytes = 320, entriesOffset = 64
    /// How full a shard may be: past that, it grows by a sixth.
    private static let percentMax = 92, percentMaxReserved = 95

    private var memory = ShardMemory()
    private var base: UnsafeMutableRawPointer?
    private var blocks = 0
    private var used = 0
    /// Names at which it grows.
    private var usedMax = 0
    /// The blocks that it is to have, before that is rounded: so that shards of different sizes stay so.
    private var blocksWanted: Double

    /// A shard without memory, of `blocks` blocks once it has a name.
    init(blocks: Double) { blocksWanted = blocks }

    /// The bytes of `blocks` blocks.
    static func bytes(blocks: Int) -> Int { blocks * blockBytes }

    /// The blocks in which `names` names take up `percent` of the places.
    static func blocks(names: Int, percent: Int) -> Int {
        (names * 100 / percent + blockPlaces - 1) / blockPlaces
    }

    /// Brings the tags among which `key` is looked for nearer.
    func prefetchTags(_ key: Key) {
        guard let base = unsafe base else { return }
        unsafe scanPrefetch(base + home(key.tag) * Self.blockBytes)
    }

    /// Brings the entry nearer that a look-up of `key` will read or write; its tags should be near by now.
    func prefetchEntry(_ key: Key) {
        guard let base = unsafe base else { return }
        let first = home(key.tag)
        let block = unsafe base + first * Self.blockBytes
        let masks = unsafe scanTags(block.assumingMemoryBound(to: UInt32.self), key.tag)
        let places = (masks | masks >> 16) & 0xffff
        // What is found further on, or changed meanwhile, costs a wait later, and no more.
        guard places != 0 else { return unsafe scanPrefetch(base + next(first) * Self.blockBytes) }
        unsafe scanPrefetch(Self.entries(block) + places.trailingZeroBitCount)
    }

    /// Looks `key` up, and puts it in with `recordNumber`, `rank` and `mark` unless it is there.
    @inline(__always)
    mutating func insert(
        _ key: Key, recordNumber: UInt32, rank: Int32?, mark: NameIndex.Mark
    ) -> NameIndex.Insertion {
        if used >= usedMax { grow() }
        guard let base = unsafe base else { preconditionFailure("a shard that has grown has memory") }
        var number = home(key.tag)
        // The first record of a name that differs from it only when folded; 0 for none.
        var near: UInt32 = 0
        while true {
            let block = unsafe base + number * Self.blockBytes
            let tags = unsafe block.assumingMemoryBound(to: UInt32.self)
            let entries = unsafe Self.entries(block)
            let masks = unsafe scanTags(tags, key.tag)
            // Those of places that aren't free, for no tag is 0.
            var agreeing = masks & 0xffff
            while agreeing != 0 {
                let place = agreeing.trailingZeroBitCount
                let entry = unsafe entries[place]
                agreeing &= agreeing &- 1
                let difference = entry.word ^ key.word
                guard difference >> Key.exactBits == 0 else { continue }
                if difference <= Key.markMask {
                    let found = Self.finding(entry)
                    // A valid record takes the place of an invalid one.
                    if case .invalid = found, mark != .invalid {
                        unsafe entries[place] = Entry(key, recordNumber, rank, mark)
                    }
                    return found
                }
                let other = entry.recordNumber & 0x7fff_ffff
                near = near == 0 ? other : min(near, other)
            }
            let free = masks >> 16
            if free != 0 {
                let place = free.trailingZeroBitCount
                unsafe tags[place] = key.tag
                unsafe entries[place] = Entry(key, recordNumber, rank, mark)
                used += 1
                return near == 0 ? .new : .nearDuplicate(recordNumber: Int64(near))
            }
            number = next(number)
        }
    }

    /// What an entry says whose name was looked up.
    @inline(never)
    private static func finding(_ entry: Entry) -> NameIndex.Insertion {
        let recordNumber = Int64(entry.recordNumber & 0x7fff_ffff)
        guard let mark = NameIndex.Mark(rawValue: entry.word & Key.markMask), mark != .invalid else {
            return .invalid(recordNumber: recordNumber)
        }
        return .duplicate(
            recordNumber: recordNumber, rank: entry.recordNumber >> 31 == 1 ? entry.rank : nil,
            isActive: mark.isActive)
    }

    /// Whether what it holds, and one name more, has room in memory of `blocks` blocks that was set aside.
    func fits(blocks: Int) -> Bool { used < Self.usedMax(blocks: blocks, isReserved: true) }

    private static func usedMax(blocks: Int, isReserved: Bool) -> Int {
        blocks * blockPlaces * (isReserved ? percentMaxReserved : percentMax) / 100
    }

    /// Moves what it holds to other memory, which must be zero and of `blocks` blocks, enough for it; its own goes.
    mutating func move(to other: consuming ShardMemory, blocks newBlocks: Int) {
        let (oldBase, oldBlocks) = unsafe (base, blocks)
        guard let newBase = unsafe other.bytes.baseAddress else { preconditionFailure("a shard's memory isn't empty") }
        let isReserved = other.isLent
        swap(&memory, &other)
        unsafe (base, blocks) = (newBase, newBlocks)
        blocksWanted = Double(newBlocks)
        usedMax = Self.usedMax(blocks: newBlocks, isReserved: isReserved)
        if let oldBase = unsafe oldBase {
            for number in 0..<oldBlocks {
                let block = unsafe oldBase + number * Self.blockBytes
                let tags = unsafe block.assumingMemoryBound(to: UInt32.self)
                for place in 0..<Self.blockPlaces where unsafe tags[place] != 0 {
                    unsafe put(tags[place], Self.entries(block)[place])
                }
            }
        }
        // What it had, which is copied now.
        other.giveBack()
    }

    /// Puts an entry in that isn't there.
    private func put(_ tag: UInt32, _ entry: Entry) {
        guard let base = unsafe base else { return }
        var number = home(tag)
        while true {
            let block = unsafe base + number * Self.blockBytes
            let tags = unsafe block.assumingMemoryBound(to: UInt32.self)
            let free = unsafe scanTags(tags, tag) >> 16
            if free != 0 {
                unsafe tags[free.trailingZeroBitCount] = tag
                unsafe Self.entries(block)[free.trailingZeroBitCount] = entry
                return
            }
            number = next(number)
        }
    }

    private mutating func grow() {
        var grown = unsafe base == nil ? blocksWanted : blocksWanted * 7 / 6
        while Int(grown.rounded(.up)) <= blocks { grown = grown * 7 / 6 }
        let count = Int(grown.rounded(.up))
        move(to: ShardMemory(bytes: Self.bytes(blocks: count)), blocks: count)
        blocksWanted = grown
    }

    /// The block at which a probe starts: the tag scaled to their number.
    @inline(__always)
    private func home(_ tag: UInt32) -> Int { Int(truncatingIfNeeded: (UInt64(tag) &* UInt64(blocks)) >> 32) }

    @inline(__always)
    private func next(_ number: Int) -> Int { number + 1 == blocks ? 0 : number + 1 }

    @inline(__always)
    private static func entries(_ block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Entry> {
        unsafe (block + entriesOffset).assumingMemoryBound(to: Entry.self)
    }
}
