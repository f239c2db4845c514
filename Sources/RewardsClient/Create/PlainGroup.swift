/// The group of a create's response in its plainest form: one JSON object whose members are text without escapes, whole
/// numbers, `true`, `false` and `null`, each once, and whose `name` is what was sent, byte for byte.
///
/// Any other response is nil here, and ``ResponseReader`` reads it. So this reader must never find a group where that
/// finds another one or none; where it finds none itself, nothing is lost but time.
package enum PlainGroup {
    /// The group's `id`, `name`, `rank`, `isActive`, `createdBy`, `createdOn` and `lastUpdatedOn`; its other members
    /// are left out.
    ///
    /// - Parameter sent: the name that was sent.
    package static func read(_ bytes: Span<UInt8>, named sent: String) -> RewardGroup? {
        var reader = Reader()
        return reader.group(bytes, named: sent)
    }

    /// A text or a number in a response, which may be another in the next one.
    struct Value {
        enum Kind { case name, text, number }

        /// Where it stands: a text without its quotes.
        var place: Range<Int>
        var kind: Kind
        /// The member whose number it is; empty for one that doesn't count, and for texts.
        var member: Member
    }

    /// The members that count, one bit each.
    struct Member: OptionSet {
        var rawValue: UInt16
        static let id = Member(rawValue: 1), createdBy = Member(rawValue: 2), createdOn = Member(rawValue: 4)
        static let name = Member(rawValue: 8), rank = Member(rawValue: 16), lastUpdatedOn = Member(rawValue: 32)
        static let isActive = Member(rawValue: 64)
        /// A member that changes the response's meaning, or holds the group.
        static let significant = Member(rawValue: 128)
        /// The text of `createdOn`, for responses without the number.
        static let createdOnText = Member(rawValue: 256)
    }

    /// Reads values one after the other; each function takes the same bytes.
    struct Reader {
        var index = 0
        var isASCII = true
        /// The texts and numbers that were met.
        var values: [Value] = []

        mutating func group(_ bytes: Span<UInt8>, named sent: String) -> RewardGroup? {
            var group = RewardGroup(id: 0, name: sent)
            var seen: Member = []
            guard skip(bytes, UInt8(ascii: "{")) else { return nil }
            repeat {
                guard let name = text(bytes), skip(bytes, UInt8(ascii: ":")) else { return nil }
                skipSpace(bytes)
                let start = index
                let member = member(bytes, name)
                guard seen.isDisjoint(with: member), member != .significant else { return nil }
                seen.formUnion(member)
                switch member {
                case [], .createdOnText: guard skipScalar(bytes) else { return nil }
                case .name: guard let value = text(bytes), isText(bytes, value, sent) else { return nil }
                case .isActive:
                    let isTrue = index < bytes.count && bytes[index] == UInt8(ascii: "t")
                    guard skipWord(bytes, isTrue ? "true" : "false") else { return nil }
                    group.isActive = isTrue
                default:
                    guard let (number, isNull) = number(bytes, orNull: member != .id) else { return nil }
                    if !isNull { Self.set(member, number, &group) }
                }
                note(bytes, start, member)
            } while skip(bytes, UInt8(ascii: ","))
            guard skip(bytes, UInt8(ascii: "}")) else { return nil }
            skipSpace(bytes)
            guard index == bytes.count, seen.isSuperset(of: [.id, .name]), group.id > 0,
                group.createdOn != nil || !seen.contains(.createdOnText)
            else { return nil }
            return isASCII || isUTF8(bytes) ? group : nil
        }

        /// Keeps where a value stands that was read from `start` on, unless it is one of JSON's words.
        private mutating func note(_ bytes: Span<UInt8>, _ start: Int, _ member: Member) {
            switch bytes[start] {
            case UInt8(ascii: "\""):
                values.append(Value(place: start + 1..<index - 1, kind: member == .name ? .name : .text, member: []))
            case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): break
            default:
                values.append(
                    Value(place: start..<index, kind: .number, member: member == .createdOnText ? [] : member))
            }
        }

        static func set(_ member: Member, _ number: Int64, _ group: inout RewardGroup) {
            switch member {
            case .id: group.id = number
            case .createdBy: group.createdBy = number
            case .createdOn: group.createdOn = number
            case .rank: group.rank = number
            default: group.lastUpdatedOn = number
            }
        }

        /// The member of this name; empty for a name that doesn't count.
        private func member(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Member {
            @inline(__always) func isName(_ text: StaticString) -> Bool { bytes.holds(text, at: name.lowerBound) }
            switch name.count {
            case 2: return isName("id") ? .id : []
            case 4:
                return isName("name")
                    ? .name : isName("rank") ? .rank : isName("data") || isName("code") ? .significant : []
            case 5: return isName("error") || isName("group") ? .significant : []
            case 6: return isName("status") || isName("errors") ? .significant : []
            case 7: return isName("success") || isName("groupRo") ? .significant : []
            case 8: return isName("isActive") ? .isActive : []
            case 9: return isName("createdBy") ? .createdBy : isName("createdOn") ? .createdOn : []
            case 11: return isName("groupRoList") ? .significant : []
            case 13: return isName("lastUpdatedOn") ? .lastUpdatedOn : []
            case 17: return isName("createdOnDateTime") ? .createdOnText : []
            default: return []
            }
        }

        /// Whether the bytes are the text's.
        func isText(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: String) -> Bool {
            let own = text.utf8.span
            return own.count == range.count && own.agrees(with: bytes, at: range.lowerBound, in: 0..<own.count)
        }

        /// Whether all bytes together are UTF-8.
        func isUTF8(_ bytes: Span<UInt8>) -> Bool {
            do { _ = try UTF8Span(validating: bytes) } catch { return false }
            return true
        }

        @inline(__always)
        private mutating func skipSpace(_ bytes: Span<UInt8>) {
            while index < bytes.count, bytes[index] <= 0x20,
                bytes[index] == 0x20 || bytes[index] == 0x0A || bytes[index] == 0x0D
                    || bytes[index] == 0x09
            { index += 1 }
        }

        private mutating func skip(_ bytes: Span<UInt8>, _ byte: UInt8) -> Bool {
            skipSpace(bytes)
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        /// The place of a string without escapes and control bytes.
        private mutating func text(_ bytes: Span<UInt8>) -> Range<Int>? {
            guard skip(bytes, UInt8(ascii: "\"")) else { return nil }
            return textEnd(bytes)
        }

        /// The place of what is left of such a string, behind its opening quote.
        mutating func textEnd(_ bytes: Span<UInt8>) -> Range<Int>? {
            let start = index
            while bytes.count - index >= 32 {
                let (ends, high) = bytes.stringMarks(at: index)
                let length = ends.trailingZeroBitCount
                // Those before the end alone; of 32 without an end all of them.
                if high << UInt32(32 - length) != 0 { isASCII = false }
                index += length
                if ends != 0 { break }
            }
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

        /// A whole number, or null where that is accepted.
        private mutating func number(_ bytes: Span<UInt8>, orNull acceptsNull: Bool) -> (Int64, isNull: Bool)? {
            skipSpace(bytes)
            if acceptsNull, index < bytes.count, bytes[index] == UInt8(ascii: "n") {
                return skipWord(bytes, "null") ? (0, true) : nil
            }
            return number(bytes).map { ($0, false) }
        }

        /// A whole number of at most 18 digits, without a leading zero.
        mutating func number(_ bytes: Span<UInt8>) -> Int64? {
            skipSpace(bytes)
            let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
            if isNegative { index += 1 }
            let start = index
            var number: Int64 = 0
            let end = min(bytes.count, start + 18)
            var place = start
            while place < end, bytes[place] &- 0x30 < 10 {
                number = number &* 10 &+ Int64(bytes[place] &- 0x30)
                place += 1
            }
            index = place
            guard index > start, index < bytes.count, index - start == 1 || bytes[start] != 0x30 else { return nil }
            // What follows must end the value: no fraction, no exponent, no further digit.
            switch bytes[index] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), 0x20, 0x0A, 0x0D, 0x09: return isNegative ? -number : number
            default: return nil
            }
        }

        private mutating func skipScalar(_ bytes: Span<UInt8>) -> Bool {
            skipSpace(bytes)
            guard index < bytes.count else { return false }
            switch bytes[index] {
            case UInt8(ascii: "\""): return text(bytes) != nil
            case UInt8(ascii: "t"): return skipWord(bytes, "true")
            case UInt8(ascii: "f"): return skipWord(bytes, "false")
            case UInt8(ascii: "n"): return skipWord(bytes, "null")
            default: return number(bytes) != nil
            }
        }

        private mutating func skipWord(_ bytes: Span<UInt8>, _ word: StaticString) -> Bool {
            guard bytes.holds(word, at: index) else { return false }
            index += word.utf8CodeUnitCount
            return true
        }
    }
}
