import Foundation
import RecordFormats
import TestSupport
import Testing

@Suite struct MutationTests {
    /// Sound sources; a mutation begins with each in turn.
    static let sources: [RecordFormat: [String]] = [
        .csv: [
            "\u{FEFF}name,Rank,_x\r\n\"a \"\"b\"\"\r\nc\",1,\r\n\r\nVIP,,z\n\"é東🎉\",2,\"\"\n"
                + "\u{FEFF}Name,rank,_x\n,,\n\u{FEFF}\"b,\nc\",1\nd;2;\ne,3,,,\n\u{1A}\r\n\u{1A}",
            "name,rank,_x\n"
                + String(
                    repeating: "VIP,1,\nÄrzte,2,a\nGroup 3,3,\r\nюг,4,b\n東京,5,\nひらがな,6,c\n\u{3000}VIP,7,\n"
                        + "\u{A0},,\n🎉,8,d\n\u{FEFF}x,9,\nname,rank,_x\nin \"quotes\",10,\n\"A, B\",11,\n", count: 2),
        ],
        .json: [
            #"{"s":{"c":[1,[]]},"l":[{"name":"a\n\u00e9\ud83c\udf89","rank":-1.5e3},{"rank":null},"# + "\n"
                + #"{"groupName":"é東🎉","x":{"y":[true,false]}}],"e":[]}"#,
            "{\n\"name\":\"a\",\n\"l\":[{\"name\":\"b\"}]}\n{\"rank\":1}{\"name\":\"é\"}",
            #"{"l":{"a":{"rank":1},"é":2},"x":{"name":"a"}}"#, #"[{"l":{"name":"a"}},{"l":{"x":[{"name":"b"}]}}]"#,
        ],
        .ndjson: [
            "{\"name\":\"a\\n\",\"rank\":1}\r\n\n{\"group_name\":\"é東🎉\",\"x\":[{}]}\n[]\n{\"name\":null}",
            "{\"name\":\"a\"}\n{\n \"name\":\"b\",\n\n\"l\":[\n{\"name\":\"c\"}]\n}\n"
                + "{\"name\":\"d\"}{\"l\":{\"name\":\"e\"}}\n",
        ],
        .xml: [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<g xmlns:x='u'><x:i name='a &amp; b'><rank>1</rank></x:i>\n"
                + "<i><name>é<![CDATA[東<]]>&#233;</name><!-- c --><rank/></i></g>\n",
            "<g xmlns:x='u' xmlns:y='u'><i x:name='n' y:n='1'><s><name>a</name></s></i><i><name>b</name></i></g>",
        ],
    ]
    /// What a mutation puts in: bytes that mean something to one format or another.
    static let marks: [UInt8] = Array("\"\\,;{}[]:<>&/!\n\r\t _-0e'n\u{1A}".utf8) + [0x00, 0x80, 0xC3, 0xED, 0xFF]

    /// Damaged input never traps, always ends, and gives the same whatever the chunks; with tight limits as well.
    @Test(arguments: RecordFormat.allCases)
    func damageGivesTheSameAtEveryChunking(_ format: RecordFormat) throws {
        let seed = SeededGenerator.seed()
        var random = SeededGenerator(state: seed)
        let sources = try #require(Self.sources[format])
        for round in 0..<3_000 {
            var bytes = Array(sources[round % sources.count].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutate(&bytes, &random) }
            let limits =
                round % 4 == 0
                ? DecodingLimits(recordBytesMax: Int.random(in: 1...40, using: &random), depthMax: 3) : DecodingLimits()
            if format == .csv, round % 3 == 0 { bytes.insert(contentsOf: Array("sep=;\r\n".utf8), at: 0) }
            var options = DecodingOptions.with(limits: limits)
            if format != .csv, round % 5 == 0 { options.recordsPath = format == .xml ? ["g", "i"] : ["l"] }
            if format == .json, round % 7 < 2 { options.keyName = "name" }
            options.skipLines = [0, 0, 1, 3][round % 4]
            let whole = Decoded(bytes, format, chunkBytes: 65_536, options: options)
            for chunkBytes in [1, 2, 7] {
                let cut = Decoded(bytes, format, chunkBytes: chunkBytes, options: options)
                guard cut != whole else { continue }
                Issue.record("seed \(seed), round \(round), chunks of \(chunkBytes): \(bytes)\n\(whole)\n\(cut)")
                return
            }
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: 0..<bytes.count, using: &random)
        let mark = marks[Int.random(in: 0..<marks.count, using: &random)]
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[index] = mark
        case 1: bytes.insert(mark, at: index)
        case 2: bytes.remove(at: index)
        case 3: bytes.removeSubrange(index...)
        case 4: bytes[index] = UInt8.random(in: 0...255, using: &random)
        default:
            let end = min(bytes.count, index + Int.random(in: 1...20, using: &random))
            bytes.insert(contentsOf: Array(bytes[index..<end]), at: Int.random(in: 0...bytes.count, using: &random))
        }
    }
}
