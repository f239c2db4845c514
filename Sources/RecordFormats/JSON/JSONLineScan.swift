/// Finds where a JSON value ends that goes on over several lines, line by line, by its strings and brackets.
///
/// A string doesn't go on over a line end. An object can begin only where a value is due: where one begins a line
/// elsewhere, the line before was cut, and the value will not end.
struct JSONLineScan {
    /// Where a line led to.
    enum Outcome: Equatable {
        /// The value goes on.
        case open
        /// The offset behind the value.
        case end(Int)
        /// A string doesn't end on the line, or a bracket closes another one.
        case fault
        /// More levels than may be.
        case tooDeep
    }

    private let levelsMax: Int
    /// Whether each open level is an array.
    private var levels: [Bool] = []
    /// The last byte outside strings that isn't white space; the closing quote of a string.
    private var last: UInt8 = 0

    init(levelsMax: Int) {
        self.levelsMax = levelsMax
    }

    /// Whether an object may begin here.
    var allowsObject: Bool {
        last == UInt8(ascii: ":") || last == UInt8(ascii: "[") || last == 0
            || last == UInt8(ascii: ",") && levels.last == true
    }

    /// Reads a line, or what is left of it from `start` on.
    mutating func read(_ line: Span<UInt8>, from start: Int = 0) -> Outcome {
        var index = start
        while index < line.count {
            let byte = line[index]
            index += 1
            switch byte {
            case 0x20, 0x09, 0x0D, 0x0A: continue
            case 0x22:
                while index < line.count, line[index] != 0x22 { index += line[index] == 0x5C ? 2 : 1 }
                guard index < line.count else { return .fault }
                index += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if levels.count == levelsMax { return .tooDeep }
                levels.append(byte == UInt8(ascii: "["))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard levels.popLast() == (byte == UInt8(ascii: "]")) else { return .fault }
                if levels.isEmpty { return .end(index) }
            default: break
            }
            last = byte
        }
        return levels.isEmpty ? .fault : .open
    }
}
