extension CSVEncoder {
    /// Whether a spreadsheet would run a cell: it begins with `=`, `+`, `-`, `@`, tab or a line end, and is no integer.
    /// Source: OWASP, "CSV Injection".
    static func isFormula(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return false }
        switch text[0] {
        case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
        // The same signs in full width: U+FF0B, U+FF0D, U+FF1D, U+FF20.
        case 0xEF where text.count > 2 && text[1] == 0xBC: return [0x8B, 0x8D, 0x9D, 0xA0].contains(text[2])
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            for index in 1..<text.count where !(0x30...0x39).contains(text[index]) { return true }
            return text.count == 1
        default: return false
        }
    }
}
