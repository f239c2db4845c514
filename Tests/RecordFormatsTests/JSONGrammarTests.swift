import Foundation
import RecordFormats
import TestSupport
import Testing

/// The grammar of RFC 8259, value by value, wherever a list may hold one; Python's parser guards the table itself.
@Suite struct JSONGrammarTests {
    private static let sound = [
        // 6: numbers
        "0", "-0", "1", "-1", "10", "1234567890", "0.0", "-0.5", "1.25", "0e0", "1e5", "1E5", "1e+5", "1e-5", "-1.5E+3",
        "1e400", "123456789012345678901234567890", "0.000000000000000000000001", "1.0e0001",
        // 7: strings
        "\"\"", #""a""#, "\"\\\"\"", #""\\""#, #""\/""#, #""/""#, #""\b\f\n\r\t""#, #""\u0000""#, #""\u00e9""#,
        #""\u00E9""#,
        #""\uD834\uDD1E""#, #""\ud800""#, #""\udc00\ud800""#, "\"\u{7f}\"", "\"\u{80}\"", "\"\u{2028}\u{2029}\"",
        "\"\u{FEFF}\"", "\"\u{10FFFF}\"", "\"'\"", "\"{[,:]}\"", "\"// no comment\"",
        // 3: words; 4: objects; 5: arrays; 2: white space
        "true", "false", "null", "{}", "[]", "[1]", "[1,2]", "[[],{}]", #"{"a":1}"#, #"{"a":1,"b":[{"c":null}]}"#,
        #"{"":0}"#, #"{"a":1,"a":2}"#, " \t\r\n1\t", "[ 1 ,\n2\r]", "{ \"a\" :\t1 }", #"{"a":{"a":{"a":{}}}}"#,
    ]

    private static let unsound = [
        "", "01", "-01", "00", "1.", ".5", "-.5", "-", "+1", "1e", "1e+", "1.e5", "1.5.2", "--1", "0x1", "1_000",
        "1,000.0.0",
        "1e5.5", "0b1", "1n", "1f", "NaN", "Infinity", "-Infinity", "nan", "٣", "１", "1 2", "True", "FALSE", "nul",
        "nulll",
        "tru", "undefined", "None", "'a'", "`a`", "a", #""\x41""#, #""\u12""#, #""\u12G4""#, #""\U0041""#, #""\'""#,
        #""\a""#,
        #""\0""#, #""\ ""#, #""\u+123""#, #""\u 123""#, "\"\t\"", "\"\n\"", "\"\u{1}\"", "\"\u{1f}\"", "\"\u{0}\"",
        #""a"b"#,
        #""a""b""#, "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1;2]", "[1}", "{a:1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#,
        "{,}",
        #"{"a" 1}"#, #"{"a":1 "b":2}"#, #"{"a"::1}"#, #"{"a":1:2}"#, "{1:2}", #"{'a':1}"#, "{null:1}", #"{"a":1]"#,
        "1 // no", "1 /* no */", "1 # no", "\u{A0}1", "\u{c}1", "\u{b}1", "\u{FEFF}1", "\u{2028}1", "\u{85}1", "(1)",
        "<a/>",
        "[1]]", "1\0",
    ]

    @Test("Python's parser takes what the table calls valid, and nothing else") func table() async throws {
        var python = Command.python(
            """
            import json, sys
            def no(_): raise ValueError
            def ok(text):
                try: json.loads(text, parse_constant=no)
                except (ValueError, RecursionError): return False
                return True
            print("".join("01"[ok(text)] for text in json.load(sys.stdin)))
            """)
        python.input = try JSONEncoder().encode(Self.sound + Self.unsound)
        let output = try await python.run().outputText.trimmingCharacters(in: .newlines)
        let expected =
            String(repeating: "1", count: Self.sound.count) + String(repeating: "0", count: Self.unsound.count)
        #expect(output == expected)
    }

    @Test("a value that nobody asked for is read by the grammar, too", arguments: sound)
    func valid(value: String) {
        let list = Decoded.everyWay(
            Array("[{\"x\":\(value),\"name\":\"a\"},{\"name\":\"b\",\"x\":\(value)}]".utf8), .json)
        #expect(list.failure == nil && list.records.map(\.name) == ["text:a", "text:b"])
        #expect(list.records.allSatisfy { $0.problem == nil })
        // A line of NDJSON holds no line end.
        guard !value.contains(where: \.isNewline) else { return }
        let lines = Decoded.everyWay(
            Array("{\"x\":\(value),\"name\":\"a\"}\n{\"name\":\"b\",\"x\":\(value)}\n".utf8), .ndjson)
        #expect(lines.failure == nil && lines.records.map(\.name) == ["text:a", "text:b"])
        #expect(lines.records.allSatisfy { $0.problem == nil })
    }

    @Test("what isn't JSON ends a document, and is a line's own fault; nothing of it is guessed", arguments: unsound)
    func invalid(value: String) {
        for text in [
            "[{\"name\":\"a\"},{\"x\":\(value),\"name\":\"b\"}]", "[{\"name\":\"a\"},{\"name\":\"b\",\"x\":\(value)}]",
        ] {
            let list = Decoded.everyWay(Array(text.utf8), .json)
            #expect(
                list.failure != nil && list.failure?.recordNumber ?? 2 == 2 && list.records.map(\.name) == ["text:a"])
        }
        guard !value.contains(where: \.isNewline) else { return }
        let lines = Decoded.everyWay(
            Array("{\"name\":\"a\"}\n{\"x\":\(value),\"name\":\"b\"}\n{\"name\":\"c\"}\n".utf8), .ndjson)
        #expect(lines.failure == nil && lines.records.count == 3)
        #expect(lines.records.map { $0.problem != nil } == [false, true, false])
        #expect(lines.records.first?.name == "text:a" && lines.records.last?.name == "text:c")
    }
}
