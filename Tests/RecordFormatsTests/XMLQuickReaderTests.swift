import RecordFormats
import TestSupport
import Testing

/// Plain records are read past libxml2, but for the first hundred and those in the first 32,768 bytes. So what stands
/// at the beginning of a document must give the same further down, wherever the bytes are cut.
@Suite struct XMLQuickReaderTests {
    static let longName = String(repeating: "n", count: 32)
    static let thirty = String(repeating: "t", count: 30)

    /// Markup, and the records that it is, each of which stands on the line given from the markup's first on.
    static let sound: [(String, [String])] = [
        ("<i><name>VIP</name><rank>12</rank></i>", ["text:VIP | text:12 @ 1"]),
        (
            "<i/><i></i><i><name/><rank></rank></i>",
            ["absent | absent @ 1", "absent | absent @ 1", "text: | text: @ 1"]
        ),
        // Every length around the 32 bytes that are looked at together.
        (
            "<i><name>\(thirty)</name></i><i><name>\(thirty)1</name></i><i><name>\(thirty)12</name></i>",
            ["text:\(thirty) | absent @ 1", "text:\(thirty)1 | absent @ 1", "text:\(thirty)12 | absent @ 1"]
        ),
        ("<i><name>\(thirty)\(thirty)\(thirty)é</name></i>", ["text:\(thirty)\(thirty)\(thirty)é | absent @ 1"]),
        // White space between tags, and line ends in texts.
        ("\n\n <i>\n\t<name>a</name>\r\n<rank>1</rank>\n</i>", ["text:a | text:1 @ 3"]),
        ("<i><name>a\n\tb</name></i>\n<i><name>c</name></i>", ["text:a\n\tb | absent @ 1", "text:c | absent @ 3"]),
        ("\r\n<i>\r\n</i>\r\n<i><name>a</name></i>", ["absent | absent @ 2", "text:a | absent @ 4"]),
        ("<i><name>a\r\nb\rc</name></i>\n<i name='d'/>", ["text:a\nb\nc | absent @ 1", "text:d | absent @ 3"]),
        ("\r<i name='a'/>\r\r\n<i name='b'/>", ["text:a | absent @ 1", "text:b | absent @ 2"]),
        // Attributes.
        ("<i name='a' rank=\"1\"/><i rank='2' name=\"b\"></i>", ["text:a | text:1 @ 1", "text:b | text:2 @ 1"]),
        (
            "<i\n name='say \"x\"'\n\trank='' ><x/></i\n><i name=\"it's >\"/>",
            [
                "text:say \"x\" | text: @ 1", "text:it's > | absent @ 4",
            ]
        ),
        ("<i name='a\tb\nc\r\nd'/><i name = 'e'/>", ["text:a b c d | absent @ 1", "text:e | absent @ 3"]),
        ("<i name='&lt;&amp;&#10;&quot;é'/>", ["text:<&\n\"é | absent @ 1"]),
        ("<i name='a'><name>b</name></i>", ["duplicate:a | absent @ 1"]),
        ("<i><name lang='en' x=''>a</name><rank y='1'/></i>", ["text:a | text: @ 1"]),
        // References.
        ("<i><name>R&amp;D &lt;&gt;&quot;&apos;</name></i>", ["text:R&D <>\"' | absent @ 1"]),
        ("<i><name>&#65;&#x42;&#xe9;&#x1F389;&#13;</name></i>", ["text:ABé🎉\r | absent @ 1"]),
        ("<i><name>&#00000000065;&#x0000000000042;</name></i>", ["text:AB | absent @ 1"]),
        // What ends a section of plain text, in parts.
        (
            "<i><name>a]]b>c]>]</name></i><i><name>]]&gt;</name></i>",
            ["text:a]]b>c]>] | absent @ 1", "text:]]> | absent @ 1"]
        ),
        // Names: others, in any order, long ones, those that only begin alike.
        ("<i><rank>1</rank><x>no</x><name>a</name></i>", ["text:a | text:1 @ 1"]),
        ("<i><nam>no</nam><names>no</names><Group-Name>a</Group-Name><_name>no</_name></i>", ["text:a | absent @ 1"]),
        (
            "<i><\(longName)>no</\(longName)><name>a</name></i><i><\(longName)n/></i>"
                + "<i><longname/><longnam>x</longnam></i>",
            ["text:a | absent @ 1", "absent | absent @ 1", "absent | absent @ 1"]
        ),
        ("<é><rank>1</rank></é><other><é>no</é></other>", ["absent | text:1 @ 1", "absent | absent @ 1"]),
        ("<i><name >a</name ></i >", ["text:a | absent @ 1"]),
        ("<i><name>a</name><name>b</name></i>", ["duplicate:a | absent @ 1"]),
        // Name spaces.
        ("<p:i xmlns:p='u'><p:name>a</p:name></p:i>", ["text:a | absent @ 1"]),
        ("<i><p:name>a</p:name></i>", ["text:a | absent @ 1"]),
        (
            "<i xmlns='u' name='a'/><i xml:lang='en'><rank xmlns='v'>1</rank></i>",
            ["text:a | absent @ 1", "absent | text:1 @ 1"]
        ),
        ("<i xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><name xsi:nil='true'/></i>", ["null | absent @ 1"]),
        // Other markup, in and between records, and deeper elements.
        ("<!-- <i> -->\n<i><!-- c --><name>a<!-- d -->b</name></i>", ["text:ab | absent @ 2"]),
        ("<i><name><![CDATA[<b>&amp;]]></name></i><![CDATA[]]]]>", ["text:<b>&amp; | absent @ 1"]),
        ("<?p <i>?><i><name>a<?p?>b</name></i>", ["text:ab | absent @ 1"]),
        ("<i><name>a<b>no</b>c</name><x><name>no</name></x></i>", ["wrongType:ac | absent @ 1"]),
        ("text<i>text<name>a</name>&amp;</i>]]text", ["text:a | absent @ 1"]),
        // Characters that look odd, and are sound.
        (
            "<i><name>\u{7F}\u{85}\u{FFFD}\u{FEFF}\u{E000}\u{10FFFF}</name></i>",
            [
                "text:\u{7F}\u{85}\u{FFFD}\u{FEFF}\u{E000}\u{10FFFF} | absent @ 1"
            ]
        ),
    ]

