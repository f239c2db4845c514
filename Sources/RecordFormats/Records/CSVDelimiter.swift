/// What separates the fields of a CSV record: one byte.
package struct CSVDelimiter: RawRepresentable, CaseIterable, Hashable, Sendable {
    /// The byte.
    package let rawValue: UInt8

    /// Nil for a byte that can't separate fields: letters, digits, quotes, blanks, line ends, NUL, and what isn't
    /// ASCII.
    package init?(rawValue: UInt8) {
        switch rawValue {
        case 0x00, 0x0A, 0x0D, 0x20, 0x22, 0x7F...: return nil
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return nil
        default: self.rawValue = rawValue
        }
    }

    private init(_ byte: UInt8) { rawValue = byte }

    /// A comma.
    package static let comma = CSVDelimiter(0x2C)
    /// A semicolon.
    package static let semicolon = CSVDelimiter(0x3B)
    /// A tab.
    package static let tab = CSVDelimiter(0x09)
    /// A pipe.
    package static let pipe = CSVDelimiter(0x7C)

    /// Those that are looked for where a source's isn't given.
    package static let allCases = [comma, semicolon, tab, pipe]

    /// The delimiter of a name as the option takes it: `comma`, `semicolon`, `tab`, `pipe`, or the character itself.
    /// Nil for any other text.
    package init?(name: String) {
        switch name {
        case "tab", "\\t": self = .tab
        case "comma": self = .comma
        case "semicolon": self = .semicolon
        case "pipe": self = .pipe
        default:
            guard name.utf8.count == 1, let byte = name.utf8.first, let known = Self(rawValue: byte) else { return nil }
            self = known
        }
    }

    /// Its name as the option takes it.
    package var name: String {
        switch self {
        case .comma: "comma"
        case .semicolon: "semicolon"
        case .tab: "tab"
        case .pipe: "pipe"
        default: "\(UnicodeScalar(rawValue))"
        }
    }

    /// Its name in messages: `semicolon (;)`.
    package var description: String {
        switch self {
        case .comma: "comma (,)"
        case .semicolon: "semicolon (;)"
        case .tab: "tab"
        case .pipe: "pipe (|)"
        default:
            rawValue < 0x20
                ? "the byte 0x\(String(rawValue >> 4, radix: 16))\(String(rawValue & 15, radix: 16, uppercase: true))"
                : "\(UnicodeScalar(rawValue))"
        }
    }
}
