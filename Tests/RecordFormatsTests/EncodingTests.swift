import Foundation
import RecordFormats
import TestSupport
import Testing

@Suite struct EncodingTests {
    static let rows = "name,rank\n\"Müller £\nß\",1\nÿ¼,2\n"

    /// `text` as Python encodes it.
    private func encoded(_ text: String, _ name: String) async throws -> [UInt8] {
        var command = Command.python(
            "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().decode('utf-8').encode(sys.argv[1]))", [name])
        command.input = Data(text.utf8)
        let result = try await command.run()
        #expect(result.status == 0, "\(result.errorText)")
        return Array(result.output)
    }

    @Test(
        "a list in each encoding of bytes reads as what Python encoded",
        arguments: [
            (.latin2, "Złoty,1\nGość\n"), (.windows1250, "Złoty “Klub”,1\nŽižkov,2\n"),
            (.windows1251, "Золото «№ 1»,1\nЇжак,2\n"), (.windows1253, "Χρυσός,1\n€ Ώρα,2\n"),
            (.windows1254, "Şişli ığ,1\nİzmir,2\n"), (.koi8r, "Золото,1\nЁлка,2\n"),
        ] as [(TextEncoding, String)])
    func readsBytes(_ encoding: TextEncoding, _ rows: String) async throws {
        let text = "name,rank\n" + rows
        let bytes = try await encoded(text, encoding.rawValue)
        let decoded = Decoded.everyWay(bytes, .csv, options: DecodingOptions.with(encoding: encoding))
        #expect(decoded.failure == nil && decoded.briefs == Decoded.everyWay(Array(text.utf8), .csv).briefs)
        #expect(decoded.records.count == 2 && encoding.text(of: bytes) == text)
    }

