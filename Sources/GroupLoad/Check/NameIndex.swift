/// The names that stood so far, as keyed hashes: 24 bytes an entry, no strings.
///
/// An entry holds 64 bits of the folded name's hash, 64 of the canonical name's, the record's number and its rank. It is
/// found by the folded half, so that one table tells a repeat (both halves agree) from a near-duplicate (only the folded
/// half does). Two different names are taken for one with a probability of about n²/2¹²⁹ for n names, whoever chose them,
/// for the key is random.
///
/// The table is 256 shards with linear probing; each grows by a quarter when nine tenths full, so growing never copies the whole.
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

    private var shards = [Shard](repeating: Shard(), count: 256)

    package init() {}

    /// Looks `key` up, and puts it in with `record` and `rank` unless it is there.
    ///
    /// - Precondition: `record` is from 1 to ``recordMax``.
    package mutating func insert(_ key: Key, record: Int64, rank: Int32?) -> Finding {
        precondition((1...Self.recordMax).contains(record))
        let finding = shards[Int(key.folded & 255)].insert(key, record: UInt32(record), rank: rank)
        if case .duplicate = finding { return finding }
        count += 1
        return finding
    }

    private struct Entry {
        var folded: UInt64 = 0
        var exact: UInt64 = 0
        /// The record's number, and in the top bit whether it has a rank. 0 marks a free entry.
        var record: UInt32 = 0
        var rank: Int32 = 0
    }

    private struct Shard {
        private var entries: [Entry] = []
        private var used = 0

        mutating func insert(_ key: Key, record: UInt32, rank: Int32?) -> Finding {
            if used * 10 >= entries.count * 9 { grow() }
            var slot = home(key.folded, entries.count)
            var isNear = false
            while entries[slot].record != 0 {
                let entry = entries[slot]
                if entry.folded == key.folded {
                    if entry.exact == key.exact {
                        let rank = entry.record >> 31 == 1 ? entry.rank : nil
                        return .duplicate(record: Int64(entry.record & 0x7fff_ffff), rank: rank)
                    }
                    isNear = true
                }
                slot = slot + 1 == entries.count ? 0 : slot + 1
            }
            entries[slot] = Entry(
                folded: key.folded, exact: key.exact,
                record: record | (rank == nil ? 0 : 1 << 31), rank: rank ?? 0)
            used += 1
            return isNear ? .nearDuplicate : .new
        }

        /// Where a probe starts: the hash scaled to the capacity, which need not be a power of two.
        private func home(_ hash: UInt64, _ capacity: Int) -> Int {
            Int(hash.multipliedFullWidth(by: UInt64(capacity)).high)
        }

        private mutating func grow() {
            let old = entries
            entries = [Entry](repeating: Entry(), count: max(16, old.count + old.count / 4))
            for entry in old where entry.record != 0 {
                var slot = home(entry.folded, entries.count)
                while entries[slot].record != 0 { slot = slot + 1 == entries.count ? 0 : slot + 1 }
                entries[slot] = entry
            }
        }
    }
}
