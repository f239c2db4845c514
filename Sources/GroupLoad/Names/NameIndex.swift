/// The names that stood so far, as keyed hashes: 20 bytes an entry, no strings.
///
/// A name is known by 64 bits of its near form's hash and 38 of its own. It is found by the near half, so that one
/// table tells a duplicate (both agree) from a near-duplicate (only the near half does). Two different names are
/// taken for one with a probability of about n²/2¹⁰³ for n names, whoever chose them, for the key is random.
///
/// To its maintainers: the table is 256 shards. The shard stands for 8 bits of the folded hash; an entry's tag holds 32
/// more, its word the other 24, the name's own 38, and its mark. Memory for as many names as the input is likely to
/// have is set aside at once, in huge pages, for what a look-up costs is finding its page. Past that (and where nothing
/// is known of the input) a shard grows by a sixth when it is 92 % full; the shards begin at different sizes, so that
/// they don't all grow at once: together they are always about 86 % full, 23 to 24 bytes a name.
///
/// Safe, wherever it says `unsafe`: `shards` holds 256 initialised shards for as long as the index lives, and eight
/// bits of a hash number them.
@safe package struct NameIndex: ~Copyable {
    /// What is known of a name that is looked up.
    package enum Insertion: Equatable {
        /// It has not stood before, and stands from now on.
        case new
        /// As ``new``, but a name of the same near form stood already, in the record of this number.
        case nearDuplicate(recordNumber: Int64)
        /// It stood already in the record of this number, with `rank` and an activity.
        case duplicate(recordNumber: Int64, rank: Int32?, isActive: Bool?)
        /// It stood already, but only in invalid records, of which this is the first. A valid record takes its place.
        case invalid(recordNumber: Int64)
    }

    /// What is known of a name's record beside its rank.
    package enum Mark: UInt64 {
        /// It is valid, and says nothing about the group's activity.
        case plain
        /// It is valid, and the group is not to be active.
        case inactive
        /// It is valid, and the group is to be active.
        case active
        /// It is invalid for something else than its name.
        case invalid

        /// The mark of a valid record.
        @inline(__always)
        init(isActive: Bool?) {
            self = isActive.map { $0 ? .active : .inactive } ?? .plain
        }

        /// What a valid record says of the group's activity; nil where it says nothing.
        var isActive: Bool? { self == .plain ? nil : self == .active }
    }

    /// The two halves that a name is known by.
    package struct Key: Equatable {
        /// 64 bits of the hash of the name's near form (``NearName``).
        package var folded: UInt64
        /// The hash of the name itself, of which the index keeps 38 bits.
        package var exact: UInt64

        /// Makes a key of two hashes.
        package init(folded: UInt64, exact: UInt64) {
            self.folded = folded
            self.exact = exact
        }

        /// The key of no name.
        static let none = Key(folded: 0, exact: 0)
    }

    /// The highest record number that an entry can hold.
    package static let recordMax: Int64 = 1 << 31 - 1

    /// Names in the index.
    package private(set) var count = 0

    private static let shardBits: UInt64 = 8
    private let shards: UnsafeMutableBufferPointer<NameShard>

    /// Makes an empty index of 256 shards; ``reserve(names:)`` gives it memory.
    package init() {
        unsafe shards = .allocate(capacity: 1 << Self.shardBits)
        for number in unsafe shards.indices {
            // 4 to 4.67 blocks, evenly: the sizes that a growth by a sixth lies between.
            let part = unsafe Double(number) / Double(shards.count)
            unsafe shards.initializeElement(at: number, to: NameShard(blocks: 4 + part * 4 / 6))
        }
    }

    deinit {
        // Safe: all shards were initialised, and are used no more. Their memory goes before what it may be a part of.
        unsafe shards.deinitialize()
        unsafe shards.deallocate()
    }

    /// Sets memory aside for `names` names in all. To be asked for once, before there are many; a guess will do.
    package mutating func reserve(names: Int) {
        guard reserved.isEmpty, names > count, names >= Self.reservedNamesMin else { return }
        let share = unsafe min(names, Int(Self.recordMax)) / shards.count
        let blocks = NameShard.blocks(names: share, percent: Self.reservedPercent)
        let bytes = NameShard.bytes(blocks: blocks)
        guard let region = unsafe ShardMemory(mapping: bytes * shards.count) else { return }
        region.clear()
        reserved = region
        // One that has more names already, as near-duplicates of each other are in one, keeps its own memory.
        for number in unsafe shards.indices where unsafe shards[number].fits(blocks: blocks) {
            let memory = reserved.lend(number * bytes..<(number + 1) * bytes)
            unsafe shards[number].move(to: memory, blocks: blocks)
        }
    }

    /// Below so many names, growing costs less than asking.
    private static let reservedNamesMin = 100_000
    /// How full the memory that was set aside is when the guess comes true.
    private static let reservedPercent = 92
    private var reserved = ShardMemory()

    /// Brings the tags among which `key` is looked for nearer, so that a look-up a little later needn't wait for them.
    @inline(__always)
    func prefetchTags(_ key: Key) { unsafe shards[Self.shard(of: key)].prefetchTags(Self.shardKey(of: key)) }

    /// Brings the entry nearer that a look-up of `key` will read or write; its tags should be near by now.
    @inline(__always)
    func prefetchEntry(_ key: Key) { unsafe shards[Self.shard(of: key)].prefetchEntry(Self.shardKey(of: key)) }

    /// Looks `key` up, and puts it in with `recordNumber`, `rank` and `mark` unless it is there.
    ///
    /// - Precondition: `recordNumber` is from 1 to ``recordMax``.
    @inline(__always)
    package mutating func insert(
        _ key: Key, recordNumber: Int64, rank: Int32?, mark: Mark = .plain
    ) -> Insertion {
        precondition((1...Self.recordMax).contains(recordNumber))
        let finding = unsafe shards[Self.shard(of: key)]
            .insert(
                Self.shardKey(of: key), recordNumber: UInt32(truncatingIfNeeded: recordNumber), rank: rank, mark: mark)
        switch finding {
        case .duplicate, .invalid: return finding
        case .new, .nearDuplicate: break
        }
        count += 1
        return finding
    }

    @inline(__always)
    private static func shard(of key: Key) -> Int { Int(truncatingIfNeeded: key.folded >> (64 - shardBits)) }

    @inline(__always)
    private static func shardKey(of key: Key) -> NameShard.Key {
        NameShard.Key(
            tag: max(1, UInt32(truncatingIfNeeded: key.folded >> 24)),
            word: key.folded << NameShard.Key.exactBits
                | key.exact >> (64 - NameShard.Key.exactBits) & ~NameShard.Key.markMask)
    }
}
