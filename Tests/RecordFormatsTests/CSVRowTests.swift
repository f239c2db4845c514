import RecordFormats
import Testing

/// Rows of CSV that are no record, and records in an unusual form.
@Suite struct CSVRowTests {
    /// A list, its records, and what was passed over and accepted: `kind lines`.
    struct Row: Sendable, CustomTestStringConvertible {
        var input: String
        var records: [String]
        var rows: [String]
        var options = DecodingOptions.with()

        init(_ input: String, _ records: [String], _ rows: [String], options: DecodingOptions = .with()) {
            (self.input, self.records, self.rows, self.options) = (input, records, rows, options)
        }

        var testDescription: String { input.prefix(80).debugDescription }
    }

    private static func texts(_ tally: RowTally) -> [String] {
        let skipped = SkippedRow.allCases.filter { tally.skipped.count($0) > 0 }.map {
            "\($0.rawValue) \(tally.skipped.lines($0))"
        }
        let tolerated = ToleratedRow.allCases.filter { tally.tolerated.count($0) > 0 }.map {
            "\($0.rawValue) \(tally.tolerated.lines($0))"
        }
        return skipped + tolerated
    }

    private static let (gold, silver) = ("text:Gold | text:1 @ 2", "text:Silver | text:2 @ 4")

    @Test(arguments: [
        // Nothing but delimiters, quotes and blanks.
        Row("name,rank\nGold,1\n,\nSilver,2\n", [gold, silver], ["blank_rows [3]"]),
        Row("name,rank\nGold,1\n\"\",\"\"\nSilver,2\n", [gold, silver], ["blank_rows [3]"]),
        Row("name,rank\r\nGold,1\r\n\r\nSilver,2\r\n", [gold, silver], ["blank_rows [3]"]),
        Row("name,rank\rGold,1\r \" \t\",\rSilver,2\r", [gold, silver], ["blank_rows [3]"]),
        Row("name,rank\nGold,1\n\u{A0},\u{3000}\u{200B}\nSilver,2\n", [gold, silver], ["blank_rows [3]"]),
        Row("name;rank\nGold;1\n;;;;\nSilver;2\n;", [gold, silver], ["blank_rows [3, 5]"]),
        // Empty lines of all ends, in runs of more than 64 bytes, too.
        Row("name,rank\nGold,1\r\rSilver,2\n", [gold, silver], ["blank_rows [3]"]),
        Row("\r\n\r\n\nname\r\r\n\r\nA", ["text:A | absent @ 7"], ["blank_rows [1, 2, 3, 5, 6]"]),
        Row(
            "name\n" + String(repeating: "\r\n", count: 100) + String(repeating: "\r", count: 65) + "A\n",
            ["text:A | absent @ 167"], ["blank_rows [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]"]),
        Row("\n,,\nname,rank\nGold,1\n", ["text:Gold | text:1 @ 4"], ["blank_rows [1, 2]"]),
        Row(
            "name\nGold\n\"\"\n  \nSilver\n", ["text:Gold | absent @ 2", "text:Silver | absent @ 5"],
            ["blank_rows [3, 4]"]),
        // The header once more, with and without the signs that don't count, also among short rows.
        Row("-name,rank\nGold,1\nname,rank\nSilver,2\n", [gold, silver], ["repeated_headers [3]"]),
        Row("name,rank\nGold,1\n_name,rank\nSilver,2\n", [gold, silver], ["repeated_headers [3]"]),
        Row(
            "-é,name\nx,A\né,name\ny,B\n" + String(repeating: "z,C\n", count: 20),
            ["text:A | absent @ 2", "text:B | absent @ 4"] + (5...24).map { "text:C | absent @ \($0)" },
            ["repeated_headers [3]"]),
        // No blank row: something can be seen.
        Row("name,rank\n,1\n", ["text: | text:1 @ 2"], []),
        Row("name,rank\n \"x,\n", ["text: \"x | text: @ 2"], []),
        // Rows of dashes below the header, as SQL clients and Markdown write them, and a table's borders.
        Row("name,rank\n----,----\nSilver,2\n", ["text:Silver | text:2 @ 3"], ["ruler_rows [2]"]),
        Row("name,rank\nA,1\n---,---\n", ["text:A | text:1 @ 2", "text:--- | text:--- @ 3"], []),
        Row(
            "| name | rank |\r\n|------|-----:|\r\n| A | 1 |\r\n", ["text: A  | text: 1  @ 3"], ["ruler_rows [2]"]),
        Row(
            "| name | rank |\n+------+------+\n| A    |    1 |\n+------+------+\n", ["text: A     | text:    1  @ 3"],
            ["ruler_rows [2, 4]"]),
        Row(
            " name   | rank \n--------+------\n Gold   |    1\n", ["text: Gold    | text:    1 @ 3"], ["ruler_rows [2]"]
        ),
        Row("name\tnote\n\"---\"\t===\nA\t---\n", ["text:A | absent @ 3"], ["ruler_rows [2]"]),
        // No such row: too short, further down, or with something else.
        Row("name,rank\n--,\n---,1\n", ["text:-- | text: @ 2", "text:--- | text:1 @ 3"], []),
        Row("name,rank\n---,x\n-3-,1\n", ["text:--- | text:x @ 2", "text:-3- | text:1 @ 3"], []),
        // The header once more, as headers are compared.
        Row("name,rank\nGold,1\nname,rank\nSilver,2\n", [gold, silver], ["repeated_headers [3]"]),
        Row("name,rank\nGold,1\n\"Name\" , R_ank\nSilver,2\n", [gold, silver], ["repeated_headers [3]"]),
        Row("name,rank,\nGold,1,\nname,rank\nSilver,2,\n", [gold, silver], ["repeated_headers [3]"]),
        Row(
            "name\nGold\nNAME\nnames\n", ["text:Gold | absent @ 2", "text:names | absent @ 4"], ["repeated_headers [3]"]
        ),
        Row(
            "Group  Title;Prio\nGold;1\nGroup Title;Prio\nSilver;2\n", [gold, silver], ["repeated_headers [3]"],
            options: .with(mapping: .named("Group Title", rank: "Prio"))),
        Row(
            "_id,name\n1,a\n_id,name\n_id,Name 2\n", ["text:a | absent @ 2", "text:Name 2 | absent @ 4"],
            ["repeated_headers [3]"]),
        Row(
            "name,rank\nnamerank\nname,\n", ["text:namerank | absent @ 2", "text:name | text: @ 3"],
            ["short_rows [2]"]),
        // A list without a header: its columns once more; a single column may hold its own name.
        Row(
            "Gold,1\nname,rank\n", ["text:Gold | text:1 @ 1"], ["repeated_headers [2]"],
            options: .with(columns: ["name", "rank"])),
        Row("name\n", ["text:name | absent @ 1"], [], options: .with(columns: ["name"])),
    ])
    func passesOver(_ row: Row) { check(row) }

