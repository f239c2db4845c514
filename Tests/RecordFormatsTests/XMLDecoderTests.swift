import RecordFormats
import TestSupport
import Testing

@Suite struct XMLDecoderTests {
    @Test(arguments: [
        DecoderCase("<a/>", []),
        DecoderCase("<groups/>", []),
        // An element in the name is no text of it; one that says UTF-16 but is in bytes is in UTF-8.
        DecoderCase(
            "<g><i><name>A<b>bold</b>C</name><rank>1<!-- 2 -->3</rank></i></g>", ["wrongType:AC | text:13 @ 1"]),
        DecoderCase("<?xml version='1.0' encoding='utf-16'?><g><i name='é'/></g>", ["text:é | absent @ 1"]),
        DecoderCase(
            "<?xml version=\"1.0\"?>\n<groups>\n"
                + "<group><name>VIP</name><rank>1</rank></group>\n<group name='Gold'/>\n</groups>\n",
            ["text:VIP | text:1 @ 3", "text:Gold | absent @ 4"]),
        DecoderCase(
            "<a><b><Group-Name>a &amp; <![CDATA[<b>]]>&#233;</Group-Name></b></a>", ["text:a & <b>é | absent @ 1"]),
        DecoderCase("<a><b name='x &amp; &lt;&quot;&#38;'/></a>", ["text:x & <\"& | absent @ 1"]),
        DecoderCase(
            "<x:a xmlns:x='u' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
                + "<x:b><x:name>n</x:name><x:rank xsi:nil='true'/></x:b></x:a>",
            ["text:n | null @ 1"]),
        DecoderCase("<a><b name='x'><name>y</name><rank/></b></a>", ["duplicate:x | text: @ 1"]),
        DecoderCase("<a><b><name>x</name><name>y</name></b></a>", ["duplicate:x | absent @ 1"]),
        DecoderCase("<a><b><name>x<i>no</i>y</name><z><name>no</name></z></b></a>", ["wrongType:xy | absent @ 1"]),
        DecoderCase(
            "<a>text<b/><!-- c --><?p i?><b><_name>no</_name></b><b name='x'/></a>",
            ["absent | absent @ 1", "absent | absent @ 1", "text:x | absent @ 1"]),
        DecoderCase(
            bytes: Array("<?xml version='1.0' encoding='ISO-8859-1'?><a><b><name>".utf8) + [0xE9]
                + Array("</name></b></a>".utf8),
            ["text:é | absent @ 1"]),
        DecoderCase(bytes: utf16("<a><b><name>é🎉</name></b></a>"), ["text:é🎉 | absent @ 1"]),
        DecoderCase("\u{FEFF}<a><b name='x'/></a>", ["text:x | absent @ 1"]),
        // An attribute of another name space is none of the record's, unless its prefix is asked for.
        DecoderCase(
            "<a xmlns:s='u'><b s:name='no' name='x' s:rank='1'/><b s:Rank='2'><s:name>y</s:name></b></a>",
            ["text:x | absent @ 1", "text:y | absent @ 1"]),
        DecoderCase(
            "<a xmlns:s='u'><b s:Name='x' name='no'/><b Name='no' s:rank='1'/></a>",
            ["text:x | absent @ 1", "absent | absent @ 1"], options: .with(mapping: .named("s:Name"))),
        DecoderCase("<a xmlns:s='u'><b s:Title='no' name='x'/></a>", ["text:x | absent @ 1"]),
        // Only `<?xml` and white space begin a declaration, and only its own attributes count.
        DecoderCase("<?xml-stylesheet href='a' encoding='latin1'?><a><b name='é'/></a>", ["text:é | absent @ 1"]),
        DecoderCase("<?xmlx encoding='latin1'?><a><b name='é'/></a>", ["text:é | absent @ 1"]),
        DecoderCase("<?xml version='1.0'?><!-- encoding='latin1' --><a><b name='é'/></a>", ["text:é | absent @ 1"]),
        DecoderCase("<?xml version='1.0' encoding='UTF-32'?><a><b name='é'/></a>", ["text:é | absent @ 1"]),
        DecoderCase(
            bytes: Array(
                "<?xml\tversion='1.0'\n\(String(repeating: " ", count: 5_000))encoding = 'Windows-1250' ?>".utf8)
                + Array("<a><b name='".utf8) + [0xB3] + Array("'/></a>".utf8), ["text:ł | absent @ 2"]),
        DecoderCase(
            bytes: Array("<?xml version='1.0' encoding='Shift_JIS'?><a><b name='".utf8) + [0x93, 0x8C, 0x8B, 0x9E]
                + Array("'/></a>".utf8), ["text:東京 | absent @ 1"]),
        // A record stands on the line that its tag begins on.
        DecoderCase(
            "<g\n  a='1'>\n<r\n name='a'\n rank='x'/><r name='b'\n/>\n\n<!--\n-->\n<r\nname='c'/></g>",
            ["text:a | text:x @ 3", "text:b | absent @ 5", "text:c | absent @ 10"]),
    ])
    func decodes(_ row: DecoderCase) {
        row.check(.xml)
    }