    /// Markup that ends reading.
    static let damaged: [[UInt8]] =
        [
            "<i><name>a</rank></i>", "<i><name>a</name>", "<i><name>a</name></j>", "<i><name>a", "<i name='a'",
            "<i name='a",
            "</i>", "<i><name>R & D</name></i>", "<i><name>R&D</name></i>", "<i><name>&foo;</name></i>",
            "<i name='&foo;'/>",
            "<i><name>&#0;</name></i>", "<i><name>&#xFFFE;</name></i>", "<i><name>&#xD800;</name></i>",
            "<i><name>&#;</name></i>",
            "<i><name>&#6a;</name></i>", "<i><name>&#x110000;</name></i>", "<i><name>]]></name></i>",
            "<i><name>&amp;]]></name></i>",
            "<i name='a' name='b'/>", "<i name='<'/>", "<i name='a'rank='1'/>", "<i name=a/>", "<i name/>",
            "<i name='a\"/>",
            "<i / >", "< i/>", "<1/>", "<>", "</>", "<i><-/></i>", "<i><name>a</name<rank/></i>",
            "<i><name>\u{FFFE}</name></i>",
            "<i><name>é\u{FFFF}</name></i>", "<i name='\u{FFFF}'/>", "<i><name>\u{1}</name></i>", "<i>\u{0}</i>",
            "\u{B}",
            "<i name='\u{8}'/>", "<i><!DOCTYPE i></i>", "<!DOCTYPE g>", "<i><!-- -- --></i>", "<i><![CDATA[x</i>",
            "<?xml version='1.0'?>", "<i/></g><g>", "</g>x", "<i\u{B}/>", "<i><name\u{0}/></i>",
        ].map { Array($0.utf8) } + [
            Array("<i><name>".utf8) + [0xE9, 0x20] + Array("</name></i>".utf8),
            Array("<i name='".utf8) + [0xC0, 0x80] + Array("'/>".utf8),
            Array("<i><name>é".utf8) + [0xED, 0xA0, 0x80] + Array("</name></i>".utf8),
            Array("<i><n".utf8) + [0xE9] + Array("/></i>".utf8),
            Array("<i>".utf8) + [0xFF] + Array("</i>".utf8),
        ]

    private static let filler = "<i><name>filler</name><rank>1</rank></i>"
    private static let tail = Array((String(repeating: filler, count: 4) + "</g>\n").utf8)

    /// What `markup` gives at the beginning of a document, where libxml2 reads it.
    private static func atBeginning(_ markup: [UInt8], _ limits: DecodingLimits = DecodingLimits()) -> Decoded {
        let bytes = Array("<g>\(filler)".utf8) + markup + tail
        return Decoded(bytes, .xml, chunkBytes: 65_536, options: .with(limits: limits), drainAt: 3)
    }

    /// What `markup` gives further down, behind `filler` records; 32,768 bytes end `cut` bytes before or in it.
    private static func further(
        _ markup: [UInt8], cut: Int, _ limits: DecodingLimits = DecodingLimits(), chunkBytes: Int = 65_536
    ) -> Decoded {
        let head = "<g>" + String(repeating: "<i name=''/>", count: 100) + "<!--"
        let fill = String(repeating: filler, count: 2)
        let comment = String(repeating: "c", count: 32_768 - cut - head.utf8.count - 3 - fill.utf8.count)
        let bytes = Array("\(head)\(comment)-->\(fill)".utf8) + markup + tail
        return Decoded(bytes, .xml, chunkBytes: chunkBytes, options: .with(limits: limits), drainAt: 3)
    }

