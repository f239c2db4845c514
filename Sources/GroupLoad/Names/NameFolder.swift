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
    /// they begin (lower 24), or one of the three below.
    private var places = [UInt32](repeating: unknown, count: 0x1_0000)
    private(set) var forms: [UInt8] = []

    private static let unknown: UInt32 = 0
    private static let meetsNeighbours: UInt32 = .max
    static let isItself: UInt32 = .max - 1
    /// No character's folded form is so many times as long as it: U+FDFA's three bytes become 33.
    private static let growthMax = 12
    /// The longest folded form of a character in bytes, and more than a word.
    private static let formMax = 40

    /// Makes a folder that has worked out no character yet; it takes about 256 KiB.
    package init() {}

    /// Folds `name`, which must be UTF-8, and calls `body`, for the call only, with its near form; with its folded form
    /// where that is another, for it has blanks beside each other; and with a bit for each byte that was a capital
    /// where nothing else was folded, 0 for none, or nil where something else was or there are more than 64 bytes.
    package mutating func withForms<Value>(
        _ name: UnsafeRawBufferPointer,
        _ body: (_ near: UnsafeRawBufferPointer, _ folded: UnsafeRawBufferPointer?, _ capitals: UInt64?) -> Value
    ) -> Value {
        if folded.count < name.count * Self.growthMax + Self.formMax {
            folded = [UInt8](repeating: 0, count: name.count * Self.growthMax * 2 + Self.formMax)
        }
        var capitals: UInt64? = 0
        if unsafe foldCharacters(of: name, &capitals) {
            if hasSpacing() { collapse(String(decoding: folded[..<count], as: UTF8.self)) } else { isSpaced = false }
        } else {
            capitals = nil
            let whole = unsafe NameFolding.fold(String(decoding: name, as: UTF8.self))
            let bytes = Array(whole.utf8)
            if folded.count < bytes.count { folded = [UInt8](repeating: 0, count: bytes.count) }
            folded.replaceSubrange(..<bytes.count, with: bytes)
            count = bytes.count
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

    /// Folds `name`; false where it must be folded whole.
    private mutating func foldCharacters(of name: UnsafeRawBufferPointer, _ capitals: inout UInt64?) -> Bool {
        // Moved out for the call, so that it isn't written while a property changes.
        var form: [UInt8] = []
        swap(&form, &folded)
        defer { swap(&form, &folded) }
        return unsafe form.withUnsafeMutableBytes { unsafe foldCharacters(of: name, into: $0, &capitals) }
    }

    /// Folds `name` into `form`, ASCII up to eight bytes at a time and any other character by itself, and notes which
    /// bytes are capitals while nothing else changes.
    private mutating func foldCharacters(
        of name: UnsafeRawBufferPointer, into form: UnsafeMutableRawBufferPointer, _ capitals: inout UInt64?
    ) -> Bool {
        var index = 0
        count = 0
        while index < name.count {
            guard count + Self.formMax <= form.count else { return false }
            let word = unsafe name.paddedWord(at: index)
            if word & 0x80 == 0 {
                let length = min((word & 0x8080_8080_8080_8080).trailingZeroBitCount / 8, name.count - index)
                let bits = Self.capitals(word, count: length)
                unsafe form.storeBytes(of: (word | bits >> 2).littleEndian, toByteOffset: count, as: UInt64.self)
                // A bit for each byte, at its place in the name.
                if bits != 0 {
                    let places = ((bits >> 7) &* 0x0102_0408_1020_4080) >> 56
                    capitals = index + length <= 64 ? capitals.map { $0 | places << UInt64(index) } : nil
                }
                index += length
                count += length
                continue
            }
            guard let (length, place) = place(of: word) else { return false }
            if place == Self.isItself {
                unsafe form.storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
                count += length
            } else {
                capitals = nil
                for offset in Int(place & 0xff_ffff)..<Int(place & 0xff_ffff) + Int(place >> 24) {
                    unsafe form[count] = forms[offset]
                    count += 1
                }
            }
            index += length
        }
        return true
    }

    /// The top bit of each of the first `count` bytes of `word`, all ASCII, that is a capital.
    @inline(__always)
    private static func capitals(_ word: UInt64, count: Int) -> UInt64 {
        // It is at least A, and it is above Z. What a byte that isn't ASCII carries over goes to those behind it, which
        // don't count.
        let fromA = word &+ 0x3f3f_3f3f_3f3f_3f3f
        let aboveZ = word &+ 0x2525_2525_2525_2525
        let counted: UInt64 = count == 8 ? .max : 1 << UInt64(count * 8) &- 1
        return (fromA & ~aboveZ) & 0x8080_8080_8080_8080 & counted
    }

    /// How many bytes the character has that `word` begins with, which isn't ASCII, and where its folded form is; nil
    /// where that depends on what stands beside it.
    @inline(__always)
    mutating func place(of word: UInt64) -> (length: Int, place: UInt32)? {
        let lead = UInt8(truncatingIfNeeded: word)
        if lead >= 0xf0 {
            // U+1F300 to U+1FAFF, pictographs, which fold to themselves, are F0 9F 8C 80 to F0 9F AB BF.
            let isPictograph = word & 0xffff == 0x9ff0 && (0x8c...0xab).contains(word >> 16 & 0xff)
            return isPictograph ? (4, Self.isItself) : nil
        }
        let (second, third) = (word >> 8 & 0x3f, word >> 16 & 0x3f)
        let isShort = lead < 0xe0
        let value = Int(isShort ? (word & 0x1f) << 6 | second : (word & 0x0f) << 12 | second << 6 | third)
        if places[value] == Self.unknown { places[value] = workOut(UInt32(value)) }
        let place = places[value]
        return place == Self.meetsNeighbours ? nil : (isShort ? 2 : 3, place)
    }

    private mutating func workOut(_ value: UInt32) -> UInt32 {
        guard let scalar = Unicode.Scalar(value) else { return Self.meetsNeighbours }
        let form = NameFolding.fold(String(scalar))
        guard Self.standsAlone(scalar), let first = form.unicodeScalars.first, Self.standsAlone(first),
            form.unicodeScalars.allSatisfy({ $0 == " " || !$0.properties.isWhitespace })
        else { return Self.meetsNeighbours }
        if form.utf8.elementsEqual(String(scalar).utf8) { return Self.isItself }
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