    @Test(arguments: [
        DecoderCase("<a>\n<b name='x'/>\n<b><name>y</b></a>", ["text:x | absent @ 2"], fails: "notWellFormed @ 3 # 2"),
        DecoderCase("<a>\n<b name='x'/>\n<b><name>y", ["text:x | absent @ 2"], fails: "truncated @ 3 # 2"),
        DecoderCase("<a>\n<b name='x'/>\n", ["text:x | absent @ 2"], fails: "truncated @ 2"),
        DecoderCase("<!DOCTYPE a [<!ENTITY e 'x'>]>\n<a><b name='&e;'/></a>", [], fails: "doctypeRefused @ 1"),
        DecoderCase("<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'>\n<a/>", [], fails: "doctypeRefused @ 1"),
        DecoderCase("<a><b><name>&e;</name></b></a>", [], fails: "notWellFormed @ 1 # 1"),
        DecoderCase(
            "<a>\n<b name='x'/><b><name>R & D</name></b></a>", ["text:x | absent @ 2"], fails: "notWellFormed @ 2 # 2"),
        DecoderCase("<a>\n<b><name>R&D</name></b>\n</a>\n", [], fails: "notWellFormed @ 2 # 1"),
        DecoderCase("<a>\n<b><name>R&am", [], fails: "truncated @ 2 # 1"),
        DecoderCase("<a><b name='x'/>\n<!-- ", ["text:x | absent @ 1"], fails: "truncated @ 2"),
        // Two attributes that are one by their name space.
        DecoderCase(
            "<a xmlns:s='u' xmlns:t='u'><b name='x'/>\n<b s:i='1' t:i='2' name='y'/><b name='z'/></a>",
            ["text:x | absent @ 1"], fails: "notWellFormed @ 2"),
        DecoderCase(bytes: "<a/>".utf8.flatMap { [$0, 0, 0, 0] }, [], fails: "unsupportedEncoding @ 1"),
        DecoderCase(
            bytes: Array("<a>\n<b name='x'/>\n<b><name>".utf8) + [0xE9, 0x20] + Array("</name></b></a>".utf8),
            ["text:x | absent @ 2"], fails: "invalidUTF8 @ 3 # 2"),
        DecoderCase("", [], fails: "truncated @ 1"),
        DecoderCase(
            bytes: Array("<?xml version='1.0' encoding='windows-1252'?>\n<g><i name='ok'/>\n<i name='A".utf8) + [0x81]
                + Array("'/><i name='B'/></g>".utf8), ["text:ok | absent @ 2"], fails: "invalidUTF8 @ 3"),
        DecoderCase(
            bytes: Array("<?xml version='1.0' encoding=\"US-ASCII\" ?><g><i name='A'/><i name='".utf8) + [0xE9]
                + Array("'/></g>".utf8), ["text:A | absent @ 1"], fails: "invalidUTF8 @ 1"),
        DecoderCase("<?xml version='1.0' encoding='x-nonsense'?><g/>", [], fails: "unsupportedEncoding @ 1"),
        DecoderCase("<?xml version='1.0'", [], fails: "truncated @ 1"),
        DecoderCase("name,rank\n", [], fails: "notWellFormed @ 1"),
        DecoderCase("<a/><b/>", [], fails: "notWellFormed @ 1"),
        DecoderCase(
            "<a><b><c><d/></c></b></a>", [], fails: "depthExceeded @ 1 # 1", limits: DecodingLimits(depthMax: 3)),
        DecoderCase(
            "<a>\n<b><name>abcd\nefghijkl</name></b></a>", [], fails: "recordTooLong @ 2 # 1",
            limits: DecodingLimits(recordBytesMax: 10)),
    ])
    func fails(_ row: DecoderCase) {
        row.check(.xml)
    }

