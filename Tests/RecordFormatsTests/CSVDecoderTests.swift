import RecordFormats
import Testing

@Suite struct CSVDecoderTests {
    static let small = DecodingLimits(recordBytesMax: 20)

    @Test(arguments: [
        DecoderCase("name\n", []),
        DecoderCase("name,rank\n", []),
        DecoderCase("name,rank", []),
        DecoderCase("name,rank\nVIP,1\n", ["text:VIP | text:1 @ 2"]),
        DecoderCase("name,rank\nVIP,1", ["text:VIP | text:1 @ 2"]),
        DecoderCase("name,rank\r\nVIP,1\r\nGold,\r\n", ["text:VIP | text:1 @ 2", "text:Gold | text: @ 3"]),
        DecoderCase("name,rank\rVIP,1\rGold,2\r", ["text:VIP | text:1 @ 2", "text:Gold | text:2 @ 3"]),
        DecoderCase("\u{FEFF}Group-Name , GROUP_RANK\nVIP,1\n", ["text:VIP | text:1 @ 2"]),
        DecoderCase("\"na\"\"me\",\"rank\"\nVIP,1\n", ["text:VIP | text:1 @ 2"]),
        DecoderCase("_id,rank,_name,group name\n7,1,x,VIP\n", ["text:VIP | text:1 @ 2"]),
        DecoderCase("name\nVIP\n", ["text:VIP | absent @ 2"]),
        DecoderCase("name\n  \n", []),
        DecoderCase("\n \nname,rank\n\n \t\r\n\r\nVIP,1\n\n", ["text:VIP | text:1 @ 7"]),
        DecoderCase(
            "name,rank\n\"a \"\"b\"\", c\",\"2\"\n\"\",1\n", ["text:a \"b\", c | text:2 @ 2", "text: | text:1 @ 3"]),
        DecoderCase(
            "name,rank\n\"a\nb\r\nc\rd\",1\nVIP,2\n", ["text:a\nb\r\nc\rd | text:1 @ 2", "text:VIP | text:2 @ 6"]),
        DecoderCase("name,rank\na\"b\"c,1\n", ["text:a\"b\"c | text:1 @ 2"]),
        DecoderCase(
            "name,rank\n\"a\"b\"c,1\nVIP,2\n",
            ["text:ab\"c | text:1 @ 2 ! strayQuote", "text:VIP | text:2 @ 3"]),
        // Quotes that a backslash escapes, as MySQL does.
        DecoderCase(
            "name,rank\n\"a \\\"b\\\" c\",1\nVIP,2\n",
            ["text:a \\b\\\" c\" | text:1 @ 2 ! escapedQuote", "text:VIP | text:2 @ 3"]),
        DecoderCase(
            "name,rank\n\"a\\\",b\",1\nVIP,2\n",
            ["text:a\\ | text:b\" @ 2 ! escapedQuote", "text:VIP | text:2 @ 3"]),
        DecoderCase(
            "name,rank\nVIP\nVIP,1,2\n",
            [
                "text:VIP | absent @ 2",
                "text:VIP | text:1 @ 3 ! raggedRow(expected: 2, found: 3)",
            ]),
        DecoderCase(
            bytes: Array("name,rank\n".utf8) + [0xC3, 0x28] + Array(",1\nVIP,2\n".utf8),
            ["text:? | text:1 @ 2 ! badEncoding(utf-8)", "text:VIP | text:2 @ 3"]),
        DecoderCase("name,rank\nÅngström 東京 🎉,1\n", ["text:Ångström 東京 🎉 | text:1 @ 2"]),
        DecoderCase("name,rank\na\0b,1\n", ["text:a\0b | text:1 @ 2"]),
    ])
    func decodes(_ row: DecoderCase) {
        row.check(.csv)
    }

