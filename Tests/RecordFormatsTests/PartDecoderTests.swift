import RecordFormats
import TestSupport
import Testing

/// Holds what is decoded in parts against what is decoded in order, of lists whose borders are seldom what they look
/// like.
@Suite struct PartDecoderTests {
    /// A kind of list: what it begins with, the records behind that, and what ends it.
    private struct Form {
        var format: RecordFormat
        var options = DecodingOptions.with()
        var head: String, record: String, tail: String
        /// What may stand in the place of a record, and in that of `%` a number.
        var records: [String]
        /// What may stand between two.
        var gaps: [String]
        /// What damages the list.
        var damage: [String]
    }

    private static let objects = [
        #"{"name":"n%","rank":5}"#, #"{"name":"a},{b %"}"#, #"{"name":"q\"},{\"name\":\"%","rank":null}"#,
        #"{"more":[{"name":"x"},{"name":"y"},{"z":[{},{}]}],"name":"deep %"}"#, #"{"a":{"name":"in %"}}"#,
        "{\n\"name\" :\r\n\"lines %\"\n}", #"{"name":"Größe 東京🎉 %","rank":-7}"#, #"{"name":"G\u00f6 %"}"#, "{}", "{ }",
        #"{"name":{"name":"%"},"rank":{"a":1}}"#,
        #"{"name":"\#(String(repeating: "},{long", count: 30))"}"#,
    ]
    private static let others = ["7", "null", "true", #""},{""#, #"[{"name":"e"},{}]"#, "[]", #""},{\"name\":\"%""#]
    private static let gaps = [",", ",", ",", ", ", ",\n", " ,\r\n  ", "\n\n,\n\n", ",\t"]
    private static let damage = [
        ",,", "}", "]", "],", "][", "],[{", "}{", "},{", "{", "\"", "\\", "\u{1}", "\u{1A}", "x", "{\"name\":\"cut",
        ":",
        "{\"name\":\"\u{1}\"},", "]}", "\u{FEFF}",
    ]

    private static let elements = [
        "<i><name>n%</name><rank>5</rank></i>", "<i name='a %' rank=\"1\"/>",
        "<i><rank>7</rank><name>R&amp;D %</name></i>",
        "<i/>", "<i></i>", "<i>\r\n\t<name>Größe 東京🎉 &#x41;%</name>\n</i>", "<i><name>two\nlines %</name></i>",
        "<i><name><![CDATA[</i><i><name>%]]></name></i>", "<i><!-- </i><i><name>no</name></i> --><name>c %</name></i>",
        "<i><name>d %</name><more><i><name>in</name></i>\n<i><name>in</name></i></more></i>", "<i><?x </i>\n<i> ?></i>",
        "<i xmlns='u'><name>%</name></i>", "<x:i xmlns:x='u'><name>%</name></x:i>", "<i><x%>new</x%></i>",
        "<i><name>\(String(repeating: "long &lt;i>", count: 40))</name></i>", "<i><name>a</name><name>b %</name></i>",
        "<é><name>é</name></é>", "<i ><name >%</name ></i >", "<i>\n<i>\n<i/>\n<i/>\n</i>\n</i>", "<i a='>' name='%'/>",
    ]
    private static let otherElements = [
        "<other/>", "<!-- <i/>\n<i/> -->", "<?x\n<i/> ?>", "text", "<next>http://x/?%</next>", "<![CDATA[<i/>\n<i>]]>",
        "<meta><i/>\n<i><name>no</name></i></meta>", "\r", "<other>\n<name/></other>",
    ]
    private static let markupDamage = [
        "<", ">", "</i>", "</g>", "<i>", "]]>", "&", "&bad;", "\u{1}", "\u{1A}", "<!--", "<![CDATA[", "<!DOCTYPE x>",
        "<?xml version='1.0'?>", "\u{FFFE}", "<i a=1/>", "<i a='1' a='2'/>", "</", "<i/", "'", "<i name='",
        "<b><name>x</name></b>",
    ]

    private static func form(_ number: Int) -> Form {
        let first = "{\"name\":\"first\",\"rank\":1}"
        var form = Form(
            format: .json, head: "[", record: first, tail: "]", records: objects + others, gaps: gaps, damage: damage)
        switch number {
        case 0: break
        case 1:
            form.head = "{\"count\": 3, \"data\" : [ "
            form.tail = "], \"hasMore\": true, \"_links\": [{\"a\":1}]}"
        case 2: form.tail = "]\n[{\"name\":\"of another\"},{\"name\":\"page\"},\n{\"name\":\"last\"}]"
        case 3:
            form.head = "{\"data\":["
            form.tail = "],\"more\":[{\"name\":\"b\"},{\"name\":\"c\"},{\"name\":\"d\"}]}"
        case 4:
            form.options.recordsPath = ["a"]
            form.record = "{\"a\":{\"name\":\"first\"}}"
        case 5:
            form.options.recordsPath = ["data", "list"]
            (form.head, form.tail) = (
                "{\"data\":{\"x\":[{},{},{}],\"list\":[", "]}}{\"data\":{\"list\":[{\"name\":\"b\"},{\"name\":\"c\"}]}}"
            )
        case 6: (form.head, form.tail, form.records, form.gaps) = ("", "", objects, ["", " ", "\n", "\r\n\r\n"])
        case 7: form.options.limits = DecodingLimits(recordBytesMax: 300, depthMax: 5)
        case 8: form.tail = ""
        default:
            form = Form(
                format: .xml, head: "<g>\n", record: "<i><name>first</name><rank>1</rank></i>", tail: "</g>",
                records: elements + otherElements, gaps: ["\n", "\n", "", "  ", "\r\n", "\t", "<!-- -->"],
                damage: markupDamage)
            switch number {
            case 9: break
            case 10:
                form.options.recordsPath = ["a", "g", "i"]
                form.head = "<?xml version='1.0'?>\n<a page='2'><x><i/>\n<i/></x><g>"
                form.tail = "</g><g><i><name>more</name></i>\n<i/></g><hasMore>true</hasMore></a>\n"
            case 11: form.options.limits = DecodingLimits(recordBytesMax: 200, depthMax: 4)
            case 12: (form.gaps, form.records, form.tail) = ([""], Array(elements[..<7]), "</g>\n<!-- -->")
            default: form.tail = ""
            }
        }
        return form
    }

    @Test("records, lines, failures and all that is said are the same, whatever the cuts", arguments: 0..<14)
    func sameInParts(number: Int) throws {
        let seed = SeededGenerator.seed() &+ UInt64(number)
        var random = SeededGenerator(state: seed)
        let form = Self.form(number)
        // More than the 1000 records, and of an object the 64 KiB, at which the stream looks.
        let atLeast = form.head.count > 2 ? 2_500 : 1_001
        var taken = 0
        for _ in 0..<30 {
            let count = atLeast + Int.random(in: 0..<60, using: &random)
            let head = form.head + String(repeating: form.record + form.gaps[0], count: count)
            let rarity = [1, 3, 30].randomElement(using: &random) ?? 1
            var text = ""
            for index in 0..<Int.random(in: 1...60, using: &random) {
                let isOdd = Int.random(in: 0..<rarity, using: &random) == 0
                let record = isOdd ? form.records.randomElement(using: &random) ?? "" : form.record
                text += record.replacing("%", with: "\(index)") + (form.gaps.randomElement(using: &random) ?? "")
            }
            var bytes = Array((text + form.record + form.tail).utf8)
            for _ in 0..<([0, 0, 1, 2].randomElement(using: &random) ?? 0) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...9, using: &random)))
                case 1: bytes.insert([0xFF, 0xC3, 0x00, 0xED].randomElement(using: &random) ?? 0xFF, at: place)
                default: bytes.insert(contentsOf: (form.damage.randomElement(using: &random) ?? "").utf8, at: place)
                }
            }
            bytes = Array(head.utf8) + bytes
            let whole = Decoded(bytes, form.format, chunkBytes: 65_536, options: form.options)
            let chunkBytes = [40, 90, 200, 1_000].randomElement(using: &random) ?? 40
            let parts = DecodedParts(bytes, form.format, chunkBytes: chunkBytes, options: form.options)
            taken += parts.taken
            let source = String(decoding: bytes.dropFirst(head.utf8.count), as: UTF8.self)
            #expect(whole == parts.decoded, "seed \(seed), chunks of \(chunkBytes): \(source)")
        }
        #expect(taken > 0, "seed \(seed)")
    }
}
