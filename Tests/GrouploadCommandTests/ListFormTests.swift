import TestSupport
import Testing

/// What is said of lists whose names, titles or ends aren't as they should be.
@Suite struct ListFormTests {
    private func validate(_ text: String, as name: String) async throws -> Command.Result {
        let scratch = try Scratch()
        _ = try scratch.write(text, as: name)
        return try await scratch.groupload(["validate", name]).run()
    }

    /// Has a list refused as damaged, with a message that contains this.
    private func expectRefusal(_ text: String, as name: String, _ message: String) async throws {
        let result = try await validate(text, as: name)
        #expect(result.status == 65)
        #expect(result.errorText.contains(message), "\(result.errorText)")
    }

    @Test(
        "a name and first bytes that contradict each other end with the flag to give",
        arguments: [
            ("list.csv", "[{\"name\":\"Gold\"}]", "named as CSV, but begins as JSON does; give --format json"),
            ("list.csv", "{\"name\":\"a\"}\n{\"name\":\"b\"}\n", "begins as NDJSON does; give --format ndjson"),
            ("list.csv", "<?xml version='1.0'?><g><x><name>a</name></x></g>", "begins as XML does; give --format xml"),
            ("list.json", "<g><x><name>a</name></x></g>", "named as JSON, but begins as XML does"),
            ("list.xml", "{\"name\":\"a\"}", "named as XML, but begins as JSON does"),
            ("list.json", "name,rank\nGold,1\n", "if the file is CSV, whatever its name says, give --format csv"),
            ("list.xml", "name,rank\nGold,1\n", "if the file is CSV, whatever its name says, give --format csv"),
        ])
    func contradiction(name: String, text: String, message: String) async throws {
        try await expectRefusal(text, as: name, message)
    }

    @Test("in NDJSON, of which each line is a record, it is noted") func lines() async throws {
        let result = try await validate("name\nGold\n", as: "list.ndjson")
        #expect(result.status == 1)
        #expect(result.errorText.contains("list.ndjson: if the file is CSV"), "\(result.errorText)")
    }

    @Test(
        "what may be the name is proposed",
        arguments: [
            ("list.csv", "Group,Rank\nGold,1\n", "\"Group\" looks like the name: give --map name=Group"),
            ("list.csv", "Nr;Titel der Gruppe\n1;Gold\n", "--map name='Titel der Gruppe'"),
            ("list.csv", "Group ID,Group Title\n1,Gold\n", "--map name='Group Title'"),
            ("list.csv", "Label,Title\n1,Gold\n", "give --map name=Label or --map name=Title"),
            ("list.csv", "Owner,Region\nx,y\n", "say which column is the name with --map name=COLUMN"),
            ("list.json", "[{\"groupTitle\":\"Gold\"}]", "--map name=groupTitle"),
            ("list.xml", "<a><b><title>Gold</title></b></a>", "--map name=title"),
        ])
    func likely(name: String, text: String, message: String) async throws {
        try await expectRefusal(text, as: name, message)
    }

