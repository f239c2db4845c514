import Foundation

/// Words of a text that was read in an encoding that may be the wrong one: how much of them no language writes.
///
/// | oddity | example |
/// |---|---|
/// | a sign inside a word, or before it | `Z³oty`, `£ódŸ` |
/// | a capital behind a small letter | `гОЛОТО` |
/// | letters of two scripts side by side | `Cafй` |
/// | three vowels, or four consonants, one after the other | `Dvoøák`, `crčme` |
/// | a word of nothing but Latin letters with marks | `Çîëîòî` |
struct LikelyWords {
    private static let wordsMax = 2_000, wordBytesMax = 64
    /// Signs that stand in words, and those that stand before or behind them.
    private static let inside: Set<Unicode.Scalar> = ["’", "‘", "·", "\u{AD}", "–", "—"]
    private static let beside: Set<Unicode.Scalar> = [
        "“", "”", "„", "«", "»", "‚", "‹", "›", "¡", "¿", "…", "®", "™", "©", "°", "ª", "º", "\u{A0}", "•", "№", "´",
    ]
    private static let vowels: Set<Character> = [
        "a", "e", "i", "o", "u", "y", "æ", "ø", "œ", "ı", "а", "е", "ё", "и", "о", "у", "ы", "э", "ю", "я", "і", "ї",
        "є", "α", "ε", "η", "ι", "ο", "υ", "ω",
    ]
    /// Letters that are neither.
    private static let mute: Set<Character> = ["ъ", "ь"]

    /// The words, one a line.
    let text: String
    /// How many they are.
    private(set) var count = 0
    /// How much of them is odd.
    private(set) var oddities = 0
    /// Whether they are no language's, for all that is known: more oddities than words, which are more than one.
    var areNone: Bool { count > 1 && oddities > count }
    /// Whether there is enough of them for their script: Latin letters stand alone among others, those of other scripts
    /// in words.
    private(set) var isEnough = true
    /// Whether there is a letter beyond ASCII.
    private(set) var hasLetters = false

    /// The words around bytes that aren't ASCII, one a line.
    static func around(_ bytes: [UInt8]) -> [UInt8] {
        var words: [UInt8] = []
        var (count, start, isOther) = (0, 0, false)
        for end in 0...bytes.count where count < wordsMax {
            if end < bytes.count, bytes[end] >= 0x80 || (bytes[end] | 0x20) &- 0x61 < 26 {
                if bytes[end] >= 0x80 { isOther = true }
                continue
            }
            if isOther {
                words += bytes[start..<end].prefix(wordBytesMax) + [0x0A]
                count += 1
            }
            (start, isOther) = (end + 1, false)
        }
        return words
    }

    init(_ text: String) {
        self.text = text
        var scripts: Set<Int> = []
        var longest = 0
        for word in text.split(separator: "\n") {
            count += 1
            let scalars = Array(word.unicodeScalars)
            let letters = scalars.filter(\.properties.isAlphabetic)
            if letters.contains(where: { !$0.isASCII }) { hasLetters = true }
            let others = letters.filter { Self.script($0) > 0 }
            if let first = others.first { scripts.insert(Self.script(first)) }
            longest = max(longest, others.count)
            if others.isEmpty, letters.count > 2, letters.allSatisfy({ !$0.isASCII }) { oddities += 3 }
            add(scalars)
            addRuns(word.lowercased())
        }
        if !scripts.isEmpty { isEnough = longest > 2 }
    }

    /// 0 for Latin, another number for each other script.
    private static func script(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x370...0x3ff: 1
        case 0x400...0x52f: 2
        default: 0
        }
    }

    private mutating func add(_ scalars: [Unicode.Scalar]) {
        for (place, scalar) in scalars.enumerated() {
            let before = place > 0 ? scalars[place - 1] : nil
            let isLetter = scalar.properties.isAlphabetic && !Self.beside.contains(scalar)
            if !isLetter {
                let isBefore = place + 1 < scalars.count && scalars[place + 1].properties.isAlphabetic
                let isBehind = before?.properties.isAlphabetic == true
                if isBefore, isBehind { oddities += Self.inside.contains(scalar) ? 0 : 2 }
                if isBefore != isBehind, !Self.inside.contains(scalar), !Self.beside.contains(scalar) { oddities += 1 }
            } else if let before, before.properties.isAlphabetic, !before.isASCII || !scalar.isASCII {
                if before.properties.isLowercase, scalar.properties.isUppercase { oddities += 2 }
                if Self.script(before) != Self.script(scalar) { oddities += 2 }
            }
        }
    }

    /// Counts runs of vowels and of consonants that hold a letter beyond ASCII.
    private mutating func addRuns(_ word: String) {
        var (isVowel, count, isOther) = (false, 0, false)
        func odd() -> Int { isOther ? max(0, count - (isVowel ? 2 : 3)) : 0 }
        for letter in word where letter.isLetter && !Self.mute.contains(letter) {
            let base = String(letter).decomposedStringWithCanonicalMapping.unicodeScalars.first.map(Character.init)
            let isNextVowel = Self.vowels.contains(base ?? letter)
            if isNextVowel != isVowel {
                oddities += odd()
                (isVowel, count, isOther) = (isNextVowel, 0, false)
            }
            count += 1
            if !letter.isASCII { isOther = true }
        }
        oddities += odd()
    }
}
