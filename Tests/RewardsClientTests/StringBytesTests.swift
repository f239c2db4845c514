import RewardsClient
import TestSupport
import Testing

/// Names are compared by their bytes, as a JSON string has them: canonically equivalent texts are different names.
@Suite struct StringBytesTests {
    @Test(
        "what looks alike has the same bytes or not",
        arguments: [
            ("", "", true), ("Gold", "Gold", true), ("Gold", "gold", false), ("Gold", "Gold ", false),
            ("Gold", "Gol", false), ("", "G", false), ("\u{E9}", "e\u{301}", false), ("\u{C5}", "\u{212B}", false),
            ("\u{1100}\u{1161}", "\u{AC00}", false), ("a\u{0}b", "a\u{0}b", true), ("a\u{0}b", "a\u{0}c", false),
            ("a name of more than fifteen bytes", "a name of more than fifteen bytes", true),
            ("a name of more than fifteen bytes", "a name of more than fifteen byteS", false),
            ("\u{1F31F} Star Club", "\u{1F31F} Star Club", true), ("\u{FEFF}Gold", "Gold", false),
        ])
    func equal(one: String, other: String, isSame: Bool) {
        #expect(one.hasBytes(of: other) == isSame)
        #expect(other.hasBytes(of: one) == isSame)
        #expect((Array(one.utf8) == Array(other.utf8)) == isSame)
    }

    @Test("substrings, joined texts and literals of the same bytes are the same, however they are stored")
    func storage() {
        for count in 0...40 {
            let text = String(repeating: "\u{E9}x", count: count)
            var built = ""
            for scalar in text.unicodeScalars { built.unicodeScalars.append(scalar) }
            let cut = String(("<" + text + ">").dropFirst().dropLast())
            #expect(text.hasBytes(of: built) && built.hasBytes(of: cut) && cut.hasBytes(of: text))
            #expect(!text.hasBytes(of: text + "x") && !("x" + text).hasBytes(of: text))
        }
    }
}
