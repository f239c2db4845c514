/// Folds names by the rules of ``NameFolding/fold(_:)`` and ``NearName/form(of:)``, most of them without making a
/// `String`.
///
/// Where no character of a name can meet its neighbour in normalisation, the folded form is its characters' folded
/// forms one after the other. Each of those is worked out once and kept; any other name is folded whole.
///
/// Safe, wherever it says `unsafe`: a name is lent for the call, and is UTF-8, so that a first byte is followed by as
/// many as it says; words are read and written where eight bytes are left.
package struct NameFolder: ~Copyable {
    /// The folded form of the last name, in the first ``count`` bytes.
    private var folded = [UInt8](repeating: 0, count: 1024)
    private var count = 0
    /// Whether the last name's near form isn't its folded form, and that form then.
    private var isSpaced = false
    private var near: [UInt8] = []
    /// For each scalar value of the basic plane: how many bytes of `forms` its folded form is (upper 8 bits) and where
    /// they begin (lower 24), or one of the two below.
    private var places = [UInt32](repeating: unknown, count: 0x1_0000)
    private var forms: [UInt8] = []

    private static let unknown: UInt32 = 0
    private static let meetsNeighbours: UInt32 = .max
    /// No character's folded form is so many times as long as it: U+FDFA's three bytes become 33.
    private static let growthMax = 12

    /// Makes a folder that has worked out no character yet; it takes about 256 KiB.
    package init() {}

    /// Folds `name`, which must be UTF-8, and calls `body`, for the call only, with its near form; with its folded form
    /// where that is another, for it has blanks beside each other; and with a bit for each byte that was a capital
    /// where nothing else was folded, 0 for none, or nil where something else was or there are more than 64 bytes.
    package mutating func withForms<Value>(
        _ name: UnsafeRawBufferPointer,
        _ body: (_ near: UnsafeRawBufferPointer, _ folded: UnsafeRawBufferPointer?, _ capitals: UInt64?) -> Value
    ) -> Value {
        if folded.count < name.count * Self.growthMax + 8 {
            folded = [UInt8](repeating: 0, count: name.count * Self.growthMax * 2)
        }
        var capitals: UInt64? = 0
        count = 0
        if unsafe foldCharacters(of: name, &capitals) {
            if hasSpacing() { collapse(String(decoding: folded[..<count], as: UTF8.self)) } else { isSpaced = false }
        } else {
            capitals = nil
            let whole = unsafe NameFolding.fold(String(decoding: name, as: UTF8.self))
            count = 0
            append(whole.utf8)
            collapse(whole)
        }
        // Safe: the bytes live as long as `body` runs, and no more of them are given than were written.
        return unsafe folded.withUnsafeBytes { folded in
            let folded = unsafe UnsafeRawBufferPointer(rebasing: folded[..<count])
            return unsafe isSpaced
                ? near.withUnsafeBytes { unsafe body($0, folded, capitals) } : body(folded, nil, capitals)
        }
    }

    /// Works out the near form of a folded name.
    private mutating func collapse(_ folded: String) {
        let form = NearName.collapsed(folded)
        isSpaced = form.utf8.count != count
        if isSpaced { near = Array(form.utf8) }
    }

    /// Whether a blank stands at either end of the folded name, or beside another.
    private func hasSpacing() -> Bool {
        guard count > 0 else { return false }
        if folded[0] == 0x20 || folded[count - 1] == 0x20 { return true }
        return unsafe folded.withUnsafeBytes { bytes in
            var previous: UInt64 = 0
            var index = 0
            while index < count {
                // The buffer is longer than a name by a word; what stands behind the name may only be taken for more
                // blanks than there are.
                let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let pairs = (word | word << 8 | previous >> 56) ^ 0x2020_2020_2020_2020
                if (pairs &- 0x0101_0101_0101_0101) & ~pairs & 0x8080_8080_8080_8080 != 0 { return true }
                previous = word
                index += 8
            }
            return false
        }
    }

    /// Folds `name`, ASCII up to eight bytes at a time and any other character by itself; false where the name must be
    /// folded whole.
    private mutating func foldCharacters(of name: UnsafeRawBufferPointer, _ capitals: inout UInt64?) -> Bool {
        var index = 0
        while index < name.count {
            let byte = unsafe name[index]
            if byte < 0x80 {
                unsafe index += foldASCII(name, at: index, &capitals)
                continue
            }
            capitals = nil
            if byte < 0xf0 {
                let isShort = byte < 0xe0
                let last = unsafe UInt32(name[index + (isShort ? 1 : 2)] & 0x3f)
                let value =
                    unsafe isShort
                    ? UInt32(byte & 0x1f) << 6 | last
                    : UInt32(byte & 0x0f) << 12 | UInt32(name[index + 1] & 0x3f) << 6 | last
                guard appendForm(of: value) else { return false }
                index += isShort ? 2 : 3
            } else {
                // U+1F300 to U+1FAFF, pictographs, which fold to themselves, are F0 9F 8C 80 to F0 9F AB BF.
                guard byte == 0xf0, unsafe name[index + 1] == 0x9f, unsafe (0x8c...0xab).contains(name[index + 2])
                else {
                    return false
                }
                unsafe append(name[index..<index + 4])
                index += 4
            }
        }
        return true
    }

    /// Folds the ASCII that begins at `index`, at most eight bytes of it, and notes which bytes are capitals while
    /// nothing else has been met.
    ///
    /// - Returns: how many bytes that were.
    private mutating func foldASCII(
        _ name: UnsafeRawBufferPointer, at index: Int, _ capitalBits: inout UInt64?
    ) -> Int {
        guard index + 8 <= name.count, count + 8 <= folded.count else {
            let isCapital = unsafe (0x41...0x5a).contains(name[index])
            folded[count] = unsafe isCapital ? name[index] | 0x20 : name[index]
            if isCapital { capitalBits = index < 64 ? capitalBits.map { $0 | 1 << UInt64(index) } : nil }
            count += 1
            return 1
        }
        let word = unsafe UInt64(littleEndian: name.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let length = (word & 0x8080_8080_8080_8080).trailingZeroBitCount / 8
        // The top bit of each byte: it is at least A, and it is above Z. What a byte that isn't ASCII carries over goes
        // to those behind it, which don't count.
        let fromA = word &+ 0x3f3f_3f3f_3f3f_3f3f
        let aboveZ = word &+ 0x2525_2525_2525_2525
        let counted: UInt64 = length == 8 ? .max : 1 << UInt64(length * 8) &- 1
        let capitals = (fromA & ~aboveZ) & 0x8080_8080_8080_8080 & counted
        if capitals != 0 {
            // A bit for each byte, at its place in the name.
            let bits = ((capitals >> 7) &* 0x0102_0408_1020_4080) >> 56
            capitalBits = index < 64 ? capitalBits.map { $0 | bits << UInt64(index) } : nil
        }
        unsafe folded.withUnsafeMutableBytes {
            unsafe $0.storeBytes(of: (word | capitals >> 2).littleEndian, toByteOffset: count, as: UInt64.self)
        }
        count += length
        return length
    }

    private mutating func append(_ bytes: some Collection<UInt8>) {
        if count + bytes.count > folded.count {
            folded += [UInt8](repeating: 0, count: bytes.count)
        }
        for byte in bytes {
            folded[count] = byte
            count += 1
        }
    }

    /// Appends the folded form of the basic plane's scalar `value`; false where that depends on what stands beside it.
    private mutating func appendForm(of value: UInt32) -> Bool {
        if places[Int(value)] == Self.unknown { places[Int(value)] = workOut(value) }
        let place = places[Int(value)]
        guard place != Self.meetsNeighbours else { return false }
        for offset in Int(place & 0xff_ffff)..<Int(place & 0xff_ffff) + Int(place >> 24) {
            folded[count] = forms[offset]
            count += 1
        }
        return true
    }

    private mutating func workOut(_ value: UInt32) -> UInt32 {
        guard let scalar = Unicode.Scalar(value) else { return Self.meetsNeighbours }
        let form = NameFolding.fold(String(scalar))
        guard Self.standsAlone(scalar), let first = form.unicodeScalars.first, Self.standsAlone(first),
            form.unicodeScalars.allSatisfy({ $0 == " " || !$0.properties.isWhitespace })
        else { return Self.meetsNeighbours }
        let place = UInt32(form.utf8.count) << 24 | UInt32(forms.count)
        forms.append(contentsOf: form.utf8)
        return place
    }

    /// Whether a scalar never composes with the one before it, nor is put in another order: it is no mark, and no vowel
    /// or final consonant of Hangul (Unicode 16, section 3.11 and DerivedNormalizationProps.txt, NFC_Quick_Check).
    private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: false
        default: !(0x1160...0x11ff).contains(scalar.value)
        }
    }
}
