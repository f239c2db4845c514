/// Finds where a JSON value ends in chunks cut at any byte, by its strings and brackets alone. `JSONReader` checks the
/// rest of the grammar once the value is whole; here only a fault that hides the end is refused.
struct JSONValueFramer {
    /// Where a chunk's bytes led to.
    enum Outcome {
        /// The chunk ended first.
        case more
        /// The index is behind the value.
        case end
        /// A string holds a control character: the closing quote is missing.
        case controlCharacter
        /// The value opens more levels than it may.
        case tooDeep
        /// The value has more bytes than it may.
        case tooLong
    }
    private enum State {
        case start, scalar, structure, string, escape
    }

    private var state = State.start
    private var depth = 0
    private let levelsLeft: Int
    /// The line ends inside the value so far.
    private(set) var lineEnds: Int64 = 0

    /// A framer at the first byte of a value that may open `levelsLeft` levels.
    init(levelsLeft: Int) {
        self.levelsLeft = levelsLeft
    }

    /// Moves `index` to the end of the value or of the chunk, over at most `bytesMax` bytes. `lineEnds`
    /// is exact for every outcome.
    mutating func advance(_ chunk: Span<UInt8>, _ index: inout Int, bytesMax: Int) -> Outcome {
        let stop = bytesMax < chunk.count - index ? index + bytesMax : chunk.count
        while index < chunk.count {
            let byte = chunk[index]
            if state == .scalar, Self.endsScalar(byte) { return .end }
            if index == stop { return .tooLong }
            index += 1
            switch state {
            case .string:
                if byte == 0x22 {
                    state = .structure
                    if depth == 0 { return .end }
                } else if byte == 0x5C {
                    state = .escape
                } else if byte < 0x20 {
                    return .controlCharacter
                }
            case .escape:
                if byte < 0x20 { return .controlCharacter }
                state = .string
            case .scalar: break
            case .start, .structure:
                switch byte {
                case 0x22: state = .string
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    state = .structure
                    if depth > levelsLeft { return .tooDeep }
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth <= 0 { return .end }
                case 0x0A: lineEnds += 1
                default:
                    if state == .start { state = .scalar }
                }
            }
        }
        return .more
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "["),
            UInt8(ascii: "{"), 0x22, UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
