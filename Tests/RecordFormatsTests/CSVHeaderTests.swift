import RecordFormats
import Testing

/// Headers as spreadsheets and exports write them.
@Suite struct CSVHeaderTests {
    @Test(
        "line breaks, other white space and invisible characters don't count",
        arguments: [
            " Group  Name ;RANK", "\"Group\nName\";Rank", "Group\u{A0}Name;\u{200B}rank\u{FEFF}",
            "Gr\u{AD}oup\u{2060}Name;rank\t",
            "\u{FEFF}\u{FEFF}name;\"ra\r\nnk\"", "\u{200E}name;rank\u{3000}",
        ])
    func folds(_ header: String) {
        let decoded = Decoded.everyWay(Array("\(header)\nGold;1\n".utf8), .csv)
        #expect(decoded.records.map(\.name) == ["text:Gold"] && decoded.records.map(\.rank) == ["text:1"])
    }

    @Test(
        "a line below that looks like the header is named, with the flag",
        arguments: [
            ("Report\nExported 2026-11-25\n\nname,rank\nGold,1\n", 4 as Int?, "missingColumn @ 1"),
            ("\"Report\nof groups\";\n;\nName;Rank\nGold;1\n", 4, "missingColumn @ 1"),
            ("Report,,\n,,\n25.11.2026,,\nrank,Group Name,x\n", 4, "missingColumn @ 1"),
            ("Report\r\r\rname\rGold\r", 4, "missingColumn @ 1"),
            ("\nReport \"Q3\nname\tx\n", 3, "missingColumn @ 2"),
            ("sep=;\nReport\nname;rank\n", 3, "missingColumn @ 2"),
            ("id,title\n1,Gold\n", nil, "missingColumn @ 1"), ("Gold,1\nSilver,2", nil, "missingColumn @ 1"),
        ])
    func titles(_ input: String, _ line: Int?, _ failure: String) {
        let decoded = Decoded.everyWay(Array(input.utf8), .csv)
        #expect(decoded.failureBrief == failure)
        let message = decoded.failure?.message ?? ""
        if let line {
            #expect(message.contains("line \(line) looks like the header: "))
            #expect(message.hasSuffix("with --skip-lines \(line - 1)"))
            let whole = Decoded.everyWay(Array(input.utf8), .csv, options: .with(skipLines: line - 1))
            #expect(whole.failure == nil && whole.tally.skipped.count(.aboveHeader) == line - 1)
        } else {
            #expect(message.contains("--map name=COLUMN"))
        }
    }

    @Test("a header is looked for in the first hundred lines", arguments: [(100, true), (101, false)])
    func farBelow(line: Int, isFound: Bool) {
        let lines = (1..<line).map { "Report, page \($0)\n" }.joined() + "name,rank\nGold,1\n"
        let message = Decoded.everyWay(Array(lines.utf8), .csv).failure?.message ?? ""
        #expect(message.contains("line \(line) looks like the header: ") == isFound, "\(message)")
    }

    @Test("a line that is a header by several delimiters is shown by the first of them") func severalDelimiters() {
        let message = Decoded.everyWay(Array("Report\nname,x;name\n".utf8), .csv).failure?.message ?? ""
        #expect(message.contains(#"looks like the header: "name", "x;name""#), "\(message)")
    }

    @Test("a message shows the cells of a header on one line") func oneLine() {
        let message = Decoded.everyWay(Array("\"Ti\ntle\",a\u{A0}b\u{200B},\u{1B}[2J\n".utf8), .csv).failure?.message
        #expect(message?.contains(#"only "Ti\u{A}tle", "a\u{A0}b\u{200B}", "\u{1B}[2J";"#) == true)
    }

    @Test("lines that leave nothing are an error") func nothingLeft() {
        let decoded = Decoded.everyWay(Array("name\nGold\n".utf8), .csv, options: .with(skipLines: 5))
        #expect(decoded.failureBrief == "missingColumn @ 3")
        #expect(decoded.failure?.message.contains("--skip-lines") == true)
    }
}
