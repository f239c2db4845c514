import CScan

/// The names that stood so far, as keyed hashes: 20 bytes an entry, no strings.
///
/// A name is known by 64 bits of its folded form's hash and 40 of its own. It is found by the folded half, so that one table
/// tells a repeat (both agree) from a near-duplicate (only the folded half does). Two different names are taken for one with
/// a probability of about n²/2¹⁰⁵ for n names, whoever chose them, for the key is random.
///
/// To its maintainers: the table is 256 shards, each with linear probing over an array of its own. The shard stands for 8
/// bits of the folded hash; an entry's tag holds 32 more, its word the other 24 and the name's own 40. Tags stand together,
/// so that a probe looks at 16 of them at once, and the rest is touched only where a tag agrees. Memory for as many names as
/// the input is likely to have is set aside at once, in huge pages, for what a look-up costs is finding its page. Past that
/// (and where nothing is known of the input) a shard grows by a sixth when it is 92 % full; the shards begin at different
/// sizes, so that they don't all grow at once: together they are always about 86 % full, 23 to 24 bytes a name.
package struct NameIndex: ~Copyable {
    /// What is known of a name that is looked up.
    package enum Finding: Equatable {
        /// It has not stood before, and stands from now on.
        case new
        /// As ``new``, but a name that differs from it only when folded stands already.
        case nearDuplicate
        /// It stood already in `record`, with `rank`.
        case duplicate(record: Int64, rank: Int32?)
    }

    /// The two halves that a name is known by.
    package struct Key: Equatable {
        package var folded: UInt64
        package var exact: UInt64

        package init(folded: UInt64, exact: UInt64) {
            self.folded = folded
            self.exact = exact
        }
    }

    /// The highest record number that an entry can hold.
    package static let recordMax: Int64 = 1 << 31 - 1

    /// Names in the index.
    package private(set) var count = 0

    private static let shardBits = 8
    private let shards: UnsafeMutableBufferPointer<Shard>

    package init() {
        shards = .allocate(capacity: 1 << Self.shardBits)
        for number in shards.indices {
            // 64 to 74 entries, evenly: the sizes that a growth by a sixth lies between.
            shards.initializeElement(at: number, to: Shard(capacityFirst: 64 + number * 11 / shards.count))
        }
    }

    deinit {
        for number in shards.indices { shards[number].memory.free() }
        shards.deallocate()
        reserved?.free()
    }

    /// Sets memory aside for `names` names in all. To be asked for once, before there are many; a guess will do.
    package mutating func reserve(names: Int) {
        guard reserved == nil, names > count, names >= Self.reservedNamesMin else { return }
        // 88 % full when the guess comes true, and each shard's arrays on cache lines of their own.
        let capacity = (min(names, Int(Self.recordMax)) * 100 / 88 / shards.count + 31) & ~31
        let bytes = ShardMemory.bytes(capacity)
        guard let region = ShardMemory(mapping: bytes * shards.count) else { return }
        reserved = region
        for number in shards.indices {
            let memory = region.lend(number * bytes..<(number + 1) * bytes)
            shards[number].move(to: memory, capacity: capacity)
        }
    }

    /// Below so many names, growing costs less than asking.
    private static let reservedNamesMin = 100_000
    private var reserved: ShardMemory?

    /// Brings the tags among which `key` is looked for nearer, so that a look-up a little later needn't wait for them.
    func prefetchTags(_ key: Key) {
        let entry = EntryKey(key)
        shards[entry.shard].prefetchTags(entry)
    }

    /// Brings the entry nearer that a look-up of `key` will read or write; its tags should be near by now.
    func prefetchEntry(_ key: Key) {
        let entry = EntryKey(key)
        shards[entry.shard].prefetchEntry(entry)
    }

    /// Looks `key` up, and puts it in with `record` and `rank` unless it is there.
    ///
    /// - Precondition: `record` is from 1 to ``recordMax``.
    package mutating func insert(_ key: Key, record: Int64, rank: Int32?) -> Finding {
        precondition((1...Self.recordMax).contains(record))
        let entry = EntryKey(key)
        let finding = shards[entry.shard].insert(entry, record: UInt32(record), rank: rank)
        if case .duplicate = finding { return finding }
        count += 1
        return finding
    }

    /// A key as a shard holds it.
    private struct EntryKey {
        let shard: Int
        /// Never 0, which marks a free place.
        let tag: UInt32
        /// 24 bits of the folded half, and 40 of the exact one.
        let word: UInt64

        static let exactBits: UInt64 = 40

        init(_ key: Key) {
            shard = Int(key.folded >> UInt64(64 - NameIndex.shardBits))
            tag = max(1, UInt32(truncatingIfNeeded: key.folded >> 24))
            word = key.folded << Self.exactBits | key.exact >> (64 - Self.exactBits)
        }
    }

    private struct Entry {
        var word: UInt64
        /// The record's number, and in the top bit whether it has a rank.
        var record: UInt32
        var rank: Int32
    }

    /// One shard; whoever holds it frees its memory.
    private struct Shard {
        private(set) var memory = ShardMemory()
        private var tags: UnsafeMutablePointer<UInt32>?
        private var entries: UnsafeMutablePointer<Entry>?
        private var capacity: Int
        private var used = 0
        /// Names at which it grows.
        private var usedMax = 0

        /// A shard without memory, whose first capacity is `capacityFirst`.
        init(capacityFirst: Int) { capacity = capacityFirst }

        func prefetchTags(_ key: EntryKey) {
            guard let tags else { return }
            // A probe looks at 32 tags or so, which are in three cache lines.
            let first = tags + home(key.tag)
            scanPrefetch(first)
            scanPrefetch(first + 16)
            scanPrefetch(first + 32)
        }

        func prefetchEntry(_ key: EntryKey) {
            guard let tags, let entries else { return }
            var slot = home(key.tag)
            // What is found past the end, or changed meanwhile, costs a wait later, and no more.
            while slot + 16 <= capacity {
                let masks = scanTags(tags + slot, key.tag)
                let found = masks | masks >> 16
                if found & 0xffff != 0 { return scanPrefetch(entries + slot + found.trailingZeroBitCount) }
                slot += 16
            }
        }

        mutating func insert(_ key: EntryKey, record: UInt32, rank: Int32?) -> Finding {
            if used >= usedMax { grow() }
            guard let tags, let entries else { preconditionFailure("a shard that has grown has memory") }
            var slot = home(key.tag)
            var isNear = false
            while true {
                // Sixteen places at a time, but one by one where fewer are left before the end.
                let step = slot + 16 <= capacity ? 16 : 1
                let masks = step == 16 ? scanTags(tags + slot, key.tag) : Self.masks(tags[slot], key.tag)
                let free = masks >> 16
                // Those before the first free place.
                var agreeing = masks & 0xffff & ((free & (0 &- free)) &- 1)
                while agreeing != 0 {
                    let entry = entries[slot + agreeing.trailingZeroBitCount]
                    agreeing &= agreeing - 1
                    guard (entry.word ^ key.word) >> EntryKey.exactBits == 0 else { continue }
                    if entry.word == key.word {
                        let rank = entry.record >> 31 == 1 ? entry.rank : nil
                        return .duplicate(record: Int64(entry.record & 0x7fff_ffff), rank: rank)
                    }
                    isNear = true
                }
                if free != 0 {
                    slot += free.trailingZeroBitCount
                    break
                }
                slot += step
                if slot == capacity { slot = 0 }
            }
            tags[slot] = key.tag
            entries[slot] = Entry(word: key.word, record: record | (rank == nil ? 0 : 1 << 31), rank: rank ?? 0)
            used += 1
            return isNear ? .nearDuplicate : .new
        }

        /// What `scanTags` says, of one place.
        private static func masks(_ tag: UInt32, _ wanted: UInt32) -> UInt32 {
            (tag == wanted ? 1 : 0) | (tag == 0 ? 1 << 16 : 0)
        }

        /// Where a probe starts: the tag scaled to the capacity.
        private func home(_ tag: UInt32) -> Int { Int((UInt64(tag) * UInt64(capacity)) >> 32) }

        private mutating func grow() {
            let grown = tags == nil ? capacity : capacity + capacity / 6
            move(to: ShardMemory(bytes: ShardMemory.bytes(grown)), capacity: grown)
        }

        /// Moves what it holds to other memory, which must be zero and holds `capacity` entries, and frees its own.
        mutating func move(to other: ShardMemory, capacity newCapacity: Int) {
            let (old, oldTags, oldEntries, oldCapacity) = (memory, tags, entries, capacity)
            memory = other
            capacity = newCapacity
            usedMax = capacity * 92 / 100
            let newTags = other.bytes.baseAddress!.bindMemory(to: UInt32.self, capacity: capacity)
            let newEntries = (other.bytes.baseAddress! + ShardMemory.entriesOffset(capacity))
                .bindMemory(to: Entry.self, capacity: capacity)
            (tags, entries) = (newTags, newEntries)
            guard let oldTags, let oldEntries else { return }
            for place in 0..<oldCapacity where oldTags[place] != 0 {
                var slot = home(oldTags[place])
                while newTags[slot] != 0 {
                    slot += 1
                    if slot == capacity { slot = 0 }
                }
                newTags[slot] = oldTags[place]
                newEntries[slot] = oldEntries[place]
            }
            old.free()
        }
    }
}
