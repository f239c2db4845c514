import Foundation
import TestSupport
import Testing

/// Lists made to break a reader: each ends with 65 and a word on where and why, soon and in bounded memory.
@Suite struct HostileInputTests {
    /// One character again and again, by the gibibyte.
    private static func endless(_ character: String) -> String { "head -c 1G /dev/zero | tr '\\0' '\(character)'" }

    /// A text a hundred thousand times.
    private static func repeated(_ text: String) -> String {
        "yes '\(text)' | head -n 100000 | tr -d '\\n'"
    }

    /// A document whose entities would expand to ten megabytes.
    private static let expanding =
        "<!DOCTYPE a [<!ENTITY a \"" + String(repeating: "a", count: 1000) + "\">"
        + (0..<100).map { "<!ENTITY b\($0) \"\(String(repeating: "&a;", count: 100))\">" }.joined()
        + "]><a><b name=\"&b9;\"/></a>"

    struct Attack: Sendable, CustomTestStringConvertible {
        let format: String
        /// A shell script that prints the list.
        let pieces: String
        /// What the message says.
        let message: String
        var testDescription: String { "\(format): \(message)" }
    }

    @Test(
        "ends with 65, soon and in bounded memory",
        arguments: [
            Attack(
                format: "csv", pieces: "echo name; \(endless("a"))",
                message: "standard input:2: record 1: the record that begins here is longer than 1048576 bytes"),
            Attack(
                format: "csv", pieces: #"printf 'name\nx\n"'; yes a | head -c 1G"#,
                message: "standard input:3: record 2: the record that begins here is longer than 1048576 bytes"),
            Attack(
                format: "ndjson",
                pieces: "echo '{\"name\":\"a\"}'; \(endless(" "))",
                message: "standard input:2: record 2: this line is longer than 1048576 bytes"),
            Attack(
                format: "json",
                pieces: #"printf '[{"name":"a"},\n{"name":"'; "# + endless("a"),
                message: "standard input:2: record 2: the record that begins here is longer than 1048576 bytes"),
            Attack(
                format: "json", pieces: repeated("["), message: "nests deeper than 128 levels"),
            Attack(
                format: "json", pieces: repeated(#"{"a":"#), message: "nests deeper than 128 levels"),
            Attack(
                format: "json", pieces: #"printf '{"x":[1,{"y":'; "# + repeated("["),
                message: "nests deeper than 128 levels"),
            Attack(
                format: "xml", pieces: repeated("<a>"), message: "nests deeper than 128 levels"),
            Attack(
                format: "xml", pieces: #"printf '<a><b name="'; "# + endless("a"),
                message: "standard input:1"),
            Attack(
                format: "xml", pieces: "printf '<a><b><name>'; " + endless("a"),
                message: "the record that begins here is longer than 1048576 bytes"),
            Attack(
                format: "xml", pieces: "printf '<a><!--'; " + endless("a"),
                message: "standard input:1"),
            Attack(
                format: "xml",
                pieces: "cat <<'END'\n\(expanding)\nEND",
                message: "a document type declaration"),
            Attack(
                format: "xml", pieces: #"echo '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'"#,
                message: "a document type declaration"),
            Attack(
                format: "xml", pieces: #"echo '<a><b name="&x;"/></a>'"#, message: "not well-formed XML"),
        ])
    func ends(attack: Attack) async throws {
        // In 150 MiB of its own.
        let shell = "ulimit -d 153600; { \(attack.pieces)\n} | \"$0\" validate - --format \(attack.format)"
        let result = try await Command("/bin/bash", ["-c", shell, Command.groupload([]).path]).run()
        #expect(result.status == 65)
        #expect(result.errorText.contains(attack.message), "\(result.errorText.prefix(500))")
    }

    @Test("a NUL is a control character like any other, and a last line needs no end") func nul() async throws {
        let scratch = try Scratch()
        for (name, text) in [
            ("a.csv", "name,rank\na\0b,1\nc,2"), ("a.ndjson", "{\"name\":\"a\\u0000b\"}\n{\"name\":\"c\"}"),
        ] {
            let list = try scratch.write(text, as: name)
            let result = try await Command.groupload(["validate", list]).run()
            #expect(result.status == 1)
            #expect(
                result.errorText.contains("record 1: name \"a\\0b\" holds a line break or another control character"))
            #expect(result.errorText.contains("1  valid"))
        }
    }
}