    @Test(arguments: [
        DecoderCase("", [], fails: "missingColumn @ 1"),
        DecoderCase("\n \n", [], fails: "missingColumn @ 3"),
        DecoderCase("rank,title\n1,VIP\n", [], fails: "missingColumn @ 1"),
        DecoderCase("\nname:rank\nVIP:1\n", [], fails: "missingColumn @ 2"),
        DecoderCase("name,group_name\na,b\n", [], fails: "duplicateColumn @ 1"),
        DecoderCase("name,Rank,group-rank\na,b,c\n", [], fails: "duplicateColumn @ 1"),
        DecoderCase(
            "name,rank\nVIP,1\n\n\"Gold,2\nSilver,3\n", ["text:VIP | text:1 @ 2"], fails: "unclosedQuote @ 4 # 2"),
        DecoderCase(
            "name,rank\nVIP,1\n\"Gold,2\nSilver,3\nBronze,4\n", ["text:VIP | text:1 @ 2"],
            fails: "recordTooLong @ 3 # 2", limits: small),
        DecoderCase("name,rank\nabcdefghijklmnopqr,1\n", ["text:abcdefghijklmnopqr | text:1 @ 2"], limits: small),
        DecoderCase("name,rank\nabcdefghijklmnopqrs,1\n", [], fails: "recordTooLong @ 2 # 1", limits: small),
        DecoderCase(bytes: [0xFF, 0xFE, 0, 0, 0x6E, 0, 0, 0], [], fails: "unsupportedEncoding @ 1"),
        DecoderCase(bytes: [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x6E], [], fails: "unsupportedEncoding @ 1"),
        DecoderCase(bytes: [0x6E, 0x00, 0x61, 0x00], [], fails: "unsupportedEncoding @ 1"),
        DecoderCase(bytes: Array("name,n".utf8) + [0xE9, 0x0A], [], fails: "invalidUTF8 @ 1"),
    ])
    func fails(_ row: DecoderCase) {
        row.check(.csv)
    }

    @Test("at every alignment, with every line end, plain, quoted and not ASCII", arguments: ["\n", "\r\n", "\r"])
    func alignments(lineEnd: String) {
        for length in 0..<140 {
            let name = String(repeating: "n", count: length)
            let rows = [
                "a,\(name)", "\(name),1", "\"\(name)\",2", "é\(name),3", "x\(name)\"q,4", "\(name)é\"\",", "",
                "z,\(name),",
            ]
            let source = Array((["name,rank"] + rows + rows.reversed() + ["end,1"]).joined(separator: lineEnd).utf8)
            let decoded = Decoded.everyWay(source, .csv)
            #expect(decoded.records.count == 15)
            #expect(
                decoded.records.map(\.columns)
                    == (rows + rows.reversed() + ["end,1"]).filter { !$0.isEmpty }.map(Self.plain))
        }
    }

    @Test("bytes that are not UTF-8 spoil their own record only, at every alignment, plain and quoted")
    func badBytes() {
        for length in 0..<140 {
            let name = Array(repeating: UInt8(ascii: "n"), count: length)
            var source = Array("name,rank\n".utf8)
            for bad in [[0xE9], [], [UInt8]("é".utf8)] {
                source += Array("a,1\n\"".utf8) + bad + name + Array("\",2\n\"".utf8) + name + bad
                source += Array("\",3\nb,4\n".utf8) + name + bad + Array(",\"5\"\n".utf8)
            }
            let decoded = Decoded.everyWay(source, .csv)
            let bad = RecordProblem.badEncoding(.utf8)
            #expect(decoded.records.prefix(5).map(\.problem) == [nil, bad, bad, nil, bad])
            #expect(decoded.records.dropFirst(5).allSatisfy { $0.problem == nil })
            #expect(decoded.records.map(\.line) == (2...16).map { $0 })
        }
    }

    /// The columns of a row without a delimiter or doubled quote inside a quoted field.
    private static func plain(_ row: String) -> [[UInt8]] {
        row.split(separator: ",", omittingEmptySubsequences: false).map { cell in
            cell.count > 1 && cell.hasPrefix("\"") && cell.hasSuffix("\"")
                ? Array(cell.dropFirst().dropLast().utf8) : Array(cell.utf8)
        }
    }

    @Test func keepsEachRecordsOwnBytesAndColumns() {
        let decoded = Decoded.everyWay(Array("name,_id,rank\r\n\"V\"\"IP\",7,1\r\n".utf8), .csv)
        #expect(decoded.columns == ["name", "_id", "rank"])
        #expect(decoded.records.map(\.raw) == [Array("\"V\"\"IP\",7,1".utf8)])
        #expect(decoded.records[0].columns == [Array("V\"IP".utf8), [0x37], [0x31]])
    }

    @Test func repeatsItsFailure() throws {
        let stream = try RecordStream(format: .csv, options: .with())
        var batch = RecordBatch()
        try stream.push(Array("rank\nx\n".utf8), into: &batch)
        let first = #expect(throws: DecodingFailure.self) { try stream.finish(into: &batch) }
        let second = #expect(throws: DecodingFailure.self) { try stream.finish(into: &batch) }
        #expect(first == second)
        #expect(first?.message.contains("only \"rank\"") == true)
    }
}
