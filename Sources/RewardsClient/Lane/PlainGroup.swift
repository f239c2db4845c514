/// The group of an answer's body in its plainest form: one JSON object whose members are text without escapes, whole numbers,
/// `true`, `false` and `null`, each once.
///
/// Whatever isn't exactly so is nil here, and ``AnswerBody`` reads it. So this reader need only never find another group than
/// that would.
package enum PlainGroup {
    /// The group's `id`, `createdBy` and `createdOn`; its other members are left out. Nil too where there is no `id`.
    package static func read(_ bytes: UnsafeRawBufferPointer) -> RewardGroup? {
        var reader = Reader(bytes: bytes)
        return reader.group()
    }

    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var index = 0
        var isASCII = true

        mutating func group() -> RewardGroup? {
            var group = RewardGroup(id: 0, name: "")
            // One bit for each member that was seen and that counts.
            var seen: UInt8 = 0
            guard skip(UInt8(ascii: "{")) else { return nil }
            repeat {
                guard let name = text(), skip(UInt8(ascii: ":")) else { return nil }
                let bit = Self.bit(bytes, name)
                guard seen & bit == 0, bit != 0x80 else { return nil }
                seen |= bit
                if bit == 0 {
                    guard skipScalar() else { return nil }
                } else {
                    guard let number = number() else { return nil }
                    switch bit {
                    case 1: group.id = number
                    case 2: group.createdBy = number
                    default: group.createdOn = number
                    }
                }
            } while skip(UInt8(ascii: ","))
            guard skip(UInt8(ascii: "}")) else { return nil }
            skipSpace()
            guard index == bytes.count, seen & 1 != 0 else { return nil }
            return isASCII || String(validating: bytes, as: UTF8.self) != nil ? group : nil
        }

        /// 1, 2 or 4 for a member that is read, 0x80 for one that changes what the answer means, 0 for any other.
        private static func bit(_ bytes: UnsafeRawBufferPointer, _ name: Range<Int>) -> UInt8 {
            func isName(_ text: StaticString) -> Bool {
                for offset in 0..<name.count where bytes[name.lowerBound + offset] != text.utf8Start[offset] {
                    return false
                }
                return true
            }
            switch name.count {
            case 2: return isName("id") ? 1 : 0
            case 9: return isName("createdBy") ? 2 : isName("createdOn") ? 4 : 0
            case 4: return isName("data") ? 0x80 : 0
            case 6: return isName("status") || isName("errors") ? 0x80 : 0
            case 7: return isName("success") ? 0x80 : 0
            default: return 0
            }
        }

        private mutating func skipSpace() {
            while index < bytes.count,
                bytes[index] == 0x20 || bytes[index] == 0x0A || bytes[index] == 0x0D
                    || bytes[index] == 0x09
            { index += 1 }
        }

        private mutating func skip(_ byte: UInt8) -> Bool {
            skipSpace()
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        /// A string without escapes and control bytes; where it stands.
        private mutating func text() -> Range<Int>? {
            guard skip(UInt8(ascii: "\"")) else { return nil }
            let start = index
            while index < bytes.count {
                let byte = bytes[index]
                if byte == UInt8(ascii: "\"") {
                    index += 1
                    return start..<index - 1
                }
                if byte < 0x20 || byte == UInt8(ascii: "\\") { return nil }
                if byte >= 0x80 { isASCII = false }
                index += 1
            }
            return nil
        }

        /// A whole number of at most 18 digits, without a leading zero.
        private mutating func number() -> Int64? {
            skipSpace()
            let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
            if isNegative { index += 1 }
            let start = index
            var number: Int64 = 0
            while index < bytes.count, bytes[index] &- 0x30 < 10, index - start < 18 {
                number = number * 10 + Int64(bytes[index] &- 0x30)
                index += 1
            }
            guard index > start, index < bytes.count, index - start == 1 || bytes[start] != 0x30 else { return nil }
            // What follows must end the value: no fraction, no exponent, no further digit.
            switch bytes[index] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), 0x20, 0x0A, 0x0D, 0x09: return isNegative ? -number : number
            default: return nil
            }
        }

        private mutating func skipScalar() -> Bool {
            skipSpace()
            guard index < bytes.count else { return false }
            switch bytes[index] {
            case UInt8(ascii: "\""): return text() != nil
            case UInt8(ascii: "t"): return skipWord("true")
            case UInt8(ascii: "f"): return skipWord("false")
            case UInt8(ascii: "n"): return skipWord("null")
            default: return number() != nil
            }
        }

        private mutating func skipWord(_ word: StaticString) -> Bool {
            guard bytes.count - index >= word.utf8CodeUnitCount else { return false }
            for offset in 0..<word.utf8CodeUnitCount where bytes[index + offset] != word.utf8Start[offset] {
                return false
            }
            index += word.utf8CodeUnitCount
            return true
        }
    }
}
