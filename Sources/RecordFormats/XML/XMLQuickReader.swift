internal import CScan

/// Reads records in place in a piece of a document, as long as they are of the shape that nearly all have: an element
/// whose attributes, and whose child elements' texts and attributes, are plain. What else there is, or is near the end
/// of the piece, is left to libxml2, which alone finds errors and their places.
///
/// Plain are names that ``XMLQuickNames`` knows; text without CR, with no references but those to characters and XML's
/// own entities; and values of attributes that are also without line ends and tabs. White space may separate tags.
///
/// To its maintainers: `reachBytes` bytes from an offset on may be read wherever it is at most `last`; each step that
/// moves the offset says how that holds again. The steps that nearly all records take are inlined, and what they change
/// is in one small value: the rare ones, in XMLQuickReader+Rare.swift, get a copy of it, so that it stays in registers.
/// A record that is read has ASCII outside its texts and values, so `hasNonASCII` tells whether its characters must be
/// checked.
@unsafe struct XMLQuickReader {
    /// The bytes that one step may read: more than a text's 32, and than an end tag with the longest name.
    static let reachBytes = 64

    /// Where the reader is, and what it has found.
    struct State {
        /// The offset of the next byte.
        var index: Int
        /// The line ends passed.
        var lineEnds: Int64 = 0
        /// The place of the name that was read last.
        var place = 0
        /// Whether the record has bytes from 0x80 on.
        var hasNonASCII = false
        /// Where the name ends that begins at `index`, and is not known; 0 where no record was left for such a name.
        var unknownEnd = 0

        init(index: Int) { self.index = index }
    }

    /// Records that are read one behind the other.
    struct Run {
        /// The number of records before the next.
        var recordsRead: Int64
        /// The line that the next byte stands on.
        var line: Int64
        /// Where the last record ends.
        var end = 0
        /// A name that is not known, for which the next record was left.
        var unknown: Range<Int>?
    }

    /// How a tag ends.
    enum TagEnd { case open, empty }

    let bytes: UnsafePointer<UInt8>
    private let count: Int
    let last: Int
    let names: XMLQuickNames.Places
    /// What is added to an offset in the piece to give its place in the arena.
    let shift: Int

    /// A reader of the `piece`, which must outlive it, as must the names; nil where it could read no record.
    /// - Parameter shift: what is added to an offset in the piece to give its place in the arena.
    init?(_ piece: UnsafeBufferPointer<UInt8>, _ names: XMLQuickNames.Places, shift: Int) {
        guard let base = piece.baseAddress, unsafe piece.count > Self.reachBytes else { return nil }
        unsafe bytes = base
        unsafe count = piece.count
        unsafe last = piece.count - Self.reachBytes
        unsafe self.names = names
        unsafe self.shift = shift
    }

    /// Reads records from `run.end` on, as long as they are plain and none is longer than `bytesMax`.
    func readRecords(_ run: inout Run, bytesMax: Int, into batch: inout RecordBatch) {
        // Decoded texts are no longer than the piece, so that all slices fit.
        unsafe precondition(batch.arena.count + count <= Int(Int32.max), "a batch holds less than 2 GiB")
        let first = run
        var (records, end, lineEnds): (Int64, Int, Int64) = (0, run.end, 0)
        var state = State(index: end)
        while true {
            var record = Record(ordinal: first.recordsRead &+ records &+ 1, line: 0, raw: .empty)
            guard unsafe readRecord(&state, &record.fields, &record.line, &batch.arena),
                state.index &- end <= bytesMax
            else { break }
            record.line &+= first.line
            batch.records.append(record)
            records &+= 1
            end = state.index
            lineEnds = state.lineEnds
        }
        run = Run(recordsRead: first.recordsRead &+ records, line: first.line &+ lineEnds, end: end)
        if state.unknownEnd > 0 { run.unknown = state.index..<state.unknownEnd }
    }

    /// Reads the record that begins at `state.index` or behind white space there. The state is behind it then.
    /// - Parameters:
    ///   - fields: those of the record, which are added.
    ///   - line: the line ends passed before the record's tag.
    /// - Returns: whether there was one that could be read; where not, the state's index means nothing.
    @inline(__always)
    func readRecord(
        _ state: inout State, _ fields: inout RecordFields, _ lineEnds: inout Int64, _ arena: inout [UInt8]
    ) -> Bool {
        state.hasNonASCII = false
        let start = state.index
        guard unsafe passToTag(&state) else { return false }
        lineEnds = state.lineEnds
        state.index &+= 1
        guard unsafe readName(&state), unsafe names.entries[state.place].isRecord else { return false }
        let record = state.place
        guard let end = unsafe readTagEnd(&state, isRecord: true, &fields, &arena) else { return false }
        if end == .open {
            while true {
                guard unsafe passToTag(&state) else { return false }
                if unsafe bytes[state.index &+ 1] == UInt8(ascii: "/") {
                    guard unsafe passEndTag(&state, record) else { return false }
                    break
                }
                state.index &+= 1
                guard unsafe readMember(&state, &fields, &arena) else { return false }
            }
        }
        return unsafe !state.hasNonASCII || isSoundText(start..<state.index)
    }

