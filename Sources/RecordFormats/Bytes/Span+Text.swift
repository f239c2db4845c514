extension Span<UInt8> {
    /// Whether the bytes from `place` on begin with `text`.
    @inline(__always)
    func isEqual(_ text: StaticString, at place: Int) -> Bool {
        guard place + text.utf8CodeUnitCount <= count else { return false }
        // Safe: the literal has as many bytes.
        for index in 0..<text.utf8CodeUnitCount where unsafe self[place + index] != text.utf8Start[index] {
            return false
        }
        return true
    }

    /// Whether all bytes are `text`.
    func isNamed(_ text: StaticString) -> Bool { count == text.utf8CodeUnitCount && isEqual(text, at: 0) }

    /// Whether all bytes are those of `other`.
    func isEqual(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }

    /// The offset of `text` from `start` on; nil where there is none.
    func firstIndex(of text: StaticString, from start: Int) -> Int? {
        // Safe: the literal has a byte.
        let first = unsafe text.utf8Start[0]
        var index = start
        while index < count, let found = firstIndex(of: first, from: index) {
            if isEqual(text, at: found) { return found }
            index = found + 1
        }
        return nil
    }

    /// The whole number of at most nine digits that the bytes are; nil where they are none.
    @inline(__always)
    var wholeNumber: Int? {
        guard count >= 1, count <= 9 else { return nil }
        var value = 0
        for index in 0..<count {
            let digit = self[index] &- 0x30
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }
}
