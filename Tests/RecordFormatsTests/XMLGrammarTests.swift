import Foundation
import RecordFormats
import TestSupport
import Testing

/// Well-formedness as XML 1.0 has it, document by document; expat guards the table itself.
@Suite struct XMLGrammarTests {
    /// Documents that are well-formed, with the names of their records.
    private static let sound: [(String, [String])] = [
        ("<r><g><name>a</name></g></r>", ["a"]), ("<r><g name=\"a\"/><g name='b'></g></r>", ["a", "b"]),
        // 2.8: prolog and what may follow the root
        ("<?xml version=\"1.0\"?>\n<!-- c --><?p x?><r><g name='a'/></r><!-- d -->\n<?q?>\n", ["a"]),
        ("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><r><g name='a'/></r>", ["a"]),
        ("\u{FEFF}<?xml version='1.0'?><r><g name='a'/></r>", ["a"]), ("\n \t<r><g name='a'/></r>\n", ["a"]),
        // 4.1, 4.6: references
        ("<r><g><name>&#x41;&#66;&amp;&lt;&gt;&quot;&apos;&#x1F389;</name></g></r>", ["AB&<>\"'🎉"]),
        ("<r><g name='&#x41;&amp;&lt;&#10;&#9;x'/></r>", ["A&<\n\tx"]),
        ("<r><g><name>&#38;lt;</name></g></r>", ["&lt;"]),
        // 2.7: CDATA sections
        ("<r><g><name><![CDATA[<b>&amp;]]></name></g></r>", ["<b>&amp;"]),
        ("<r><g><name>a<![CDATA[]]>b<![CDATA[]]]]><![CDATA[>]]></name></g></r>", ["ab]]>"]),
        // 2.5, 2.6: comments and instructions in between
        ("<r><!-- - --><g><name>a<!-- <no/> & -->b<?p <no> ?>c</name></g><!----></r>", ["abc"]),
        // 2.11: line ends; 3.3.3: what an attribute makes of them
        ("<r>\r\n<g><name>a\r\nb\rc\nd</name></g></r>", ["a\nb\nc\nd"]),
        ("<r><g name='a\r\nb\tc\nd'/></r>", ["a b c d"]),
        ("<r><g><name>a&#13;b</name></g></r>", ["a\rb"]),
        // 3.1: tags
        ("<r><g\nname\t=\r\"a\"\n/></r >", ["a"]),
        ("<r><g name='say \"x\"'/><g name=\"it's\"/></r>", ["say \"x\"", "it's"]),
        ("<r><g name='a>b'/><g><name>a>b]]</name></g></r>", ["a>b", "a>b]]"]),
        ("<é.b-c_1><g name='a'/></é.b-c_1>", ["a"]),
        ("<_><g name='a'/></_>", ["a"]), ("<r xml:lang='en' xmlns='urn:x'><g name='a'/></r>", ["a"]),
        ("<r xmlns:x='u'><x:g name='a' x:name='no'/></r>", ["a"]),
        // 2.2: characters
        ("<r><g name='\u{10FFFF}\u{E000}\u{FFFD}\u{85}\u{7F}'/></r>", ["\u{10FFFF}\u{E000}\u{FFFD}\u{85}\u{7F}"]),
    ]

    private static let unsound = [
        "", " ", "a", "<r>", "<r></s>", "<r><g></r></g>", "<R></r>", "<r/><s/>", "<r/>x", "x<r/>", "</r>", "<r",
        "<r>x</r",
        "<r><g/", "<r/></r>", "<r a=1/>", "<r a/>", "<r a=/>", "<r a='1' a='2'/>", "<r a='<'/>", "<r a='1\"/>",
        "<r 'a'/>",
        "<r a='1'b='2'/>", "<r =''/>", "<1r/>", "<-r/>", "< r/>", "<.r/>", "<r><g 1='x'/></r>", "<r / >", "</ r>",
        "<>x</>",
        "<r>&</r>", "<r>& </r>", "<r>&;</r>", "<r>&foo;</r>", "<r>&amp</r>", "<r>&AMP;</r>", "<r>&nbsp;</r>",
        "<r>&#;</r>",
        "<r>&#x;</r>", "<r>&#X41;</r>", "<r>&#0;</r>", "<r>&#x1;</r>", "<r>&#xD800;</r>", "<r>&#xFFFE;</r>",
        "<r>&#x110000;</r>",
        "<r>&#-1;</r>", "<r a='&foo;'/>", "<r a='&'/>", "<r>a]]>b</r>", "<r><!-- a -- b --></r>", "<r><!-- a ---></r>",
        "<r><!-></r>", "<r><!-- </r>", "<r><![CDATA[x</r>", "<r><![cdata[x]]></r>", "<r><![ CDATA[x]]></r>",
        "<![CDATA[x]]><r/>",
        "<r><?xml version='1.0'?></r>", " <?xml version='1.0'?><r/>", "<?xml?><r/>",
        "<?xml version='1.0' standalone='maybe'?><r/>",
        "<?xml encoding='UTF-8'?><r/>", "<?XML version='1.0'?><r/>", "<r><?XmL x?></r>", "<r><?></r>", "<r>\u{1}</r>",
        "<r>\u{FFFE}</r>", "<r>\u{0}</r>", "<r a='\u{B}'/>", "<r>\u{1F}</r>", "<r><!DOCTYPE r></r>", "<r/><!DOCTYPE r>",
    ]

    @Test("expat takes what the table calls sound, and nothing else") func table() async throws {
        var python = Command.python(
            """
            import json, sys
            from xml.parsers import expat
            def ok(text):
                try: expat.ParserCreate(encoding="utf-8").Parse(text.encode(), True)
                except expat.ExpatError: return False
                return True
            print("".join("01"[ok(text)] for text in json.load(sys.stdin)))
            """)
        python.input = try JSONEncoder().encode(Self.sound.map(\.0) + Self.unsound)
        let output = try await python.run().outputText.trimmingCharacters(in: .newlines)
        #expect(
            output == String(repeating: "1", count: Self.sound.count)
                + String(repeating: "0", count: Self.unsound.count))
    }

    @Test("a sound document gives its records, character by character", arguments: sound)
    func isSound(document: String, names: [String]) {
        let decoded = Decoded.everyWay(Array(document.utf8), .xml)
        #expect(decoded.failure == nil && decoded.records.allSatisfy { $0.problem == nil })
        #expect(decoded.records.map(\.name).map { Array($0.utf8) } == names.map { Array("text:\($0)".utf8) })
    }

    @Test("what isn't well-formed ends reading, and what was read before it stands", arguments: unsound)
    func isUnsound(document: String) {
        let decoded = Decoded.everyWay(Array(document.utf8), .xml)
        #expect(decoded.failure != nil)
        // Within a record of a list, too.
        guard document.hasPrefix("<r>"), document.hasSuffix("</r>") else { return }
        let inner = document.dropFirst(3).dropLast(4)
        let list = Decoded.everyWay(
            Array("<l><g><name>a</name></g><g><name>b</name><x>\(inner)</x></g><g><name>c</name></g></l>".utf8), .xml)
        #expect(list.failure != nil && list.records.first?.name == "text:a")
        #expect(!list.records.contains { $0.name == "text:c" })
    }
}
