/// Decodes the escapes of JSON strings whose grammar has been checked.
enum JSONText {
    /// Appends the content of a string, decoded, to `arena`.
    /// - Returns: whether every `\u` escape was a character; false where half a surrogate pair stood alone; the text
    ///   behind it is then missing.
    static func decode(_ text: JSONReader.Text, of bytes: Span<UInt8>, into arena: inout [UInt8]) -> Bool {
        var index = text.start
        while index < text.end {
            guard bytes[index] == 0x5C else {
                // All bytes up to the next escape with one copy.
                let start = index
                repeat { index += 1 } while index < text.end && bytes[index] != 0x5C
                arena.append(bytes.extracting(start..<index))
                continue
            }
            let kind = bytes[index + 1]
            index += 2
            switch kind {
            case UInt8(ascii: "b"): arena.append(0x08)
            case UInt8(ascii: "f"): arena.append(0x0C)
            case UInt8(ascii: "n"): arena.append(0x0A)
            case UInt8(ascii: "r"): arena.append(0x0D)
            case UInt8(ascii: "t"): arena.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(bytes, at: &index, end: text.end) else { return false }
                arena.append(contentsOf: String(scalar).utf8)
            default: arena.append(kind)
            }
        }
        return true
    }

    /// The character of the escape whose four digits begin at `index`, and of its other half; nil for half a pair
    /// alone.
    private static func scalar(_ bytes: Span<UInt8>, at index: inout Int, end: Int) -> Unicode.Scalar? {
        let first = unit(bytes, at: index)
        index += 4
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard index + 6 <= end, bytes[index] == 0x5C, bytes[index + 1] == UInt8(ascii: "u") else { return nil }
        let second = unit(bytes, at: index + 2)
        guard (0xDC00..<0xE000).contains(second) else { return nil }
        index += 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private static func unit(_ bytes: Span<UInt8>, at index: Int) -> UInt32 {
        var value: UInt32 = 0
        for offset in 0..<4 { value = value << 4 | (Hexadecimal.value(bytes[index + offset]) ?? 0) }
        return value
    }
}
