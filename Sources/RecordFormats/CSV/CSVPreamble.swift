/// The lines above a CSV source's header: one that says what separates fields (`sep=;`, which Excel writes and reads),
/// or the type of what was exported (`#TYPE`, which PowerShell writes), and those that the user wants left out. Read in
/// chunks cut at any byte, behind the byte order mark.
struct CSVPreamble {
    /// A line `sep=` is no longer, in bytes.
    private static let separatorLineMax = 24

    /// What a line `sep=` says.
    private enum Separator {
        case said(CSVDelimiter), unsaid
    }

    /// The first bytes, until they show whether they are a line `sep=`.
    private var head: [UInt8] = []
    private var isHeadRead = false
    /// Lines that are still to be left out.
    private var linesLeft: Int
    /// Whether the last byte was a CR, whose LF may follow.
    private var isAfterCR = false
    /// Whether more of the source is needed.
    private(set) var isOpen = true
    /// The lines that were left out, the line `sep=` among them.
    private(set) var lines: Int64 = 0
    /// What the line `sep=` says; nil where there is none.
    private(set) var delimiter: CSVDelimiter?

    /// - Parameter lines: how many lines the user wants left out, from the first on.
    init(lines: Int) { linesLeft = lines }

    /// Reads bytes of `chunk`, from `index` on, to the end of the lines.
    /// - Returns: bytes that were read and belong to what follows; nil while the end isn't reached.
    mutating func read(_ chunk: Span<UInt8>, _ index: inout Int) -> [UInt8]? {
        var rest: [UInt8] = []
        if !isHeadRead {
            while !isHeadWhole, index < chunk.count {
                head.append(chunk[index])
                index += 1
            }
            guard isHeadWhole else { return nil }
            rest = endHead()
        }
        if rest.isEmpty { passLines(chunk, &index) }
        guard linesLeft == 0, !isAfterCR else { return nil }
        isOpen = false
        return rest
    }

    /// Ends the source.
    /// - Returns: bytes that were read and belong to what follows.
    mutating func end() -> [UInt8] {
        isOpen = false
        return isHeadRead ? [] : endHead()
    }

    private var isHeadWhole: Bool {
        guard let last = head.last else { return false }
        return last == 0x0A || last == 0x0D || head.count == Self.separatorLineMax || !Self.mayBegin(head)
    }

    /// Takes the line `sep=` out of the first bytes, and the lines that are left out.
    /// - Returns: what belongs to what follows.
    private mutating func endHead() -> [UInt8] {
        isHeadRead = true
        var head: [UInt8] = []
        swap(&head, &self.head)
        let line = head.prefix { $0 != 0x0A && $0 != 0x0D }
        if line.starts(with: Self.typeMark) { linesLeft = max(1, linesLeft) }
        guard Self.mayBegin(head), line.count >= 4, let said = Self.separator(Array(line)) else {
            var index = 0
            passLines(head.span, &index)
            return Array(head[index...])
        }
        if case .said(let byte) = said { delimiter = byte }
        lines += 1
        linesLeft = max(0, linesLeft - 1)
        isAfterCR = head.last == 0x0D
        return []
    }

    private static let typeMark = Array("#TYPE ".utf8)

    /// Whether bytes are the beginning of `sep=`, `"sep=` or `#TYPE`.
    private static func mayBegin(_ head: [UInt8]) -> Bool {
        if head.first == typeMark[0] { return head.count < typeMark.count && typeMark.starts(with: head) }
        let text = head.first == 0x22 ? head.dropFirst() : head[...]
        return zip(text, "sep=".utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }

    /// What a whole line says: `sep=` and a byte, in quotes or not, and perhaps more of that byte behind it, because a
    /// spreadsheet has filled the row up. Nil where that is something else.
    private static func separator(_ line: [UInt8]) -> Separator? {
        var text = line.first == 0x22 ? line.dropFirst() : line[...]
        guard text.prefix(4).elementsEqual("sep=".utf8, by: { $0 | 0x20 == $1 | 0x20 }), text.dropFirst(3).first == 0x3D
        else { return nil }
        text = text.dropFirst(4)
        if text.starts(with: "\\t".utf8) { text = [0x09] + text.dropFirst(2) }
        guard let byte = text.first, byte != 0x22 else { return .unsaid }
        guard let said = CSVDelimiter(rawValue: byte),
            text.dropFirst().allSatisfy({ $0 == byte || $0 == 0x22 || $0 == 0x20 })
        else { return nil }
        return .said(said)
    }

    private mutating func passLines(_ chunk: Span<UInt8>, _ index: inout Int) {
        while index < chunk.count {
            if isAfterCR {
                isAfterCR = false
                if chunk[index] == 0x0A {
                    index += 1
                    continue
                }
            }
            guard linesLeft > 0 else { return }
            isAfterCR = chunk[index] == 0x0D
            if isAfterCR || chunk[index] == 0x0A {
                linesLeft -= 1
                lines += 1
            }
            index += 1
        }
    }
}