    /// Reads a member behind its tag's `<`. Precondition: the offset is at most `last` or one behind it.
    @inline(__always)
    private func readMember(_ state: inout State, _ fields: inout RecordFields, _ arena: inout [UInt8]) -> Bool {
        guard unsafe readName(&state) else { return false }
        let name = state.place
        guard let end = unsafe readTagEnd(&state, isRecord: false, &fields, &arena) else { return false }
        var slice = unsafe ByteSlice(inArena: state.index &+ shift, count: 0)
        if end == .open {
            guard let text = unsafe readText(&state, &arena), unsafe passEndTag(&state, name) else { return false }
            slice = text
        }
        unsafe fields.add(.text(slice), as: names.entries[name].member)
        return true
    }

    /// Reads a name, which `state.place` is then that of. Precondition: the offset is at most `last` or one behind it.
    /// - Returns: whether it is known and followed by white space, `=`, `/` or `>`, where the offset is then.
    @inline(__always)
    func readName(_ state: inout State) -> Bool {
        let next = unsafe names.entries[state.place].next
        if unsafe isName(next, at: state.index) {
            let end = unsafe state.index &+ names.entries[next].count
            // Safe: the longest name and a byte are in reach.
            if unsafe Self.endsName(bytes[end]) {
                state.index = end
                state.place = next
                return true
            }
        }
        var copy = state
        let isFound = unsafe findName(&copy)
        state = copy
        return isFound
    }

    /// Whether a byte ends a name that may be plain.
    @inline(__always)
    static func endsName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ">") || byte <= 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
    }

    /// Whether the bytes at `offset` begin with the name at a place. Precondition: 32 bytes are in reach.
    @inline(__always)
    private func isName(_ place: Int, at offset: Int) -> Bool {
        // Safe: the eight bytes are in the piece.
        let word = unsafe UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let entry = unsafe names.entries + place
        guard unsafe UInt64(littleEndian: word) & entry.pointee.mask == entry.pointee.words.0 else { return false }
        return unsafe entry.pointee.count <= 8 || isLongName(place, at: offset)
    }

    /// Goes behind a tag's attributes and its end. Precondition: the offset is behind a name that was read.
    @inline(__always)
    private func readTagEnd(
        _ state: inout State, isRecord: Bool, _ fields: inout RecordFields, _ arena: inout [UInt8]
    ) -> TagEnd? {
        let byte = unsafe bytes[state.index]
        if byte == UInt8(ascii: ">") {
            state.index &+= 1
            return .open
        }
        if byte == UInt8(ascii: "/"), unsafe bytes[state.index &+ 1] == UInt8(ascii: ">") {
            state.index &+= 2
            return .empty
        }
        var copy = state
        var all = fields
        let end = unsafe readAttributes(&copy, isRecord: isRecord, &all, &arena)
        state = copy
        fields = all
        return end
    }

    /// Goes behind the end tag of the name at a place. Precondition: the offset is at most `last`.
    @inline(__always)
    private func passEndTag(_ state: inout State, _ place: Int) -> Bool {
        // Safe: the longest end tag is in reach.
        guard unsafe bytes[state.index &+ 1] == UInt8(ascii: "/"), unsafe isName(place, at: state.index &+ 2) else {
            return false
        }
        let end = unsafe state.index &+ 2 &+ names.entries[place].count
        state.index = end &+ 1
        return unsafe bytes[end] == UInt8(ascii: ">")
    }

    /// Goes to a tag, past white space.
    /// - Returns: whether a tag begins at the offset, which is at most `last`.
    @inline(__always)
    private func passToTag(_ state: inout State) -> Bool {
        guard unsafe state.index <= last else { return false }
        if unsafe bytes[state.index] == UInt8(ascii: "<") { return true }
        // One line end is the most usual; the byte behind it is in reach.
        if unsafe bytes[state.index] == 0x0A, unsafe bytes[state.index &+ 1] == UInt8(ascii: "<") {
            state.lineEnds &+= 1
            state.index &+= 1
            return unsafe state.index <= last
        }
        var copy = state
        let isPassed = unsafe passBlanks(&copy)
        state = copy
        return unsafe isPassed && bytes[state.index] == UInt8(ascii: "<")
    }

    /// Reads a member's text up to the tag behind it, where the offset is then, at most `last`.
    /// - Returns: where it is in the arena; nil where it isn't plain, or goes on out of reach.
    @inline(__always)
    private func readText(_ state: inout State, _ arena: inout [UInt8]) -> ByteSlice? {
        let start = state.index
        guard unsafe passPlain(&state, UInt8(ascii: ">")) else { return nil }
        if unsafe bytes[state.index] == UInt8(ascii: "<") {
            return unsafe ByteSlice(inArena: start &+ shift, count: state.index &- start)
        }
        var copy = state
        let slice = unsafe readOddText(&copy, from: start, UInt8(ascii: "<"), &arena)
        state = copy
        return slice
    }

    /// Skips text up to a byte that is `<`, `&`, `other` or below 0x20.
    /// - Returns: whether it is at the offset, which is at most `last`.
    @inline(__always)
    func passPlain(_ state: inout State, _ other: UInt8) -> Bool {
        while unsafe state.index <= last {
            // Safe: a step's reach is more than 32 bytes.
            let marks = unsafe scanMarkup(bytes + state.index, other)
            let ends = UInt32(truncatingIfNeeded: marks)
            let high = UInt32(truncatingIfNeeded: marks >> 32)
            if ends != 0 {
                // The bits below the lowest that is set.
                if high & (ends & (0 &- ends) &- 1) != 0 { state.hasNonASCII = true }
                state.index &+= ends.trailingZeroBitCount
                return unsafe state.index <= last
            }
            if high != 0 { state.hasNonASCII = true }
            state.index &+= 32
        }
        return false
    }
}