    @Test(
        "two kinds of elements with names are not one list; nothing is read of it",
        arguments: [
            DecoderCase(
                "<e>\n<info><name>x</name></info>\n<group><name>a</name></group></e>", [],
                fails: "noRecordsArray @ 3 # 2"),
            DecoderCase(
                "<e><group name='a'/><p:group xmlns:p='u' name='b'/><user name='c'/></e>", [],
                fails: "noRecordsArray @ 1 # 3"),
            DecoderCase(
                "<e><info><name>x</name></info>\n<group><name>a</name></group></e>", ["text:a | absent @ 2"],
                options: .with(recordsPath: ["e", "group"])),
            DecoderCase(
                "<e><info><name>x</name></info>\n<group><name>a</name></group></e>",
                ["text:x | absent @ 1", "text:a | absent @ 2"], options: .with(recordsPath: ["e", "*"])),
            DecoderCase(
                "<e><x><g><name>a</name></g></x><y><g><name>b</name></g><h/></y></e>",
                ["text:a | absent @ 1", "text:b | absent @ 1"], options: .with(recordsPath: ["e", "*", "g"])),
            // What has no name is no group, whatever it is called.
            DecoderCase(
                "<e><date>1</date><group name='a'/><count>1</count><group name='b'/></e>",
                ["absent | absent @ 1", "text:a | absent @ 1", "absent | absent @ 1", "text:b | absent @ 1"]),
        ])
    func kinds(_ row: DecoderCase) { row.check(.xml) }

    @Test("of two kinds far from each other, what was read before the second is given") func farKinds() {
        let text = "<e>" + String(repeating: "<a><name>a</name></a>", count: 5000) + "<b name='b'/></e>"
        let decoded = Decoded(Array(text.utf8), .xml, chunkBytes: 65_536, options: .with(), drainAt: 3)
        #expect(decoded.failureBrief == "noRecordsArray @ 1 # 5001" && decoded.briefs.count == 5000)
        let any = Decoded(
            Array(text.utf8), .xml, chunkBytes: 65_536, options: .with(recordsPath: ["e", "*"]), drainAt: 3)
        #expect(any.failure == nil && any.briefs.count == 5001)
    }

    @Test func recordsThatSpanPiecesKeepTheirText() {
        let name = String(repeating: "é", count: 10_000)
        let decoded = Decoded.everyWay(Array("<a><b><name>\(name)</name></b><b name='x'/></a>".utf8), .xml)
        #expect(decoded.briefs == ["text:\(name) | absent @ 1", "text:x | absent @ 1"])
    }

    /// The parser gets 32,768 bytes at a time: wherever the records are cut then, their text is whole.
    @Test func recordsAreCutAnywhere() {
        let records =
            "<b name='at'><rank>1</rank></b><b><name>é&amp;<![CDATA[x]]></name><Rank>2</Rank></b>"
            + "<b><z>no</z><rank xsi:nil='1'/><name/></b><b><x>no</x><y>no</y><group-name>n</group-name></b>"
        let wanted = [
            "text:at | text:1 @ 1", "text:é&x | text:2 @ 1", "text: | null @ 1", "text:n | absent @ 1",
        ]
        let head = "<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><!--"
        for cut in 0...(records.utf8.count + 4) {
            let comment = String(repeating: "c", count: 32_768 - head.utf8.count - cut) + "-->"
            let source = Array((head + comment + records + "</a>").utf8)
            for chunkBytes in [65_536, 10_000] {
                let decoded = Decoded(source, .xml, chunkBytes: chunkBytes, options: DecodingOptions.with())
                #expect(decoded.briefs == wanted, "cut at \(cut), chunks of \(chunkBytes)")
                #expect(decoded.failure == nil)
            }
        }
    }

    /// What is known of the names of elements is of the names, not of where they stand.
    @Test func namesOfElementsInAnyOrder() {
        let members = ["<name>a</name>", "<rank>1</rank>", "<x>no</x>", "<_y>no</_y>", "<nam>no</nam>", "<z/>"]
        var random = SeededGenerator(state: SeededGenerator.seed())
        let records = (0..<200).map { _ in "<b>" + members.shuffled(using: &random).joined() + "</b>" }
        let decoded = Decoded.everyWay(Array("<a>\(records.joined())</a>".utf8), .xml)
        #expect(decoded.briefs == Array(repeating: "text:a | text:1 @ 1", count: 200))
        let prefixed = "<a xmlns:p='u'><b><p:name>a</p:name><q>no</q><name>b</name></b><b><p:rank>1</p:rank></b></a>"
        #expect(
            Decoded.everyWay(Array(prefixed.utf8), .xml).briefs == ["duplicate:a | absent @ 1", "absent | text:1 @ 1"])
    }

    private static func utf16(_ text: String) -> [UInt8] {
        [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }
}
