import RecordFormats
import Testing

/// DOS's end-of-file mark, Ctrl-Z, at the end of a text of any format.
@Suite struct EndOfFileMarkTests {
    /// A text of one record, and its format.
    private static let texts: [(String, RecordFormat)] = [
        ("name\nGold", .csv), ("name\n\"Gold\"", .csv), (#"[{"name":"Gold"}]"#, .json),
        (#"{"name":"Gold"}"#, .json), (#"{"name":"Gold"}"#, .ndjson),
        ("<groups><group><name>Gold</name></group></groups>", .xml),
    ]
    private static let ends = [
        "\u{1A}", "\u{1A}\u{1A}\u{1A}", "\u{1A}\r\n", "\r\n\u{1A}", "\n\u{1A}\n\u{1A}\n", "\r\u{1A}\r",
        "\u{1A}" + String(repeating: "\n", count: 63), String(repeating: "\u{1A}", count: 64),
    ]

    @Test("it is no part of the text, with what stands behind it", arguments: texts, ends)
    func leftOut(_ text: (String, RecordFormat), end: String) {
        let decoded = Decoded.everyWay(Array((text.0 + end).utf8), text.1)
        #expect(decoded.records.map(\.name) == ["text:Gold"])
        #expect(decoded.records.allSatisfy { $0.problem == nil } && decoded.failureBrief == nil)
        #expect(decoded.tally.skipped.total == 0)
    }

    @Test(
        "elsewhere it is a character as any other",
        arguments: [
            ("name\n\u{1A}Gold\n", ["text:\u{1A}Gold"]), ("name\n\"Gold\u{1A}\"\n", ["text:Gold\u{1A}"]),
            ("name\nGold\u{1A}\nSilver\n", ["text:Gold\u{1A}", "text:Silver"]),
            // More than 64 bytes before the end.
            ("name\nGold\u{1A}\n" + String(repeating: "\n", count: 64), ["text:Gold\u{1A}"]),
        ])
    func kept(_ text: String, names: [String]) {
        #expect(Decoded.everyWay(Array(text.utf8), .csv).records.map(\.name) == names)
    }
}
