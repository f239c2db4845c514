internal import Glibc

/// The group of a create's response in its plainest form: one JSON object whose members are text without escapes, whole
/// numbers, `true`, `false` and `null`, each once, and whose `name` is what was sent, byte for byte.
///
/// Whatever isn't exactly so is nil here, and ``AnswerReader`` reads it. So this reader need only never find another
/// group than that would, nor one where that finds none.
package enum PlainGroup {
    /// The group's `id`, `name`, `rank`, `isActive`, `createdBy`, `createdOn` and `lastUpdatedOn`; its other members
    /// are left out.
    ///
    /// - Parameter sent: the name that was sent.
    package static func read(_ bytes: UnsafeRawBufferPointer, named sent: String) -> RewardGroup? {
        var reader = Reader(bytes: bytes)
        return reader.group(named: sent)
    }

    /// A member that is read: one bit each.
    private struct Member: OptionSet {
        var rawValue: UInt16
        static let id = Member(rawValue: 1), createdBy = Member(rawValue: 2), createdOn = Member(rawValue: 4)
        static let name = Member(rawValue: 8), rank = Member(rawValue: 16), lastUpdatedOn = Member(rawValue: 32)
        static let isActive = Member(rawValue: 64)
        /// One that changes what the response means, where it stands beside the group or holds it.
        static let weighty = Member(rawValue: 128)
        /// The text of `createdOn`, which counts where that is missing.
        static let createdOnText = Member(rawValue: 256)
    }

    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var index = 0
        var isASCII = true

        mutating func group(named sent: String) -> RewardGroup? {
            var group = RewardGroup(id: 0, name: sent)
            var seen: Member = []
            guard skip(UInt8(ascii: "{")) else { return nil }
            repeat {
                guard let name = text(), skip(UInt8(ascii: ":")) else { return nil }
                let member = member(name)
                guard seen.isDisjoint(with: member), member != .weighty else { return nil }
                seen.formUnion(member)
                switch member {
                case [], .createdOnText: guard skipScalar() else { return nil }
                case .name: guard let value = text(), isText(value, sent) else { return nil }
                case .isActive:
                    skipSpace()
                    let isTrue = index < bytes.count && bytes[index] == UInt8(ascii: "t")
                    guard skipWord(isTrue ? "true" : "false") else { return nil }
                    group.isActive = isTrue
                default:
                    guard let (number, isNull) = number(orNull: member != .id) else { return nil }
                    if !isNull { Self.set(member, number, &group) }
                }
            } while skip(UInt8(ascii: ","))
            guard skip(UInt8(ascii: "}")) else { return nil }
            skipSpace()
            guard index == bytes.count, seen.isSuperset(of: [.id, .name]), group.id > 0,
                group.createdOn != nil || !seen.contains(.createdOnText)
            else { return nil }
            return isASCII || String(validating: bytes, as: UTF8.self) != nil ? group : nil
        }

        private static func set(_ member: Member, _ number: Int64, _ group: inout RewardGroup) {
            switch member {
            case .id: group.id = number
            case .createdBy: group.createdBy = number
            case .createdOn: group.createdOn = number
            case .rank: group.rank = number
            default: group.lastUpdatedOn = number
            }
        }

        /// The member of this name; none for one that doesn't count.
        private func member(_ name: Range<Int>) -> Member {
            func isName(_ text: StaticString) -> Bool {
                for offset in 0..<name.count where bytes[name.lowerBound + offset] != text.utf8Start[offset] {
                    return false
                }
                return true
            }
            switch name.count {
            case 2: return isName("id") ? .id : []
            case 4:
                return isName("name")
                    ? .name : isName("rank") ? .rank : isName("data") || isName("code") ? .weighty : []
            case 5: return isName("error") || isName("group") ? .weighty : []
            case 6: return isName("status") || isName("errors") ? .weighty : []
            case 7: return isName("success") || isName("groupRo") ? .weighty : []
            case 8: return isName("isActive") ? .isActive : []
            case 9: return isName("createdBy") ? .createdBy : isName("createdOn") ? .createdOn : []
            case 11: return isName("groupRoList") ? .weighty : []
            case 13: return isName("lastUpdatedOn") ? .lastUpdatedOn : []
            case 17: return isName("createdOnDateTime") ? .createdOnText : []
            default: return []
            }
        }

        /// Whether the bytes are the text's.
        private func isText(_ range: Range<Int>, _ text: String) -> Bool {
            let bytes = UnsafeRawBufferPointer(rebasing: bytes[range])
            // Where the text isn't stored as UTF-8 in one piece, which no text of ours is, the slow way is the right
            // one.
            return text.utf8.withContiguousStorageIfAvailable { own in
                guard own.count == bytes.count else { return false }
                guard let start = own.baseAddress, let other = bytes.baseAddress else { return true }
                return memcmp(start, other, own.count) == 0
            } ?? text.utf8.elementsEqual(bytes)
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

        /// A whole number, or null where that may be.
        private mutating func number(orNull mayBeNull: Bool) -> (Int64, isNull: Bool)? {
            skipSpace()
            if mayBeNull, index < bytes.count, bytes[index] == UInt8(ascii: "n") {
                return skipWord("null") ? (0, true) : nil
            }
            return number().map { ($0, false) }
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