    @Test(arguments: [
        Row("sep=;\r\nname;rank\r\nA,1;2\r\n", ["text:A,1 | text:2 @ 3"], ["lines_above_header [1]"]),
        Row("\u{FEFF}\"sep=\t\"\r\nname\trank\r\nA\t1\r\n", ["text:A | text:1 @ 3"], ["lines_above_header [1]"]),
        Row(
            "#TYPE System.Object\r\n\"name\",\"rank\"\r\n\"A\",\"1\"\r\n", ["text:A | text:1 @ 3"],
            ["lines_above_header [1]"]),
        Row(
            "#TYPE x\nt\nname\nA", ["text:A | absent @ 4"], ["lines_above_header [1, 2]"],
            options: .with(skipLines: 2)),
        Row("SEP=:\nname:rank\nA:1\n", ["text:A | text:1 @ 3"], ["lines_above_header [1]"]),
        Row("sep=,,,\rname,rank\rA,1\r", ["text:A | text:1 @ 3"], ["lines_above_header [1]"]),
        Row(
            "sep=;\nA;1", ["text:A | text:1 @ 2"], ["lines_above_header [1]"],
            options: .with(columns: ["name", "rank"])),
        Row(
            "sep=;\nname,rank\nA,1\n", ["text:A | text:1 @ 3"], ["lines_above_header [1]"],
            options: .with(delimiter: .comma)),
        Row(
            "title\n\"open\n\nname,rank\nA,1\n", ["text:A | text:1 @ 5"], ["lines_above_header [1, 2, 3]"],
            options: .with(skipLines: 3)),
        Row(
            "sep=;\r\nt\r\nname;rank\r\nA;1\r\n", ["text:A | text:1 @ 4"], ["lines_above_header [1, 2]"],
            options: .with(skipLines: 2)),
        Row("t\rt\rname\rA\r", ["text:A | absent @ 4"], ["lines_above_header [1, 2]"], options: .with(skipLines: 2)),
        Row(
            "t\nA,1\n", ["text:A | text:1 @ 2"], ["lines_above_header [1]"],
            options: .with(columns: ["name", "rank"], skipLines: 1)),
        // A name, or a column, that begins alike.
        Row("sep=name\nname\nA\n", [], []),
        Row("separate,name\n1,A\n", ["text:A | absent @ 2"], []),
    ])
    func aboveTheHeader(_ row: Row) {
        if row.records.isEmpty {
            #expect(Decoded.everyWay(Array(row.input.utf8), .csv).failureBrief == "missingColumn @ 1")
        } else {
            check(row)
        }
    }

