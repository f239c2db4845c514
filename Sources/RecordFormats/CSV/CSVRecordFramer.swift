/// Finds where CSV records end, byte by byte in chunks cut at any byte, and counts lines (RFC 4180; line ends LF, CRLF
/// or CR). What must survive a chunk's end is here: the quote state and the line count.
struct CSVRecordFramer {
    private enum State {
        case recordStart, fieldStart, unquoted, quoted, quoteInQuoted
        /// Behind the first byte, or the first two, of a byte order mark at the beginning of the record.
        case markBegun, markNearlyWhole
    }

    private let delimiter: UInt8
    private var state = State.recordStart
    /// Whether the last chunk ended with a CR, whose LF may follow.
    private var isAfterCR = false
    /// The line of the byte that is next, from 1.
    private(set) var line: Int64
    /// The line that the record at hand begins on, from 1.
    private(set) var recordLine: Int64

    /// A framer at the beginning of a source, or of its part from `line` on.
    init(delimiter: CSVDelimiter, line: Int64 = 1) {
        self.delimiter = delimiter.rawValue
        (self.line, recordLine) = (line, line)
    }

    /// Whether a quoted field is open.
    var isInQuotes: Bool { state == .quoted }
    /// Whether the next byte begins a record.
    var isAtRecordStart: Bool { state == .recordStart }

    /// Whether nothing is open: the next byte begins a record, whatever it is.
    var isBetweenRecords: Bool { state == .recordStart && !isAfterCR }

    /// Counts lines that were read elsewhere.
    mutating func pass(lines: Int64) {
        line += lines
        recordLine = line
    }

    /// Skips an LF whose CR ended the chunk before.
    /// - Returns: where the record's own bytes begin, and where its end is searched from.
    mutating func beginChunk(_ chunk: Span<UInt8>) -> (start: Int, index: Int) {
        guard isAfterCR, chunk.count > 0 else { return (0, 0) }
        isAfterCR = false
        guard chunk[0] == 0x0A else { return (0, 0) }
        return (state == .quoted ? 0 : 1, 1)
    }

    /// The offset of the line end that closes the record at hand; nil where the chunk doesn't hold it.
    mutating func recordEnd(in chunk: Span<UInt8>, from first: Int) -> Int? {
        var state = state
        var index = first
        let count = chunk.count
        while index < count {
            let byte = chunk[index]
            switch state {
            case .recordStart where byte == 0xEF: state = .markBegun
            case .markBegun where byte == 0xBB: state = .markNearlyWhole
            case .markNearlyWhole where byte == 0xBF: state = .fieldStart
            case .recordStart, .unquoted, .fieldStart, .quoteInQuoted, .markBegun, .markNearlyWhole:
                if byte == delimiter {
                    state = .fieldStart
                } else if byte == 0x0A || byte == 0x0D {
                    return index
                } else if byte == 0x22, state == .recordStart || state == .fieldStart || state == .quoteInQuoted {
                    state = .quoted
                } else {
                    state = .unquoted
                }
            case .quoted:
                if byte == 0x22 {
                    state = .quoteInQuoted
                } else if byte == 0x0A {
                    line += 1
                } else if byte == 0x0D {
                    line += 1
                    if index + 1 == count {
                        isAfterCR = true
                    } else if chunk[index + 1] == 0x0A {
                        index += 1
                    }
                }
            }
            index += 1
        }
        self.state = state
        return nil
    }

    /// The offset of the line end that closes the record that begins at `start`; nil, with nothing changed, where the
    /// chunk doesn't hold it.
    mutating func wholeRecordEnd(in chunk: Span<UInt8>, from start: Int) -> Int? {
        recordLine = line
        state = .recordStart
        let (lineBefore, isAfterCRBefore) = (line, isAfterCR)
        if let end = recordEnd(in: chunk, from: start) { return end }
        (line, isAfterCR, state) = (lineBefore, isAfterCRBefore, .recordStart)
        return nil
    }

    /// Moves behind empty lines that begin at `start`, where a record would begin.
    /// - Returns: the offset at which the next record begins, and the number of lines.
    mutating func skipEmptyLines(_ chunk: Span<UInt8>, from start: Int) -> (next: Int, lines: Int) {
        let run = chunk.lineEndRun(from: start)
        guard run.lines > 0 else { return (start, 0) }
        line += Int64(run.lines)
        recordLine = line
        isAfterCR = run.end == chunk.count && chunk[run.end - 1] == 0x0D
        return (run.end, run.lines)
    }

    /// Moves behind the line end at `end`: CR, LF or both.
    /// - Returns: the offset at which the next record begins.
    @inline(__always)
    mutating func skipLineEnd(_ chunk: Span<UInt8>, at end: Int) -> Int {
        line += 1
        recordLine = line
        state = .recordStart
        guard chunk[end] == 0x0D else { return end + 1 }
        if end + 1 == chunk.count { isAfterCR = true }
        return end + 1 < chunk.count && chunk[end + 1] == 0x0A ? end + 2 : end + 1
    }
}
