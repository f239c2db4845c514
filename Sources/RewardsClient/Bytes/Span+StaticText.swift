internal import CScan
internal import Glibc

extension Span<UInt8> {
    /// Of the 32 bytes from `index` on, which must be there, a bit each from the lowest on: for those that plain text
    /// in a JSON string ends at (quotes, backslashes and control bytes), and for those that aren't ASCII.
    @inline(__always)
    func stringMarks(at index: Int) -> (ends: UInt32, high: UInt32) {
        precondition(index >= 0 && count - index >= 32, "32 bytes are left")
        return unsafe withUnsafeBufferPointer { bytes in
            // Safe: as many bytes are there.
            guard let start = bytes.baseAddress else { return (0, 0) }
            let marks = unsafe scanString(start + index)
            return (UInt32(truncatingIfNeeded: marks), UInt32(truncatingIfNeeded: marks >> 32))
        }
    }

    /// Whether the bytes of `range`, which must be within these, stand in `other` from `start` on, which must have as
    /// many.
    func agrees(with other: Span<UInt8>, at start: Int, in range: Range<Int>) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range is within these")
        precondition(start >= 0 && range.count <= other.count - start, "the other has as many")
        return unsafe withUnsafeBufferPointer { own in
            unsafe other.withUnsafeBufferPointer { other in
                // Safe: the range is within both, and memcmp reads no others.
                guard let own = own.baseAddress, let other = other.baseAddress else { return true }
                return unsafe memcmp(own + range.lowerBound, other + start, range.count) == 0
            }
        }
    }

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
