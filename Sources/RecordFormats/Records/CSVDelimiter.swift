/// What separates the fields of a CSV record.
package enum CSVDelimiter: UInt8, CaseIterable, Sendable {
    /// A comma.
    case comma = 0x2C
    /// A semicolon.
    case semicolon = 0x3B
    /// A tab.
    case tab = 0x09
    /// A pipe.
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

    /// Whether a record is a blank line: spaces and tabs, but no delimiter.
    func isBlank(_ record: Span<UInt8>) -> Bool {
        for index in 0..<record.count {
            let byte = record[index]
            if byte == rawValue || (byte != 0x20 && byte != 0x09) { return false }
        }
        return true
    }
}
