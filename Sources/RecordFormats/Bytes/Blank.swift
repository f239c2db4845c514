extension Span<UInt8> {
    /// The length of the white space or invisible character at `index`, in bytes of UTF-8; 0 where another is there.
    ///
    /// White space is that of Unicode (`White_Space`); invisible are soft hyphen, zero-width spaces and joiners, marks
    /// of direction, invisible operators and the byte order mark.
    func blankLength(at index: Int) -> Int {
        let byte = self[index]
        if byte == 0x20 || (0x09...0x0D).contains(byte) { return 1 }
        guard byte >= 0xC2, index + 1 < count else { return 0 }
        let second = self[index + 1]
        switch byte {
        case 0xC2: return second == 0x85 || second == 0xA0 || second == 0xAD ? 2 : 0
        case 0xD8: return second == 0x9C ? 2 : 0
        case 0xE1...0xE3, 0xEF: break
        default: return 0
        }
        guard index + 2 < count else { return 0 }
        switch (byte, second, self[index + 2]) {
        case (0xE1, 0x9A, 0x80), (0xE1, 0xA0, 0x8E), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF): return 3
        case (0xE2, 0x80, 0x80...0x8F), (0xE2, 0x80, 0xA8...0xAF), (0xE2, 0x81, 0x9F...0xAF): return 3
        default: return 0
        }
    }

    /// Whether the bytes at `index` are those of a byte order mark in UTF-8.
    func hasByteOrderMark(at index: Int) -> Bool {
        index + 2 < count && self[index] == 0xEF && self[index + 1] == 0xBB && self[index + 2] == 0xBF
    }

    /// Whether there is nothing but white space and what can't be seen.
    var isBlank: Bool {
        var index = 0
        while index < count {
            let length = blankLength(at: index)
            if length == 0 { return false }
            index += length
        }
        return true
    }

    /// Whether there are the characters of a plain number, or nothing but blanks.
    var isNumberOrBlank: Bool {
        if isBlank { return true }
        for index in 0..<count {
            let byte = self[index]
            let isPart = (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte == 0x20
            if !isPart { return false }
        }
        return true
    }
}