    @Test(arguments: [
        // A byte order mark at the beginning of a line, also before quotes, which open a field then.
        Row(
            "\u{FEFF}name,rank\nGold,1\n\u{FEFF}name,rank\nSilver,2\n", [gold, silver],
            ["repeated_headers [3]", "byte_order_marks [3]"]),
        Row(
            "name,rank\nGold,1\n\u{FEFF}\n\u{FEFF}Silver,2\n", [gold, silver],
            ["blank_rows [3]", "byte_order_marks [3, 4]"]),
        Row(
            "name,rank\n\u{FEFF}\"a,\nb\",1\nc,2\n", ["text:a,\nb | text:1 @ 2", "text:c | text:2 @ 4"],
            ["byte_order_marks [2]"]),
        // Blanks between a closing quote and what ends its field.
        Row(
            "name,rank\n\"Gold\" ,1\nTin,3\n\"Silver\"\t , \"2\" \n",
            [gold, "text:Tin | text:3 @ 3", "text:Silver | text: \"2\"  @ 4"], ["blanks_behind_quotes [2, 4]"]),
        Row(
            "\"name\" ,rank\n\"a \"\"b\"\"\"  ,\"1\" \n", ["text:a \"b\" | text:1 @ 2"], ["blanks_behind_quotes [2]"]),
        Row("name\trank\n\"Gold\"\t1\n\"Tin\" \t\n", [gold, "text:Tin | text: @ 3"], ["blanks_behind_quotes [3]"]),
        Row("name,rank\n\"Gold\" x,1\n", ["text:Gold x | text:1 @ 2 ! strayQuote"], []),
        Row("name,rank\n\"Gold\" \"x\" ,1\n", ["text:Gold \"x\"  | text:1 @ 2 ! strayQuote"], []),
        Row("name,rank\na,\u{FEFF}1\n", ["text:a | text:\u{FEFF}1 @ 2"], []),
        // DOS's end-of-file mark.
        Row("name,rank\r\nGold,1\r\n\u{1A}", [gold], []),
        Row("name,rank\r\nGold,1\r\n\u{1A}\u{1A}\r\n", [gold], []),
        Row("name,rank\nGold,1\u{1A}", [gold], []),
        Row("name,rank\r\nGold,1\u{1A}\r\n\u{1A}", [gold], []),
        Row("name,rank\n\nSilver,2\u{1A}\n", ["text:Silver | text:2 @ 3"], ["blank_rows [2]"]),
        Row("name\n\"Gold\"\u{1A}", ["text:Gold | absent @ 2"], []),
        Row("name,rank\nGold,1\n\u{1A}\nSilver,2\n", [gold, silver], ["blank_rows [3]"]),
        // Fewer and more fields.
        Row(
            "name,rank,note\nGold,1\nx,y,z\nSilver\n", [gold, "text:x | text:y @ 3", "text:Silver | absent @ 4"],
            ["short_rows [2, 4]"]),
        Row(
            "name,rank\nGold,1,\nx,y,\" \",\nSilver,2, \n", [gold, "text:x | text:y @ 3", silver],
            ["long_rows [2, 3, 4]"]),
        // Nothing but the list's end stands behind a record that lacks fields: it may be the half of one.
        Row("name,rank\nGold,1\nSil", [gold, "text:Sil | absent @ 3 ! cutOff(expected: 2, found: 1)"], []),
        Row("name,rank,note\nGold,1", ["text:Gold | text:1 @ 2 ! cutOff(expected: 3, found: 2)"], []),
        Row("name,rank\nGold,1\nSilver,2", [gold, "text:Silver | text:2 @ 3"], []),
        Row("name,rank\nGold,1\rSilver\r", [gold, "text:Silver | absent @ 3"], ["short_rows [3]"]),
        Row("rank,name\n1\n", ["absent | text:1 @ 2 ! raggedRow(expected: 2, found: 1)"], []),
        Row("name,rank\nx,1,z\n", ["text:x | text:1 @ 2 ! raggedRow(expected: 2, found: 3)"], []),
        Row("name,rank\nx,1,\",\"\n", ["text:x | text:1 @ 2 ! raggedRow(expected: 2, found: 3)"], []),
    ])
    func accepts(_ row: Row) { check(row) }

