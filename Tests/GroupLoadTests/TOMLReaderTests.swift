import Foundation
import GroupLoad
import TestSupport
import Testing

/// The reader of `groupload.toml`: what it reads, beside Python's `tomllib`, and the lines that it gives.
@Suite("TOMLReader") struct TOMLReaderTests {
    /// Documents that TOML 1.0 allows.
    private static let valid = [
        "", "\n\n# only a comment\n", "a = 1", "a=1\r\nb=2\r\n", "\u{FEFF}a = 1\n", "a = 'x' # comment\n",
        "rate = \"1000/min\"\n[profile.a]\nrate = '5/s'\n[profile.\"b c\"]\nconcurrency = 1_000\n",
        "a.b.c = 1\na.b.d = 2\n[x]\ny.z = true\n", "[a.b]\nc = 1\n[a]\nd = 2\n", "[a]\nb.c = 1\n[a.b.d]\ne = 1\n",
        #"a = "\b\t\n\f\r\"\\\u00e9\U0001F600""#, #"a = 'C:\new "x"'"#, "a = \"\"\nb = ''\n",
        "a = \"\"\"\nx\ny \\\n   z\"\"\"\n", "a = '''\nx\\y''z'''\n", "a = \"\"\"x\"\"\"\"\"\n", "a = \"\"\"\"\"\"\n",
        "a = [1, 2,\n # comment\n 3,\n]\nb = []\nc = [['x'], []]\n", "a = { b = 1, c.d = 'x', \"e f\" = [] }\nb = {}\n",
        "a = +1\nb = -17\nc = 0x_\n".replacing("0x_", with: "0xDEAD_beef"), "a = 0o755\nb = 0b1_0\nc = -0\n",
        "a = 1.5\nb = 1e3\nc = -inf\nd = nan\ne = 6.6_2e-3_4\n",
        "a = 1979-05-27\nb = 07:32:00\nc = 1979-05-27 07:32:00Z",
        "a = 1979-05-27T00:32:00.999-07:00\n", "\"\" = 1\n'a.b' = 2\n1 = 3\n- = 4\n", "a = true\nb = false",
        "é = 1\n".replacing("é", with: "\"é\""), "[ a . b ]\nc = 1\n",
        "a = 9223372036854775807\nb=-9223372036854775808\n",
    ]

    /// Documents that it forbids, with the line at fault.
    private static let damaged: [(String, Int64)] = [
        ("a", 1), ("a =", 1), ("= 1", 1), ("a = 1\nb = hunter2\n", 2), ("a = 1 b = 2", 1), ("a = 1\na = 2", 2),
        ("[a]\n[a]", 2), ("[a]\nb=1\n[a.b]", 3), ("a.b=1\n[a]", 2), ("a={b=1}\na.c=2", 2), ("a={b=1}\n[a.c]", 2),
        ("a={b=1\n}", 1), ("a = {b=1,}", 1), ("a = \"x\ny\"", 1), ("a = 'x", 1), ("\n\na = \"\\x\"", 3),
        ("a = \"\\u12\"", 1), ("a = \"\\uD800\"", 1), ("a = \"\u{1}\"", 1), ("a = 1 # \u{7}", 1), ("a = [1 2]", 1),
        ("a = [1,\n2", 2), ("[a", 1), ("[a]]", 1), ("[]", 1), ("a = 01", 1), ("a = 1__0", 1), ("a = 1.", 1),
        ("a = .5", 1), ("a = TRUE", 1), ("a = 9223372036854775808", 1), ("a = 0xG", 1), ("a = 1979-13-27", 1),
        ("é = 1", 1), ("a = \"\"\"x", 1), ("a.b = 1\na = 2", 2), ("a = 1\na.b = 2", 2), ("[a.b]\n[a]\nb.c = 1", 3),
        ("\"\"\"a\"\"\" = 1", 1), ("a = '''''''''", 1), ("a\n= 1", 1), ("a = 1\rb = 2", 1), ("a =\n1", 1),
    ]

    /// A document as JSON: numbers with a fraction, dates and times as null.
    private static func plain(_ content: TOMLValue.Content) -> Any {
        switch content {
        case .text(let text): text
        case .integer(let number): number
        case .boolean(let value): value
        case .other: NSNull()
        case .list(let values): values.map { plain($0.content) }
        case .table(let table): plain(table)
        }
    }

    private static func plain(_ table: TOMLTable) -> [String: Any] {
        Dictionary(uniqueKeysWithValues: table.entries.map { ($0.key, plain($0.value.content)) })
    }

    private static func text(_ value: Any) throws -> String {
        String(
            decoding: try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed]),
            as: UTF8.self)
    }

    @Test("what is read is what tomllib reads, and what is refused it refuses") func comparison() async throws {
        let program = """
            import json, sys, tomllib
            def plain(value):
                if isinstance(value, dict): return {key: plain(item) for key, item in value.items()}
                if isinstance(value, list): return [plain(item) for item in value]
                return value if isinstance(value, (str, int)) else None
            found = []
            for text in json.load(sys.stdin):
                try: found.append(plain(tomllib.loads(text.removeprefix("\\ufeff"))))
                except tomllib.TOMLDecodeError: found.append("refused")
            print(json.dumps(found))
            """
        // Integers have 64 bits here, which TOML asks for; Python's have any number.
        let documents = Self.valid + Self.damaged.map(\.0).filter { !$0.contains("9223372036854775808") }
        var python = Command.python(program)
        python.input = try JSONSerialization.data(withJSONObject: documents)
        let result = try await python.run()
        let found = try #require(
            try JSONSerialization.jsonObject(with: result.output) as? [Any], "\(result.errorText)")
        #expect(found.count == documents.count)
        for (document, other) in zip(documents, found) {
            let own: Any
            do {
                own = Self.plain(try TOMLReader.read(Array(document.utf8), path: "x"))
            } catch {
                own = "refused"
            }
            #expect(try Self.text(own) == Self.text(other), "\(document)")
        }
    }

    @Test("damage is refused with its line, and without a word of it", arguments: damaged)
    func damage(document: String, line: Int64) {
        let error = #expect(throws: RunError.self) { try TOMLReader.read(Array(document.utf8), path: "x.toml") }
        #expect(error?.code == .configuration && error?.place == RunError.Place(path: "x.toml", line: line))
        #expect(error?.message.contains("hunter2") == false)
    }

    @Test("bytes that aren't UTF-8, and too much depth, are refused with the line") func bytes() {
        for (bytes, line) in [
            (Array("a = 1\nb = '".utf8) + [0xE9, 0x27], 2),
            (Array("a = 1\nb = ".utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 100_000), 2),
        ] as [([UInt8], Int64)] {
            let error = #expect(throws: RunError.self) { try TOMLReader.read(bytes, path: "x") }
            #expect(error?.place?.line == line)
        }
    }

    @Test("each value knows its key's line") func lines() throws {
        let text = "# first\na = 1\n\n[profile.p]\nb = \"\"\"\nx\ny\"\"\"\nc = [\n1,\n2]\nd = { e = 1 }\n"
        let root = try TOMLReader.read(Array(text.utf8), path: "x")
        guard case .table(let profiles)? = root["profile"]?.content, case .table(let profile)? = profiles["p"]?.content
        else {
            Issue.record("no table")
            return
        }
        #expect(root["a"]?.line == 2 && root["profile"]?.line == 4 && profiles["p"]?.line == 4)
        #expect(profile["b"]?.line == 5 && profile["c"]?.line == 8 && profile["d"]?.line == 11)
        #expect(profile.entries.map(\.key) == ["b", "c", "d"])
    }
}
