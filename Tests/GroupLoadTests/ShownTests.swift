import Foundation
import GroupLoad
import Testing

@Suite struct ShownTests {
    @Test(
        "what a terminal acts on is escaped, what a person reads stays",
        arguments: [
            ("plain é 流 🏳️‍🌈", "plain é 流 🏳️‍🌈"), ("a\u{1B}[31mb\u{7}", "a\\u{1B}[31mb\\u{7}"),
            ("\u{9B}31m\u{7F}", "\\u{9B}31m\\u{7F}"), ("a\nb\r\tc\0", "a\\u{A}b\\u{D}\\u{9}c\\u{0}"),
            (
                "\u{202E}x\u{202A}\u{2066}\u{2069}\u{200E}\u{200F}\u{61C}",
                "\\u{202E}x\\u{202A}\\u{2066}\\u{2069}\\u{200E}\\u{200F}\\u{61C}"
            ),
            ("\u{2028}\u{2029}\u{FEFF}\u{AD}\u{E000}\u{378}", "\\u{2028}\\u{2029}\\u{FEFF}\\u{AD}\\u{E000}\\u{378}"),
        ])
    func escapes(text: String, expected: String) {
        #expect(Shown.text(text).utf8.elementsEqual(expected.utf8))
    }

    @Test("in JSON the same characters are escaped, and the values stay") func json() throws {
        let values = ["é 流 🏳️‍🌈", "\u{7F}\u{85}\u{202E}\u{2066}x\u{61C}\u{2028}\u{FEFF}\u{E0041}\u{1B}", "plain"]
        let written = String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
        let shown = Shown.json(written)
        #expect(
            shown.utf8.elementsEqual(
                #"["é 流 🏳️‍🌈","\u007F\u0085\u202E\u2066x\u061C\u2028\uFEFF\uDB40\uDC41\u001b","plain"]"#.utf8))
        #expect(try JSONDecoder().decode([String].self, from: Data(shown.utf8)) == values)
    }

    @Test("a text is cut, a message keeps its lines") func lengths() {
        #expect(Shown.text("abcdef", limit: 3) == "abc…" && Shown.text("abc", limit: 3) == "abc")
        #expect(Shown.message("one\ntwo\u{1B}c\r") == "one\ntwo\\u{1B}c\\u{D}")
    }
}
