extension Span<UInt8> {
    /// Whether the text stands at `start`. False where fewer bytes are left than the text has.
    @inline(__always)
    func holds(_ text: StaticString, at start: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard length <= count - start else { return false }
        for offset in 0..<length {
            // SAFETY: the text is a literal of more than one character, so it has a pointer, to `length` bytes.
            let byte = unsafe text.utf8Start[offset]
            if self[start + offset] != byte { return false }
        }
        return true
    }

    /// As ``holds(_:at:)``, but for the case of ASCII letters. The text has letters and hyphens alone.
    func holdsIgnoringCase(_ text: StaticString, at start: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard length <= count - start else { return false }
        for offset in 0..<length {
            // SAFETY: the text is a literal of more than one character, so it has a pointer, to `length` bytes.
            let byte = unsafe text.utf8Start[offset]
            if self[start + offset] | 0x20 != byte | 0x20 { return false }
        }
        return true
    }
}
