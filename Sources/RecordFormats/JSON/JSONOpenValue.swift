/// An object of NDJSON that goes on over line ends, as far as it has been read.
struct JSONOpenValue {
    /// Where a line led to.
    enum Outcome {
        /// The object goes on.
        case open
        /// It ends at this offset of the line.
        case end(Int)
        /// The line begins an object where none can be: the one before was cut.
        case cut
        /// A string doesn't end on the line, or a bracket closes another one.
        case fault
        /// More levels than may be.
        case tooDeep
    }

    /// The line that it begins on.
    let line: Int64
    /// Its bytes, line ends included.
    private(set) var bytes: [UInt8] = []
    /// The lines that aren't blank: their numbers, and where their bytes are. Three tell what there is to tell.
    private(set) var lines: [(number: Int64, bytes: Range<Int>)] = []
    private var linesRead: Int64 = 0
    private var scan: JSONLineScan

    /// The object that the rest of a line begins.
    init(_ rest: Span<UInt8>, line: Int64, levelsMax: Int) {
        self.line = line
        scan = JSONLineScan(levelsMax: levelsMax)
        _ = scan.read(rest)
        keep(rest)
    }

    /// Whether an object on a line can go on behind it: all strings of the line have ended, and a bracket is open.
    static func canBegin(_ line: Span<UInt8>, levelsMax: Int) -> Bool {
        var scan = JSONLineScan(levelsMax: levelsMax)
        return scan.read(line) == .open
    }

    /// Whether the line that begins it is followed by lines that are each a whole object: none, or one, for behind two
    /// no object could begin.
    var isOfWholeLines: Bool {
        guard lines.count <= 2 else { return false }
        return lines.dropFirst().allSatisfy { line in
            var scan = JSONLineScan(levelsMax: 200)
            let whole = bytes.span.extracting(line.bytes)
            guard let first = first(of: whole), whole[first] == UInt8(ascii: "{"),
                case .end(let end) = scan.read(whole)
            else { return false }
            return self.first(of: whole.extracting(end..<whole.count)) == nil
        }
    }

    /// Reads a line.
    mutating func read(_ line: Span<UInt8>) -> Outcome {
        guard let first = first(of: line) else {
            keep(line)
            return .open
        }
        if line[first] == UInt8(ascii: "{"), !scan.allowsObject { return .cut }
        switch scan.read(line) {
        case .open:
            keep(line)
            return .open
        case .end(let end):
            keep(line.extracting(0..<end))
            bytes.removeLast()
            return .end(end)
        case .fault: return .fault
        case .tooDeep: return .tooDeep
        }
    }

    private mutating func keep(_ line: Span<UInt8>) {
        let start = bytes.count
        bytes.append(line)
        if lines.count < 3, first(of: line) != nil { lines.append((self.line + linesRead, start..<bytes.count)) }
        bytes.append(0x0A)
        linesRead += 1
    }

    /// The offset of the first byte that isn't white space.
    private func first(of line: Span<UInt8>) -> Int? {
        for index in 0..<line.count where ![0x20, 0x09, 0x0D].contains(line[index]) { return index }
        return nil
    }
}
