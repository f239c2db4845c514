import Foundation
import TestSupport
import Testing

/// Lists made to break a reader: each ends with 65 and a word on where and why, soon and in bounded memory.
@Suite struct HostileInputTests {
    /// Feeds what the Python generator `pieces` yields to `groupload validate - --format FORMAT` through a pipe; prints
    /// the exit status and whether the peak of memory stayed below 150 MB.
    private static let feeder = """
        import resource, subprocess, sys
        exec(sys.argv[3])
        run = subprocess.Popen([sys.argv[1], "validate", "-", "--format", sys.argv[2]], stdin=subprocess.PIPE)
        try:
            for piece in pieces(): run.stdin.write(piece)
            run.stdin.close()
        except BrokenPipeError:
            pass
        status = run.wait(60)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(status, "bounded" if peak < 150 else peak)
        """

    struct Attack: Sendable, CustomTestStringConvertible {
        let format: String
        /// Yields the list.
        let pieces: String
        /// What the message says.
        let message: String
        var testDescription: String { "\(format): \(message)" }
    }

    @Test(
        "ends with 65, soon and in bounded memory",
        arguments: [
            Attack(
                format: "csv", pieces: "yield b'name\\n'\n  for _ in range(1024): yield b'a' * (1 << 20)",
                message: "standard input:2: record 1: the record that begins here is longer than 1048576 bytes"),
            Attack(
                format: "csv", pieces: "yield b'name\\nx\\n\"'\n  for _ in range(1024): yield b'a\\n' * (1 << 19)",
                message: "standard input:3: record 2: the record that begins here is longer than 1048576 bytes"),
            Attack(
                format: "ndjson",
                pieces: "yield b'{\"name\":\"a\"}\\n'\n  for _ in range(1024): yield b' ' * (1 << 20)",
                message: "standard input:2: record 2: this line is longer than 1048576 bytes"),
            Attack(
                format: "json",
                pieces: "yield b'[{\"name\":\"a\"},\\n{\"name\":\"'\n  for _ in range(1024): yield b'a' * (1 << 20)",
                message: "standard input:2: record 2: the record that begins here is longer than 1048576 bytes"),
            Attack(
                format: "json", pieces: "yield b'[' * 100000", message: "nests deeper than 128 levels"),
            Attack(
                format: "json", pieces: "yield b'{\"a\":' * 100000", message: "nests deeper than 128 levels"),
            Attack(
                format: "json", pieces: "yield b'{\"x\":[1,{\"y\":' + b'[' * 100000",
                message: "nests deeper than 128 levels"),
            Attack(
                format: "xml", pieces: "yield b'<a>' * 100000", message: "nests deeper than 128 levels"),
            Attack(
                format: "xml", pieces: "yield b'<a><b name=\"'\n  for _ in range(200): yield b'a' * (1 << 20)",
                message: "standard input:1"),
            Attack(
                format: "xml", pieces: "yield b'<a><b><name>'\n  for _ in range(1024): yield b'a' * (1 << 20)",
                message: "the record that begins here is longer than 1048576 bytes"),
            Attack(
                format: "xml", pieces: "yield b'<a><!--'\n  for _ in range(200): yield b'a' * (1 << 20)",
                message: "standard input:1"),
            Attack(
                format: "xml",
                pieces:
                    """
                    yield b'<!DOCTYPE a [<!ENTITY a \"' + b'a' * 1000 + b'\">' + b''.join(b'<!ENTITY b%d \
                    \"%s\">' % (i, b'&a;' * 100) for i in range(100)) + b']><a><b name=\"&b9;\"/></a>'
                    """,
                message: "a document type declaration"),
            Attack(
                format: "xml", pieces: "yield b'<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>'",
                message: "a document type declaration"),
            Attack(
                format: "xml", pieces: "yield b'<a><b name=\"&x;\"/></a>'", message: "not well-formed XML"),
        ])
    func ends(attack: Attack) async throws {
        let program = "def pieces():\n  " + attack.pieces
        let result = try await Command.python(
            Self.feeder, [Command.groupload([]).path, attack.format, program]
        ).run()
        #expect(result.outputText == "65 bounded\n")
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
