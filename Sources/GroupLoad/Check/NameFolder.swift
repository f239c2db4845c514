/// Folds names by the rule of ``NameFolding/fold(_:)``, most of them without making a `String`.
///
/// Where no character of a name can meet its neighbour in normalisation, the folded form is its characters' folded forms
/// one after the other. Each of those is worked out once and kept; any other name is folded whole.
package struct NameFolder: ~Copyable {
    /// The folded form of the last name.
    package private(set) var folded: [UInt8] = []
    /// For each scalar value of the basic plane: how many bytes of `forms` its folded form is (upper 8 bits) and where they
    /// begin (lower 24), or one of the two below.
    private var places = [UInt32](repeating: unknown, count: 0x1_0000)
    private var forms: [UInt8] = []

    private static let unknown: UInt32 = 0
    private static let meetsNeighbours: UInt32 = .max

    package init() {}

    /// Folds `name`, which must be UTF-8, into ``folded``.
    package mutating func fold(_ name: UnsafeRawBufferPointer) {
        folded.removeAll(keepingCapacity: true)
        var index = 0
        while index < name.count {
            let byte = name[index]
            if byte < 0x80 {
                folded.append((0x41...0x5a).contains(byte) ? byte | 0x20 : byte)
                index += 1
            } else if byte < 0xf0 {
                let isShort = byte < 0xe0
                let last = UInt32(name[index + (isShort ? 1 : 2)] & 0x3f)
                let value =
                    isShort
                    ? UInt32(byte & 0x1f) << 6 | last
                    : UInt32(byte & 0x0f) << 12 | UInt32(name[index + 1] & 0x3f) << 6 | last
                guard appendForm(of: value) else { return foldWhole(name) }
                index += isShort ? 2 : 3
            } else {
                let character = UnsafeRawBufferPointer(rebasing: name[index..<index + 4])
                // U+1F300 to U+1FAFF, pictographs, which fold to themselves, are F0 9F 8C 80 to F0 9F AB BF.
                guard byte == 0xf0, character[1] == 0x9f, (0x8c...0xab).contains(character[2]) else {
                    return foldWhole(name)
                }
                folded.append(contentsOf: character)
                index += 4
            }
        }
    }

    /// Appends the folded form of the basic plane's scalar `value`; false where that depends on what stands beside it.
    private mutating func appendForm(of value: UInt32) -> Bool {
        if places[Int(value)] == Self.unknown { places[Int(value)] = workOut(value) }
        let place = places[Int(value)]
        guard place != Self.meetsNeighbours else { return false }
        for offset in Int(place & 0xff_ffff)..<Int(place & 0xff_ffff) + Int(place >> 24) {
            folded.append(forms[offset])
        }
        return true
    }

    private mutating func workOut(_ value: UInt32) -> UInt32 {
        guard let scalar = Unicode.Scalar(value) else { return Self.meetsNeighbours }
        let form = NameFolding.fold(String(scalar))
        guard Self.standsAlone(scalar), let first = form.unicodeScalars.first, Self.standsAlone(first) else {
            return Self.meetsNeighbours
        }
        let place = UInt32(form.utf8.count) << 24 | UInt32(forms.count)
        forms.append(contentsOf: form.utf8)
        return place
    }

    /// Whether a scalar never composes with the one before it, nor is put in another order: it is no mark, and no vowel or
    /// final consonant of Hangul (Unicode 16, section 3.11 and DerivedNormalizationProps.txt, NFC_Quick_Check).
    private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: false
        default: !(0x1160...0x11ff).contains(scalar.value)
        }
    }

    private mutating func foldWhole(_ name: UnsafeRawBufferPointer) {
        folded.removeAll(keepingCapacity: true)
        folded.append(contentsOf: NameFolding.fold(String(decoding: name, as: UTF8.self)).utf8)
    }
}