    @Test(
        "a record that another delimiter would make whole is no name",
        arguments: [
            ("name,rank\nGold;1\n", "Gold;1", CSVDelimiter.semicolon as CSVDelimiter?),
            ("name;rank\nGold,1\n", "Gold,1", .comma),
            ("name;rank\nGold\t\n", "Gold\t", .tab),
            ("name,rank\n\"Gold,1\"\n", "Gold,1", .comma),
            ("name;note\nGold,x\n", "Gold,x", .comma),
            // Prose, and more or fewer fields.
            ("name;note\nSmith, John\n", "Smith, John", nil),
            ("name;rank\nSmith,John\n", "Smith,John", nil),
            ("name,note\n\"Gold;best\"\n", "Gold;best", nil),
            ("name,rank\n\"Gold,\"\n", "Gold,", nil),
            ("name,rank\nGold;1;2\n", "Gold;1;2", nil),
        ])
    func otherDelimiters(_ input: String, _ name: String, _ other: CSVDelimiter?) throws {
        let decoded = Decoded.everyWay(Array(input.utf8), .csv)
        let header = try #require(decoded.delimiter)
        #expect(decoded.records.map(\.name) == ["text:\(name)"])
        #expect(decoded.records[0].problem == other.map { .otherDelimiter($0, header: header) })
        #expect(decoded.tally.otherDelimiters.total == (other == nil ? 0 : 1))
        #expect(decoded.tally.tolerated.count(.short) == (other == nil ? 1 : 0))
    }

    @Test(
        "only what separates the header can be the delimiter; a header of one column has a comma",
        arguments: [
            ("name\nGold,1\nSilver,2\n", ["raggedRow", "raggedRow"]), ("name\nGold;1\nSilver;2\n", ["none", "none"]),
            ("name\nA\nB\n\"C, D\"\nE;F\n", ["none", "none", "none", "none"]),
        ])
    func oneColumn(_ input: String, _ problems: [String]) {
        let decoded = Decoded.everyWay(Array(input.utf8), .csv)
        #expect(decoded.delimiter == .comma)
        #expect(
            decoded.records.map { $0.problem.map { "\($0)".prefix { $0 != "(" } } ?? "none" }
                == problems.map { $0[...] })
    }

    @Test(
        "rows of a list of one column that look otherwise are noticed",
        arguments: [
            ("name\nGold;1\nSilver;2\n", CSVDelimiter.semicolon as CSVDelimiter?), ("name\nGold\t1\n", .tab),
            ("name\nGold;1\nSilver\n", nil), ("name\nGold\nSilver\n", nil), ("name;rank\nGold,1\n", nil),
        ])
    func rowDelimiter(_ input: String, _ other: CSVDelimiter?) throws {
        let stream = try RecordStream(format: .csv, options: .with())
        var batch = RecordBatch()
        try stream.push(Array(input.utf8), into: &batch)
        try stream.finish(into: &batch)
        #expect(stream.rowDelimiter == other)
    }

    @Test("in a list whose name says tabs, a header of one column has a tab") func loneTab() {
        var options = DecodingOptions.with()
        options.loneDelimiter = .tab
        let decoded = Decoded.everyWay(Array("name\nSmith, John\nB;C\n".utf8), .csv, options: options)
        #expect(decoded.delimiter == .tab && decoded.records.allSatisfy { $0.problem == nil })
        #expect(decoded.records.map(\.name) == ["text:Smith, John", "text:B;C"])
        #expect(Decoded.everyWay(Array("name,rank\nA,1\n".utf8), .csv, options: options).delimiter == .comma)
    }

    private func check(_ row: Row) {
        let decoded = Decoded.everyWay(Array(row.input.utf8), .csv, options: row.options)
        #expect(decoded.briefs == row.records)
        #expect(Self.texts(decoded.tally) == row.rows)
        #expect(decoded.failureBrief == nil)
    }
}