    /// Whether both gave the same, but for the records before the markup.
    private static func areSame(_ first: Decoded, _ later: Decoded) -> Bool {
        var failure = later.failure
        failure?.recordNumber = later.failure?.recordNumber.map { $0 - 101 }
        // Of two kinds of elements with names, nothing is given that is still held back.
        if failure?.code == .noRecordsArray { return first.failure == failure }
        return first.briefs.dropFirst() == later.briefs.dropFirst(102) && first.failure == failure
    }

    @Test(arguments: sound)
    func recordsAreAsLibxml2GivesThem(_ markup: String, _ records: [String]) {
        let bytes = Array(markup.utf8)
        let first = Self.atBeginning(bytes)
        #expect(first.failure == nil)
        #expect(Array(first.briefs.dropFirst().dropLast(4)) == records)
        // The piece ends before the last filler record, and everywhere in the markup.
        for cut in -30...bytes.count { #expect(Self.areSame(first, Self.further(bytes, cut: cut)), "cut at \(cut)") }
        for chunkBytes in [1, 7, 1000] {
            #expect(Self.areSame(first, Self.further(bytes, cut: -30, chunkBytes: chunkBytes)))
        }
    }

    @Test(arguments: damaged)
    func damageIsToldAsLibxml2TellsIt(_ markup: [UInt8]) {
        let first = Self.atBeginning(markup)
        #expect(first.failure != nil)
        for chunkBytes in [7, 65_536] {
            #expect(Self.areSame(first, Self.further(markup, cut: -30, chunkBytes: chunkBytes)))
        }
    }

    /// The bound on a record counts its texts and values, decoded.
    @Test func limitsAreTheSame() {
        let records = [
            "<i><name>abcdefgh</name>\n</i>", "<i x='123' name='&#65;bcdef'/>", "<i><x y='12'>&amp;12345</x> <z/></i>",
        ]
        for record in records {
            for bytesMax in 7...11 {
                // The filler has seven bytes.
                let limits = DecodingLimits(recordBytesMax: bytesMax)
                let first = Self.atBeginning(Array(record.utf8), limits)
                #expect((first.failure?.code == .recordTooLong) == (bytesMax < 9), "\(record) at \(bytesMax)")
                #expect(Self.areSame(first, Self.further(Array(record.utf8), cut: -30, limits)))
            }
        }
        let deep = Array("<i><x><y/></x></i>".utf8)
        let first = Self.atBeginning(deep, DecodingLimits(depthMax: 3))
        #expect(first.failure?.code == .depthExceeded)
        #expect(Self.areSame(first, Self.further(deep, cut: -30, DecodingLimits(depthMax: 3))))
    }

    /// Records at the end of a path, between elements that are none.
    @Test func recordsAtAPath() {
        let part = "<b><c><name>a</name></c><x><c><name>no</name></c></x>\n<c name='b'/></b><d/><b/>"
        let bytes = Array(("<a>" + String(repeating: part, count: 1_500) + "</a>").utf8)
        let options = DecodingOptions.with(recordsPath: ["a", "b", "c"])
        let wanted = (1...1_500).flatMap { ["text:a | absent @ \($0)", "text:b | absent @ \($0 + 1)"] }
        for chunkBytes in [1_000, 65_536] {
            let decoded = Decoded(bytes, .xml, chunkBytes: chunkBytes, options: options, drainAt: 3)
            #expect(decoded.failure == nil && decoded.briefs == wanted)
        }
    }

    /// Mutated records give the same in both places.
    @Test func mutations() {
        let seed = SeededGenerator.seed()
        var random = SeededGenerator(state: seed)
        let marks = Array("<>/&;\"'=!?-[] \n\r\t:0ai".utf8) + [0x00, 0x01, 0x80, 0xC3, 0xEF, 0xBF, 0xBE, 0xFF]
        for round in 0..<2_000 {
            var markup = (0..<3).flatMap { _ in Array((Self.sound.randomElement(using: &random)?.0 ?? "").utf8) }
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<markup.count, using: &random)
                let mark = marks.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<3, using: &random) {
                case 0: markup[index] = mark
                case 1: markup.insert(mark, at: index)
                default: markup.remove(at: index)
                }
            }
            let (first, later) = (Self.atBeginning(markup), Self.further(markup, cut: -30))
            guard !Self.areSame(first, later) else { continue }
            Issue.record("seed \(seed), round \(round): \(markup)\n\(first)\n\(later)")
            return
        }
    }
}
