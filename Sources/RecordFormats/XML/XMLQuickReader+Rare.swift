/// What fewer records have: attributes, references, white space between tags, names in another order.
extension XMLQuickReader {
    /// Whether the bytes at `offset` are those of a name of more than eight bytes, whose first eight they begin with.
    @inline(never)
    func isLongName(_ place: Int, at offset: Int) -> Bool {
        let words = unsafe names.entries[place].words
        let bits = unsafe names.entries[place].count * 8
        func part(_ number: Int) -> UInt64 {
            // Safe: a name's 32 bytes are in reach.
            let word = unsafe UnsafeRawPointer(bytes).loadUnaligned(
                fromByteOffset: offset + number * 8, as: UInt64.self)
            let left = bits - number * 64
            return left <= 0 ? 0 : UInt64(littleEndian: word) & (left >= 64 ? .max : 1 << UInt64(left) &- 1)
        }
        return part(1) == words.1 && part(2) == words.2 && part(3) == words.3
    }

    /// As `readName`, of a name that isn't the one that was likely.
    @inline(never)
    func findName(_ state: inout State) -> Bool {
        var end = state.index
        while end - state.index <= XMLQuickNames.bytesMax, unsafe XMLQuickNames.isName(bytes[end]) { end += 1 }
        guard unsafe Self.endsName(bytes[end]) else { return false }
        // Safe: the bytes from the offset to `end` are in the piece.
        let written = unsafe Span(_unsafeStart: bytes + state.index, count: end - state.index)
        guard let found = unsafe names.place(of: written) else {
            state.unknownEnd = end
            return false
        }
        unsafe names.entries[state.place].next = found
        state.place = found
        state.index = end
        return true
    }

    /// Skips white space; a CR is white space where LF follows it, with which it is one line end.
    /// - Returns: whether another byte is at the offset, which is at most `last`.
    @inline(never)
    func passBlanks(_ state: inout State) -> Bool {
        while unsafe state.index <= last {
            switch unsafe bytes[state.index] {
            case 0x20, 0x09: state.index += 1
            case 0x0A:
                state.lineEnds += 1
                state.index += 1
            case 0x0D where unsafe bytes[state.index + 1] == 0x0A: state.index += 1
            default: return true
            }
        }
        return false
    }

    /// Reads attributes, whose values are the record's own where it is the record's tag, and goes behind the tag.
    @inline(never)
    func readAttributes(
        _ state: inout State, isRecord: Bool, _ fields: inout RecordFields, _ arena: inout [UInt8]
    ) -> TagEnd? {
        var seen: UInt64 = 0
        while true {
            let before = state.index
            guard unsafe passBlanks(&state) else { return nil }
            if unsafe bytes[state.index] == UInt8(ascii: ">") {
                state.index += 1
                return .open
            }
            if unsafe bytes[state.index] == UInt8(ascii: "/") {
                state.index += 2
                return unsafe bytes[state.index - 1] == UInt8(ascii: ">") ? .empty : nil
            }
            guard state.index > before, unsafe readName(&state), unsafe bytes[state.index] == UInt8(ascii: "=") else {
                return nil
            }
            let name = state.place
            guard seen & 1 << UInt64(name) == 0 else { return nil }
            seen |= 1 << UInt64(name)
            let quote = unsafe bytes[state.index + 1]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
            state.index += 2
            let start = state.index
            guard unsafe passPlain(&state, quote), let slice = unsafe readOddText(&state, from: start, quote, &arena)
            else {
                return nil
            }
            state.index += 1
            if isRecord { unsafe fields.add(.text(slice), as: names.entries[name].member) }
        }
    }

    /// Reads text from `start` on, as far as it isn't plain, up to the byte `end`: the quote of a value, or `<`.
    /// Precondition: the offset is at most `last`, and at a byte that plain text ends at.
    @inline(never)
    func readOddText(_ state: inout State, from start: Int, _ end: UInt8, _ arena: inout [UInt8]) -> ByteSlice? {
        let isText = end == UInt8(ascii: "<")
        // Where the text begins in the arena that is decoded, as it is once there was a reference; and what is copied.
        var decoded: Int?
        var copied = start
        while true {
            let index = state.index
            switch unsafe bytes[index] {
            case end:
                guard let decoded else { return unsafe ByteSlice(inArena: start + shift, count: index - start) }
                unsafe arena.append(Span(_unsafeStart: bytes + copied, count: index - copied))
                return ByteSlice(inArena: decoded, count: arena.count - decoded)
            case UInt8(ascii: "&"):
                if decoded == nil { decoded = arena.count }
                unsafe arena.append(Span(_unsafeStart: bytes + copied, count: index - copied))
                // Safe: the longest reference is in reach.
                let rest = unsafe Span(_unsafeStart: bytes + index, count: Self.reachBytes)
                guard let count = XMLReference.append(rest, to: &arena) else { return nil }
                state.index += count
                copied = state.index
            case UInt8(ascii: ">") where isText:
                if index - start >= 2,
                    unsafe bytes[index - 1] == UInt8(ascii: "]") && bytes[index - 2] == UInt8(ascii: "]")
                {
                    return nil
                }
                state.index += 1
            case 0x0A where isText:
                state.lineEnds += 1
                state.index += 1
            case 0x09 where isText: state.index += 1
            default: return nil
            }
            guard unsafe passPlain(&state, isText ? UInt8(ascii: ">") : end) else { return nil }
        }
    }

    /// Whether bytes that have been read are UTF-8, and hold neither U+FFFE nor U+FFFF, which XML forbids.
    @inline(never)
    func isSoundText(_ range: Range<Int>) -> Bool {
        // Safe: the bytes have been read, so they are in the piece.
        let text = unsafe Span(_unsafeStart: bytes + range.lowerBound, count: range.count)
        guard text.isUTF8 else { return false }
        var from = 0
        while from < text.count, let found = text.firstIndex(of: 0xEF, from: from) {
            if text[found + 1] == 0xBF, text[found + 2] >= 0xBE { return false }
            from = found + 3
        }
        return true
    }
}
