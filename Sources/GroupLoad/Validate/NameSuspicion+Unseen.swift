/// Characters inside a name that look like a blank and are another, or that can't be seen at all. A web page, a
/// spreadsheet or a word processor puts them there, and they make a second group of "the same" name.
///
/// | character | is left alone |
/// |---|---|
/// | U+00A0, U+2009 and U+202F | beside a sign that stands apart in French or Russian: `Noël !`, `« Or »`, `№ 5` |
/// | other blanks of U+2000 to U+205F, line and paragraph separator | never |
/// | U+3000 | beside a character of Chinese, Japanese or Korean |
/// | joiners (U+200C, U+200D) | beside a script or an emoji that needs them |
/// | U+200B | in a script that has no blanks between words |
/// | tags (U+E0020 to U+E007F) | behind a black flag, as an emoji |
/// | soft hyphen, marks of direction, word joiner, U+FEFF and their like | never |
extension NameSuspicion {
    /// The leads of UTF-8 that most of these begin with, by their lower six bits; those that few names have, and those
    /// that begin many characters of the scripts that they are of.
    private static let rareLeads: UInt64 = 1 << 0x02 | 1 << 0x22 | 1 << 0x2f | 1 << 0x33
    private static let leadsOfScripts: UInt64 = 1 << 0x18 | 1 << 0x23

    /// What is suspicious about a name that isn't only ASCII, in which a scan had `findings`; nil for nearly all.
    static func ofUnseen(_ name: UnsafeRawBufferPointer, _ findings: TextScan.Findings) -> NameSuspicion? {
        // Text in scripts has characters that aren't ASCII beside each other.
        let leads = findings.mayBeWronglyDecoded ? rareLeads : rareLeads | leadsOfScripts
        guard findings.leads & leads != 0, unsafe mayHoldUnseen(name) else { return nil }
        let scalars = unsafe Array(String(decoding: name, as: UTF8.self).unicodeScalars)
        for (index, scalar) in scalars.enumerated() where scalar.value > 0xa0 || scalar == "\u{A0}" {
            if isUnseen(scalar), !isNeeded(index, in: scalars) { return .unseen(scalar) }
            if isOtherBlank(scalar), !standsApart(index, in: scalars) { return .otherBlank(scalar) }
        }
        return nil
    }

    /// Whether there are two bytes that such a character begins with.
    private static func mayHoldUnseen(_ name: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index + 1 < name.count {
            // Safe: both places are below the count.
            let (first, second) = unsafe (name[index], name[index + 1])
            index += 1
            guard first >= 0xc2 else { continue }
            switch (first, second) {
            case (0xc2, 0xa0), (0xc2, 0xad), (0xd8, 0x9c), (0xe2, 0x80...0x81), (0xe3, 0x80), (0xef, 0xbb),
                (0xf3, 0xa0):
                return true
            default: continue
            }
        }
        return false
    }

    private static func isOtherBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xa0, 0x2000...0x200a, 0x2028...0x2029, 0x202f, 0x205f, 0x3000: true
        default: false
        }
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xad, 0x61c, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x206f, 0xfeff, 0xe0000...0xe007f: true
        default: false
        }
    }

    /// Signs that a narrow or no-break blank stands before, and those that it stands behind.
    private static let behindBlank = Set(":;!?»›%‰€£°–—".unicodeScalars)
    private static let beforeBlank = Set("«‹№§–—".unicodeScalars)

    /// Whether a blank is meant where it stands.
    private static func standsApart(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || isOtherBlank(scalar) }
        let before = scalars[..<index].last { !isBlank($0) } ?? " "
        let behind = scalars[index...].first { !isBlank($0) } ?? " "
        switch scalars[index].value {
        case 0xa0, 0x2009, 0x202f: return beforeBlank.contains(before) || behindBlank.contains(behind)
        case 0x3000: return isWide(before) || isWide(behind)
        default: return false
        }
    }

    /// Whether a character is of Chinese, Japanese or Korean, or a wide form.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11ff, 0x2e80...0x2fff, 0x3001...0x9fff, 0xa960...0xa97f, 0xac00...0xd7ff, 0xf900...0xfaff,
            0xfe30...0xfe4f, 0xff00...0xffef, 0x1b000...0x1b16f, 0x20000...0x3ffff:
            true
        default: false
        }
    }

    /// Whether a character that can't be seen is needed where it stands.
    private static func isNeeded(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let neighbours = [index - 1, index + 1].filter(scalars.indices.contains).map { scalars[$0] }
        switch scalars[index].value {
        case 0x200b: return neighbours.allSatisfy(hasNoBlanks)
        case 0x200c...0x200d: return neighbours.contains(where: joins)
        case 0xe0020...0xe007f: return scalars[..<index].contains("\u{1F3F4}")
        default: return false
        }
    }

    /// Thai, Lao, Tibetan, Burmese and Khmer.
    private static func hasNoBlanks(_ scalar: Unicode.Scalar) -> Bool {
        (0xe00...0x109f).contains(scalar.value) || (0x1780...0x17ff).contains(scalar.value)
    }

    /// Whether a character is of a script whose letters take another form beside each other, or an emoji.
    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x600...0x109f, 0x1780...0x18af, 0x1900...0x1cff, 0xa800...0xabff, 0xfb50...0xfdff, 0xfe0f,
            0xfe70...0xfefc, 0x10a00...0x11fff, 0x1e900...0x1e95f:
            true
        default: scalar.value > 0xff && (scalar.properties.isEmoji || scalar.properties.isEmojiModifier)
        }
    }
}
