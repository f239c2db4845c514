/// References to characters and to the entities that XML declares itself (XML 1.0, sections 4.1 and 4.6).
enum XMLReference {
    /// The longest reference that is read: `&#x10FFFF;`.
    private static let bytesMax = 10

    /// Appends what the reference that `bytes` begin with stands for.
    /// - Returns: how many bytes it has; nil where it is another one, longer, or to a character that XML doesn't allow.
    static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) -> Int? {
        guard let (scalar, count) = read(bytes) else { return nil }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return count
    }

    private static func read(_ bytes: Span<UInt8>) -> (scalar: Unicode.Scalar, count: Int)? {
        if bytes.isEqual("&amp;", at: 0) { return ("&", 5) }
        if bytes.isEqual("&lt;", at: 0) { return ("<", 4) }
        if bytes.isEqual("&gt;", at: 0) { return (">", 4) }
        if bytes.isEqual("&quot;", at: 0) { return ("\"", 6) }
        if bytes.isEqual("&apos;", at: 0) { return ("'", 6) }
        guard bytes.isEqual("&#", at: 0) else { return nil }
        let isHexadecimal = bytes.isEqual("&#x", at: 0)
        let first = isHexadecimal ? 3 : 2
        var value: UInt32 = 0
        for index in first..<min(bytes.count, bytesMax) {
            if bytes[index] == UInt8(ascii: ";"), index > first {
                guard allows(value), let scalar = Unicode.Scalar(value) else { return nil }
                return (scalar, index + 1)
            }
            guard let digit = Hexadecimal.value(bytes[index]), isHexadecimal || digit < 10 else { return nil }
            value = value * (isHexadecimal ? 16 : 10) + digit
        }
        return nil
    }

    /// Whether XML allows the character (section 2.2), as far as it is one.
    private static func allows(_ value: UInt32) -> Bool {
        value >= 0x20 ? value != 0xFFFE && value != 0xFFFF : value == 0x09 || value == 0x0A || value == 0x0D
    }
}
