/// Numbers of sheets as text.
enum NumberText {
    /// From here on a double is no longer sure of its last decimal digit.
    private static let digitsMax = 15

    /// Appends the number that `text` is, as a sheet shows it without a format: integers without a fraction or an
    /// exponent, others with at most 15 digits.
    /// - Returns: what it is; nil, with nothing appended, where it is no number.
    static func append(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) -> SheetCell.Kind? {
        if isPlainInteger(text) {
            bytes += text
            return .number
        }
        guard let value = value(text) else { return nil }
        return append(value, to: &bytes)
    }

    /// Appends a number.
    static func append(_ value: Double, to bytes: inout [UInt8]) -> SheetCell.Kind {
        if value.magnitude < 1e15, value.rounded() == value {
            CSVEncoder.append(Int64(value), to: &bytes)
            return .number
        }
        if let integer = Int64(exactly: value) {
            CSVEncoder.append(integer, to: &bytes)
        } else {
            bytes += CLibrary.text(of: value, digits: digitsMax)
        }
        return value.magnitude < 1e15 ? .number : .longNumber
    }

    /// The number that a text is, also with a fraction and an exponent; nil where it is none, or infinite.
    static func value(_ text: ArraySlice<UInt8>) -> Double? {
        // Not all that Swift takes for a number is one here (XML Schema, double): not `0x10` or `inf`.
        let isDecimal = text.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
        guard isDecimal, text.count <= 400, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite
        else { return nil }
        return value
    }

    /// Whether a text is an integer in at most 15 digits, and as short as it can be.
    static func isPlainInteger(_ text: ArraySlice<UInt8>) -> Bool {
        var digits = text
        if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
        guard let first = digits.first, digits.count <= digitsMax else { return false }
        for byte in digits where !(0x30...0x39).contains(byte) { return false }
        return first != 0x30 || text.count == 1
    }
}
