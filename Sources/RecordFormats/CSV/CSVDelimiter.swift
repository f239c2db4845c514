/// What separates the fields of a CSV record.
package enum CSVDelimiter: UInt8, CaseIterable, Sendable {
    case comma = 0x2C
    case semicolon = 0x3B
    case tab = 0x09
    case pipe = 0x7C

    /// Its name in messages: `semicolon (;)`.
    package var description: String {
        switch self {
        case .comma: "comma (,)"
        case .semicolon: "semicolon (;)"
        case .tab: "tab"
        case .pipe: "pipe (|)"
        }
    }
}