    @Test(
        "of a header that isn't split between its titles, what separates these is said, and no --map",
        arguments: [
            ("name^rank\nA^1\n", ": give --delimiter '^'\n"), ("Rank:Group Title\n1:A\n", ": give --delimiter :\n"),
            ("name\u{1F}rank\nA\u{1F}1\n", #": give --delimiter "$(printf '\037')""#),
            ("name~|~rank\nA~|~1\n", #""~|~" seems to separate its fields"#),
            ("name~^~rank\nA~^~1\n", "for example with sed 's/~\\^~/|/g' FILE"),
            ("name  rank\nGold     1\n", "have fixed widths: export the list as CSV"),
            ("NAME                 RANK\n-------------------- ----\nGold                 1\n", "have fixed widths"),
            ("Name Rank\nGold 1\n", "be separated by blanks"),
        ])
    func unsplit(text: String, message: String) async throws {
        try await expectRefusal(text, as: "list.csv", message)
        let result = try await validate(text, as: "list.csv")
        #expect(!result.errorText.contains("--map"), "\(result.errorText)")
    }

    @Test("a wrong --delimiter of a header without quotes has the right one named, which reads it")
    func wrongDelimiter()
        async throws
    {
        let scratch = try Scratch()
        for (text, given, right) in [("name,rank\nA,1\n", ";", "comma"), ("name^rank\nA^1\n", ";", "^")] {
            let path = try scratch.write(text, as: "list.csv")
            let refused = try await scratch.groupload(["validate", path, "--delimiter", given]).run()
            #expect(refused.errorText.contains("give --delimiter "), "\(refused.errorText)")
            #expect(refused.errorText.contains(right), "\(refused.errorText)")
            let read = try await scratch.groupload(["validate", path, "--delimiter", right]).run()
            #expect(read.status == 0 && read.errorText.contains("1 record read"), "\(read.errorText)")
        }
    }

    @Test(
        "what programs wrap a table in is named with what reads it, and no part of it becomes a group",
        arguments: [
            ("l.csv", "\"name,rank\"\r\n\"Gold,1\"\r\n", "remove the quotes around the lines"),
            ("l.csv", "\"name;\"\"rank\"\"\"\n\"Gold;\"\"1\"\"\"\n", "write quotes that are doubled in them once"),
            (
                "l.json",
                #"[{"type":"header","version":"5.2.1","comment":"Export to JSON plugin for PHPMyAdmin"},"#
                    + #"{"type":"database","name":"crm"},{"type":"table","name":"groups","data":[{"name":"Gold"}]}]"#,
                "this is an export of a database"
            ),
            (
                "l.xml",
                #"<pma_xml_export version="1.0"><database name="crm"><table name="groups"/></database>"#
                    + "</pma_xml_export>", "export its table as CSV"
            ),
            (
                "l.xml",
                #"<?xml version="1.0"?><mysqldump><database name="crm"><table_data name="groups"><row/>"#
                    + "</table_data></database></mysqldump>", "export its table as CSV"
            ),
            (
                "l.xml", #"<resultset statement="select"><row><field name="name">Gold</field></row></resultset>"#,
                "export its table as CSV"
            ),
            (
                "l.xml",
                #"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj/></Objs>"#,
                "Export-Csv"
            ),
            ("l.xml", #"<plist version="1.0"><array><dict><key>name</key></dict></array></plist>"#, "property list"),
            (
                "l.xml",
                #"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="group"/></xs:schema>"#,
                "a schema of XML"
            ),
            (
                "l.json", #"{"_embedded":{"groups":[{"name":"Gold"},{"name":"S"}]},"page":{"size":20}}"#,
                "--records-at _embedded.groups"
            ),
            ("l.json", #"{"1":{"name":"Gold"},"3":{"name":"Silver"}}"#, "--key-as id"),
            ("l.json", #"{"columns":["name"],"index":[0],"data":[["Gold"]]}"#, "orient=\"records\""),
            ("l.json", "// groups\n[{\"name\":\"Gold\"}]", "comments, NaN and undefined are not JSON"),
        ])
    func wrapped(name: String, text: String, message: String) async throws {
        try await expectRefusal(text, as: name, message)
    }

    @Test("arrays one behind the other are one list, noted") func arrays() async throws {
        let result = try await validate("[{\"name\":\"Gold\"}][{\"name\":\"Silver\"}]\n", as: "list.jsonl")
        #expect(result.status == 0)
        #expect(result.errorText.contains("list.jsonl: it holds 2 documents, one behind the other"))
        #expect(result.errorText.contains("2 records read"))
    }

    @Test("a .tsv list of one column has a tab") func tabs() async throws {
        let result = try await validate("name\nSmith, John\nDoe, Jane\n", as: "list.tsv")
        #expect(result.status == 0 && result.errorText.contains("2 records read"), "\(result.errorText)")
    }

    @Test("a mark or nothing in place of yes and no is noted") func ticks() async throws {
        let result = try await validate("name,Active\nGold,x\nSilver,\n", as: "list.csv")
        #expect(result.status == 0)
        #expect(
            result.errorText.contains("list.csv: Active is a mark or empty, and empty does not mean no"),
            "\(result.errorText)")
    }

    @Test(
        "empty lines by the million are counted in runs, and take no memory",
        arguments: ["name\n", "", "name,rank\r\nGold,1\r\n"], ["\n", "\r\n", "\n\r"])
    func emptyLines(head: String, end: String) async throws {
        let scratch = try Scratch()
        let make = """
            (printf %s "$1$2"; yes "$3" | head -c "$4") | gzip -1 > "$5"
            """
        // What `yes` repeats ends in a line feed.
        let first = end == "\n\r" ? "\n" : ""
        let word = end == "\n" ? "" : "\r"
        let bytes = String(5_000_000 * end.utf8.count - first.utf8.count)
        let made = try await Command(
            "/bin/bash", ["-c", make, "bash", head, first, word, bytes, scratch.file("list.csv.gz")]
        ).run()
        try #require(made.status == 0, "\(made.errorText)")
        // A row by itself takes a microsecond in a debug build.
        let shell = "ulimit -v 1200000; ulimit -t 3; exec \"$0\" validate \"$1\""
        let result = try await Command(
            "/bin/sh", ["-c", shell, Command.groupload([]).path, scratch.file("list.csv.gz")]
        ).run()
        let lines = end == "\n\r" ? "5,000,001" : "5,000,000"
        #expect(result.status == (head.isEmpty ? 65 : 0), "\(result.errorText)")
        #expect(result.errorText.contains("\(lines) blank rows were passed over"), "\(result.errorText)")
    }
}
