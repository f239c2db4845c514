/// The names of elements and attributes that ``XMLQuickReader`` knows, and what they stand for.
///
/// A name comes in when a record with it goes to libxml2. So libxml2 knows each of them, and its own bound on names
/// holds as if it read all of the document.
@safe final class XMLQuickNames {
    /// The longest name, and the number of names.
    static let bytesMax = 32, namesMax = 64

    /// A name, whose first byte is the lowest of the first word; the bytes behind it are 0. Where there is no name yet,
    /// the words are such that no bytes equal them.
    struct Entry {
        fileprivate(set) var words: (UInt64, UInt64, UInt64, UInt64)
        /// The bits of the first word that belong to the name.
        fileprivate(set) var mask: UInt64 = 0
        /// The number of bytes.
        fileprivate(set) var count = 0
        /// What a member of the name stands for.
        fileprivate(set) var member = RecordMember.other
        /// Whether an element of the name may be a record.
        fileprivate(set) var isRecord = true
        /// The place of the name that followed this one last: most likely the next to come.
        var next = 0
    }

    /// The names where they are, as long as the object lives that has them.
    @unsafe struct Places {
        /// The names, of which `count` are set; the memory is for ``namesMax``.
        let entries: UnsafeMutablePointer<Entry>
        fileprivate(set) var count = 0

        /// The place of a name; nil where it isn't known.
        func place(of name: Span<UInt8>) -> Int? {
            guard let entry = XMLQuickNames.entry(name) else { return nil }
            // Safe: the places below `count` are initialised.
            for place in unsafe 0..<count
            where unsafe entries[place].count == entry.count && entries[place].words == entry.words {
                return place
            }
            return nil
        }
    }

    private(set) var places: Places

    /// No names, or those that others have known.
    init(_ entries: [Entry] = []) {
        unsafe places = Places(entries: .allocate(capacity: Self.namesMax))
        unsafe places.entries.initialize(repeating: Entry(words: (.max, 0, 0, 0)), count: Self.namesMax)
        // Safe: others know no more names than there is room for.
        for (place, entry) in entries.enumerated() { unsafe places.entries[place] = entry }
        unsafe places.count = entries.count
    }

    /// The names that are known.
    var entries: [Entry] {
        // Safe: the places below `count` are initialised.
        unsafe Array(UnsafeBufferPointer(start: places.entries, count: places.count))
    }

    deinit { unsafe places.entries.deallocate() }

    /// Makes a name known, if it has only letters, digits, `_`, `-` and `.` of ASCII, begins as a name may, and there
    /// is room; not the one that declares a name space.
    func add(_ name: Span<UInt8>, _ mapping: MemberMapping, isRecord: Bool) {
        guard unsafe places.count < Self.namesMax, name.count > 0, !name.isNamed("xmlns"),
            unsafe places.place(of: name) == nil,
            var entry = Self.entry(name), Self.isLetter(name[0]) || name[0] == UInt8(ascii: "_")
        else { return }
        for index in 0..<name.count where !Self.isName(name[index]) { return }
        entry.member = mapping.member(name)
        entry.isRecord = isRecord
        // Safe: `count` is below the capacity.
        unsafe places.entries[places.count] = entry
        unsafe places.count += 1
    }

    fileprivate static func entry(_ name: Span<UInt8>) -> Entry? {
        guard name.count <= bytesMax else { return nil }
        func word(_ part: Int) -> UInt64 {
            var word: UInt64 = 0
            for index in stride(from: min(name.count, part * 8 + 8) - 1, through: part * 8, by: -1) {
                word = word << 8 | UInt64(name[index])
            }
            return word
        }
        var entry = Entry(words: (word(0), word(1), word(2), word(3)))
        entry.count = name.count
        entry.mask = name.count >= 8 ? .max : 1 << UInt64(name.count * 8) &- 1
        return entry
    }

    /// Whether a byte may stand in a name that this knows.
    static func isName(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