    @Test(
        "text in every encoding of the West or of all reads as what Python encoded",
        arguments: [
            .utf8, .utf16LittleEndian, .utf16BigEndian, .latin1, .windows1252,
        ] as [TextEncoding])
    func reads(_ encoding: TextEncoding) async throws {
        var sources: [(RecordFormat, String)] = [
            (.csv, Self.rows), (.ndjson, "{\"name\":\"Müller\"}\n{\"name\":\"ß\"}"),
            (.json, "[{\"name\":\"Müller\"},\n{\"name\":\"ß\"}]"),
            (.xml, "<?xml version='1.0' encoding='us-ascii'?>\n<g><i name='Müller'/><i><name>ß</name></i></g>"),
        ]
        if encoding != .latin1 { sources.append((.csv, Self.rows + "€Œ…,3\n")) }
        if encoding != .latin1, encoding != .windows1252 { sources.append((.csv, "name\n東京🎉\u{10FFFD}\n\u{FEFF}x\n")) }
        for (format, text) in sources {
            let options = DecodingOptions.with(encoding: encoding)
            let decoded = Decoded.everyWay(try await encoded(text, encoding.rawValue), format, options: options)
            #expect(decoded.failure == nil)
            #expect(
                decoded.briefs
                    == Decoded.everyWay(Array(text.utf8), format, options: DecodingOptions.with(encoding: .utf8)).briefs
            )
            #expect(decoded.records.count > 1)
        }
    }

    @Test(
        "a byte order mark says it, whatever was said before", arguments: ["utf-8-sig", "utf-16"],
        [nil, .windows1252, .utf16BigEndian] as [TextEncoding?])
    func mark(_ name: String, _ said: TextEncoding?) async throws {
        for (format, text) in [
            (RecordFormat.csv, Self.rows), (.ndjson, "{\"name\":\"ß\"}"), (.xml, "<a><b name='ß'/></a>"),
        ] {
            let decoded = Decoded.everyWay(
                try await encoded(text, name), format, options: DecodingOptions.with(encoding: said))
            #expect(decoded.briefs == Decoded.everyWay(Array(text.utf8), format).briefs)
            #expect(decoded.failure == nil)
        }
    }

    @Test(
        "what isn't valid makes its record invalid, and no other",
        arguments: [
            (TextEncoding.windows1252, [0x81]), (.windows1252, [0x41, 0x9D, 0x42]), (.utf16LittleEndian, [0x00, 0xD8]),
            (.utf16LittleEndian, [0x41, 0x00, 0x00, 0xDC]),
            (.utf16LittleEndian, [0x00, 0xD8, 0x00, 0xD8, 0x00, 0xDC, 0x00, 0xD8]),
            (.utf8, [0xC3]), (.utf8, [0xED, 0xA0, 0x80]),
        ] as [(TextEncoding, [UInt8])])
    func damage(_ encoding: TextEncoding, _ bytes: [UInt8]) {
        func text(_ text: String) -> [UInt8] { text.utf8.flatMap { encoding.rawValue == "utf-16le" ? [$0, 0] : [$0] } }
        let source = text("name,rank\na,1\n") + bytes + text(",2\nb,3\n")
        let decoded = Decoded.everyWay(source, .csv, options: DecodingOptions.with(encoding: encoding))
        #expect(decoded.records.map(\.line) == [2, 3, 4])
        #expect(decoded.records.map(\.problem) == [nil, .badEncoding(encoding), nil])
        let lines = text("{\"name\":\"a\"}\n{\"name\":\"") + bytes + text("\"}\n{\"name\":\"b\"}\n")
        let decodedLines = Decoded.everyWay(lines, .ndjson, options: DecodingOptions.with(encoding: encoding))
        #expect(decodedLines.records.map(\.problem) == [nil, .badEncoding(encoding), nil])
        let array = text("[{\"name\":\"a\"},\n{\"name\":\"") + bytes + text("\"},{\"name\":\"b\"}]")
        #expect(
            Decoded.everyWay(array, .json, options: DecodingOptions.with(encoding: encoding)).failureBrief
                == "invalidUTF8 @ 2 # 2")
        let xml = text("<a><b name='a'/>\n<b name='") + bytes + text("'/></a>")
        let decodedXML = Decoded.everyWay(xml, .xml, options: DecodingOptions.with(encoding: encoding))
        #expect(decodedXML.records.count == 1)
        #expect(decodedXML.failure?.line == 2)
    }

    @Test(
        "text that ends inside a character is damaged there",
        arguments: [[0x41], [0x41, 0x00, 0x3D, 0xD8], [0x41, 0, 0x3D, 0xD8, 0x01]] as [[UInt8]])
    func cut(_ end: [UInt8]) {
        let source = "name\na\n".utf8.flatMap { [$0, 0] } + end
        let decoded = Decoded.everyWay(source, .csv, options: DecodingOptions.with(encoding: .utf16LittleEndian))
        #expect(decoded.records.map(\.problem) == [nil, .badEncoding(.utf16LittleEndian)])
    }

    /// Every two bytes behind what isn't ASCII, and the edges of three and four, are held to what the standard library
    /// says.
    @Test func everySequenceOfUTF8() {
        var texts: [[UInt8]] = []
        let edges: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xFF]
        for first in UInt8(0x80)...0xFF {
            texts.append([first])
            for second in UInt8(0x23)...0xFF where second != 0x5C { texts.append([first, second]) }
            for second in edges {
                for third in edges {
                    texts.append([first, second, third])
                    for fourth in edges { texts.append([first, second, third, fourth]) }
                }
            }
        }
        // In front of, behind and across the eight bytes that are looked at together.
        for padding in ["", "1234", "1234567"] {
            let lines = texts.map { Array("{\"x\":\"\(padding)".utf8) + $0 + Array("\"}".utf8) }
            let options = DecodingOptions.with()
            let decoded = Decoded(Array(lines.joined(separator: [0x0A])), .ndjson, chunkBytes: 65_536, options: options)
            #expect(decoded.records.count == texts.count)
            let wrong = zip(texts, decoded.records).filter { text, record in
                (record.problem == nil) != (String(validating: text, as: UTF8.self) != nil)
            }
            #expect(wrong.isEmpty, "\(wrong.prefix(3))")
        }
    }
}
