import Foundation
import TestSupport
import Testing

/// Files that are no lists, or lists under another name.
@Suite struct FileKindTests {
    /// Files of each kind.
    private static let files: [String: Data] = [
        "workbook": Data(RawArchive.bytes([.init("[Content_Types].xml", "<Types/>"), .init("xl/workbook.bin", "")])),
        "archive": Data(RawArchive.bytes([.init("groups.csv", "name\nGold\n")])),
        // printf 'name\nGold\n' | bzip2 | base64, and the same by xz
        "bzip2": base64("QlpoOTFBWSZTWZvCLTIAAARFAAAQAIAmB6AAIgNG1CDJiErfMNPF3JFOFCQm8ItMgA=="),
        "xz": base64("/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAJbmFtZQpHb2xkCgAAAOq+0JDgLGkzAAEiChUa4WcftvN9AQAAAAAEWVo="),
        "page": Data("\u{FEFF}\r\n<!-- a -->\n<!doctype HTML>\n<html><title>Sign in</title>".utf8),
        "twice": Data("name\nGold\n".utf8),
        "document": Data(
            """
            <?xml version="1.0"?>
            <?mso-application progid="Word.Document"?>
            <w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>
            """.utf8),
    ]

    private static func base64(_ text: String) -> Data { Data(base64Encoded: text) ?? Data() }

    private static func gzip(_ data: Data) async throws -> Data {
        var command = Command("/usr/bin/env", ["gzip"])
        command.input = data
        return try await command.run().output
    }

    @Test(
        "it is recognised by its first bytes, under every name, from pipes and behind compression",
        arguments: [
            ("workbook", "this is a binary Excel workbook (.xlsb)"), ("archive", "this is a ZIP archive"),
            ("bzip2", "this is bzip2 data"), ("xz", "this is xz data"), ("page", "this is a web page (HTML)"),
            ("document", "this is an Office document"), ("twice", "this is gzip data"),
        ])
    func isTold(_ kind: String, _ message: String) async throws {
        let scratch = try Scratch()
        var data = try #require(Self.files[kind])
        let isTwice = kind == "twice"
        if isTwice { data = try await Self.gzip(data) }
        let names = isTwice ? [] : ["a.csv", "a.json", "a.ndjson", "a.xml", "a.xls", "a"]
        for name in names { try data.write(to: scratch.url(name)) }
        try await Self.gzip(data).write(to: scratch.url("a.csv.gz"))
        for name in names + ["a.csv.gz"] {
            let path = scratch.file(name)
            let result = try await Command.groupload(["validate", path]).run()
            #expect(result.status == 65)
            #expect(result.errorText.contains("groupload: \(path): \(message)"), "\(result.errorText)")
            #expect(!result.errorText.contains("UTF-8 ") && result.errorText.contains("0 records read"))
            // What is piped has no name to go by.
            guard name == "a" || name == "a.csv.gz" else { continue }
            var piped = Command.groupload(["convert", "-", scratch.file("out.csv"), "--format", "csv"])
            piped.input = try Data(contentsOf: URL(fileURLWithPath: path))
            let converted = try await piped.run()
            #expect(converted.status == 65 && converted.errorText.contains("standard input: \(message)"))
        }
    }

    @Test("an import of one sends nothing, and says why") func importOfAWorkbook() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        try Self.files["workbook"]?.write(to: scratch.url("groups.csv"))
        let result = try await Command.groupload(
            ["import", scratch.file("groups.csv"), "--target", sandbox.url, "--run-dir", scratch.file("run")]
        ).run()
        #expect(result.status == 65 && result.errorText.contains("this is a binary Excel workbook (.xlsb)"))
        #expect(try await sandbox.stored().isEmpty)
    }

    @Test(
        "XML says what it is in, and what to write",
        arguments: [
            ("<g><i name='x'/><i><name>Gold & Silver</name></i></g>", "write &amp; for it"),
            ("<g><i><name>R&D</name></i></g>", "write &amp; for it"),
            ("<g><i><name>a < b</name></i></g>", "write &lt;"),
            ("<g><i name='a<b'/></g>", "write &lt;"),
            ("<g><i><name>Caf&eacute;</name></i></g>", "\"&eacute;\" is no entity of XML"),
            ("<g><i><name>a\u{8}b</name></i></g>", "U+0008, a control character"),
            ("\n<?xml version='1.0'?><g/>", "must be the file's first bytes"),
            ("<g>\n<i>\n<name>a</i></g>", "<name> of line 3 is not closed before </i>"),
            ("<g><i name='a' name='b'/></g>", "given twice in one tag"),
            ("<g/><h/>", "behind the end of the root element"),
        ])
    func plainWords(_ text: String, _ message: String) async throws {
        let scratch = try Scratch()
        try Data(text.utf8).write(to: scratch.url("a.xml"))
        let result = try await Command.groupload(["validate", scratch.file("a.xml")]).run()
        #expect(result.status == 65)
        #expect(
            result.errorText.contains(message) && result.errorText.contains("not well-formed XML"),
            "\(result.errorText)")
    }

    @Test("the encoding is noted where it isn't UTF-8") func encodingIsTold() async throws {
        let scratch = try Scratch()
        let head = Data("<?xml version='1.0' encoding='ISO-8859-15'?><g><i name='".utf8)
        try (head + Data([0xA4]) + Data("'/></g>".utf8)).write(to: scratch.url("a.xml"))
        let result = try await Command.groupload(["validate", scratch.file("a.xml"), "--results", "/dev/stdout"]).run()
        #expect(result.status == 0 && result.errorText.contains("it is in iso-8859-15"), "\(result.errorText)")
        #expect(result.outputText.contains(",draft,,,,,0,,,€,"))
    }
}
