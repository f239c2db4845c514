/// The position of a scan that splits the records of a chunk 64 bytes at a time.
///
/// To its maintainers: a value that only inlined functions change, so that it is kept in registers.
struct CSVScan {
    /// What is added to an offset in the chunk to give its place in the arena.
    let shift: Int
    /// The byte that separates fields.
    let delimiter: UInt8
    /// The first byte of a row that may be the header once more, as ``CSVHeaderForm/lead``.
    let headerLead: UInt8
    private let places: CSVRolePlaces
    /// The offset of the 64 bytes that are scanned.
    private(set) var block: Int
    /// The offset of the bytes that are scanned next.
    private(set) var nextBlock: Int
    /// The offset at which the record begins.
    private(set) var recordStart: Int
    /// The offset at which the field's text begins, behind an opening quote.
    private(set) var fieldStart: Int
    /// The field's column, from 0.
    private(set) var column = 0
    /// The record's fields so far.
    private(set) var fields = RecordFields()
    /// 1 where the field has a closing quote, which isn't part of its text.
    private var closingQuotes = 0
    /// The offset behind the last byte that may not be ASCII.
    private var nonASCIIEnd = 0
    /// Records to be read before it is tried again whether the next ones are plain.
    private var recordsBeforePlain = 0
    /// As many where none was.
    private static let recordsWithoutPlain = 8

    /// A scan whose first record begins at `first`.
    init(from first: Int, shift: Int, delimiter: UInt8, places: CSVRolePlaces, headerLead: UInt8) {
        self.headerLead = headerLead
        self.delimiter = delimiter
        self.shift = shift
        self.places = places
        (block, nextBlock, recordStart, fieldStart) = (first, first, first, first)
    }

    /// Whether the next bytes begin a record, and it is to be tried whether that is plain.
    var mayBePlain: Bool { nextBlock == recordStart && recordsBeforePlain == 0 }

    /// Begins behind plain rows, the record at `next`.
    @inline(__always)
    mutating func passPlainRows(to next: Int) {
        if next == recordStart { recordsBeforePlain = Self.recordsWithoutPlain }
        beginRecordAndBlock(at: next)
    }

    /// Whether the record at `next`, behind one that has been read, begins the next 64 bytes.
    @inline(__always)
    mutating func endsBlock(before next: Int) -> Bool {
        if recordsBeforePlain == 0 || next >= block + 64 { return true }
        recordsBeforePlain -= 1
        return false
    }

    /// Begins the 64 bytes that are next.
    @inline(__always)
    mutating func beginBlock() {
        block = nextBlock
        nextBlock = block + 64
    }

    /// Ends the 64 bytes.
    @inline(__always)
    mutating func endBlock(_ marks: CSVMarks) {
        let end = marks.highEnd()
        if end > 0 { nonASCIIEnd = max(nonASCIIEnd, block + end) }
    }

    /// Begins the text of a quoted field at `start`, whose closing quote is at `end`.
    /// - Returns: whether the closing quote is among the 64 bytes; otherwise the next ones begin behind it.
    @inline(__always)
    mutating func beginQuotedField(at start: Int, closedAt end: Int) -> Bool {
        (fieldStart, closingQuotes) = (start, 1)
        if end < block + 63 { return true }
        // The skipped bytes may be anything.
        (nonASCIIEnd, nextBlock) = (end, end + 1)
        return false
    }

    /// Ends the field at the delimiter or line end at `end`. Offsets fit 32 bits: nothing here can overflow.
    @inline(__always)
    mutating func endField(at end: Int) {
        let field = ByteSlice(inArena: fieldStart &+ shift, count: end &- fieldStart &- closingQuotes)
        places.set(column, field, in: &fields)
        (fieldStart, closingQuotes) = (end &+ 1, 0)
    }

    /// Goes on with the next column.
    @inline(__always)
    mutating func beginField() { column += 1 }

    /// Whether the record may hold a byte that isn't ASCII. `bit` is its end among the 64 bytes.
    @inline(__always)
    mutating func mayHaveNonASCII(_ marks: CSVMarks, before bit: Int) -> Bool {
        let end = marks.highEnd(before: bit)
        if end > 0 { nonASCIIEnd = block + end }
        return nonASCIIEnd > recordStart
    }

    /// Begins a record at `start`.
    @inline(__always)
    mutating func beginRecord(at start: Int) {
        (recordStart, fieldStart, column, fields) = (start, start, 0, RecordFields())
    }

    /// Begins a record at `start`, where the next 64 bytes begin too.
    @inline(__always)
    mutating func beginRecordAndBlock(at start: Int) {
        beginRecord(at: start)
        nextBlock = start
    }
}
