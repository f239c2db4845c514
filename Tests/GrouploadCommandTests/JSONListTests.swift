import Foundation
import TestSupport
import Testing

/// JSON as programs write it: where its records are, and what is said of it.
@Suite struct JSONListTests {
    private func validate(_ text: String, _ name: String, _ flags: [String] = []) async throws -> Command.Result {
        let scratch = try Scratch()
        try Data(text.utf8).write(to: scratch.url(name))
        return try await Command.groupload(
            ["validate", scratch.file(name), "--results", scratch.file("results.csv")] + flags
        ).run()
    }

    @Test(
        "records are found, and what isn't plain is noted",
        arguments: [
            ("a.json", #"{"name":"Gold","rank":1,"members":[{"name":"Ann"}]}"#, 1, "--records-at members reads them"),
            ("a.json", "{\"name\":\"Gold\"}\n", 1, "1 record"),
            ("a.json", "{\n\"name\":\"Gold\"\n}\n{\n\"name\":\"Silver\"\n}\n", 2, "2 records"),
            ("a.ndjson", "{\n\"name\":\"Gold\"\n}\n{\"name\":\"Silver\"}\n", 2, "2 records"),
            ("a.json", #"{"data":[{"name":"Gold"}],"n":1}"#, 1, "its records are taken from \"data\""),
            (
                "a.json", #"[{"name":"Gold","subGroups":[{"name":"Plus"}]}]"#, 1,
                "record 1 holds more objects with names at subGroups, which are not read"
            ),
        ])
    func isRead(_ name: String, _ text: String, _ drafts: Int, _ told: String) async throws {
        let result = try await validate(text, name, ["--json"])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains(told), "\(result.errorText)")
        let summary = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        #expect((summary?["outcomes"] as? [String: Int])?["draft"] == drafts)
    }

    @Test(
        "a list without names says where they are, and the flag that it names reads them",
        arguments: [
            ("a.json", #"{"Gold":{"rank":1},"Silver":{"rank":2}}"#, ["--key-as", "name"]),
            (
                "a.json", #"{"groups":{"Gold":{"rank":1},"Silver":{"rank":2}}}"#,
                ["--records-at", "groups", "--key-as", "name"]
            ),
            ("a.json", #"[{"fields":{"name":"Gold"}},{"fields":{"name":"Silver"}}]"#, ["--records-at", "fields"]),
            ("a.json", #"{"data":{"groups":[{"name":"Gold"},{"name":"Silver"}]}}"#, ["--records-at", "data.groups"]),
            (
                "a.jsonl", "{\"l\":[{\"name\":\"Gold\"}]}\n{\"l\":[{\"name\":\"Silver\"}]}\n",
                ["--format", "json", "--records-at", "l"]
            ),
            (
                "a.xml", "<e><m><d>1</d></m><gs><g><name>Gold</name></g><g name='Silver'/></gs></e>",
                ["--records-at", "e/gs/g"]
            ),
        ])
    func isRefused(_ name: String, _ text: String, _ flags: [String]) async throws {
        let refused = try await validate(text, name)
        #expect(
            refused.status == 65 && refused.errorText.contains(flags.joined(separator: " ")), "\(refused.errorText)")
        #expect(refused.errorText.contains("0 records read") && !refused.errorText.contains("invalid"))
        let read = try await validate(text, name, flags + ["--json"])
        #expect(read.status == 0, "\(read.errorText)")
        let summary = try JSONSerialization.jsonObject(with: read.output) as? [String: Any]
        #expect((summary?["outcomes"] as? [String: Int])?["draft"] == 2)
    }

    @Test(
        "a table whose columns stand apart from its rows is refused, with a program of jq that makes records of it",
        arguments: [
            // ClickHouse, Trino, Elasticsearch.
            (
                #"{"meta":[{"name":"name","type":"String"},{"name":"rank"}],"data":[["Gold",1]],"rows":1}"#,
                "meta", "data"
            ),
            (#"{"meta":[{"name":"Title"}],"data":[],"rows":0}"#, "meta", nil),
            (
                #"{"id":"x","columns":[{"name":"group","type":"varchar"},{"name":"nr"}],"data":[["Gold",1]]}"#,
                "columns", "data"
            ),
            (#"{"columns":[{"name":"name","type":"text"}],"rows":[["Gold"],["Silver"]]}"#, "columns", "rows"),
            (#"{"data":[["Gold",1]],"metadata":[{"name":"group"},{"name":"nr"}]}"#, "metadata", "data"),
            // Named by nothing but the number of the columns.
            (#"{"descr":[{"name":"group"},{"name":"nr"}],"values":[["Gold",1]]}"#, "descr", "values"),
            // BigQuery, Snowflake, Databricks, Socrata.
            (
                #"{"schema":{"fields":[{"name":"name","type":"STRING"}]},"rows":[{"f":[{"v":"Gold"}]}]}"#,
                "schema.fields", nil
            ),
            (
                #"{"resultSetMetaData":{"rowType":[{"name":"NAME"},{"name":"RANK"}]},"data":[["Gold","1"]]}"#,
                "resultSetMetaData.rowType", "data"
            ),
            (
                #"{"manifest":{"schema":{"columns":[{"name":"name"}]}},"result":{"data_array":[["Gold","1"]]}}"#,
                "manifest.schema.columns", "result.data_array"
            ),
            (
                #"{"meta":{"view":{"id":"x","columns":[{"name":"sid"},{"name":"name"}]}},"data":[["r","Gold"]]}"#,
                "meta.view.columns", "data"
            ),
        ])
    func table(_ text: String, _ columns: String, _ rows: String?) async throws {
        let refused = try await validate(text, "a.json")
        let told =
            "the columns of a table stand at \(columns), apart from its rows" + (rows.map { " at \($0);" } ?? ";")
        #expect(refused.status == 65 && refused.errorText.contains(told), "\(refused.errorText)")
        #expect(refused.errorText.contains("0 records read") && !refused.errorText.contains("--records-at"))
        #expect(refused.errorText.contains("jq -c '[") == (rows != nil), "\(refused.errorText)")
    }

    @Test(
        "records beside a table's columns are where the names are said to stand",
        arguments: [
            (
                #"{"results":[{"columns":[{"name":"NAME"},{"name":"RANK"}],"items":[{"name":"Gold","rank":1}]}]}"#,
                "names stand at results.items"
            ),
            (
                #"{"meta":[{"name":"name"},{"name":"rank"}],"data":[{"name":"Gold","rank":1}]}"#,
                "with --records-at data\n"
            ),
        ])
    func besideColumns(_ text: String, _ told: String) async throws {
        let refused = try await validate(text, "a.json")
        #expect(refused.status == 65 && refused.errorText.contains(told), "\(refused.errorText)")
        #expect(refused.errorText.contains("0 records read") && !refused.errorText.contains("--records-at meta"))
    }

    @Test(
        "records that are called as fields are refused in every format, wherever they are read",
        arguments: [
            ("a.json", #"[{"name":"name","value":"Gold"},{"name":"rank","value":1}]"#, []),
            ("a.json", #"{"s":{"fields":[{"name":"Name"},{"name":"Priority"}]}}"#, ["--records-at", "s.fields"]),
            ("a.ndjson", "{\"name\":\"id\"}\n{\"name\":\"group_name\"}\n{\"name\":\"rank\"}\n", []),
            (
                "a.xml",
                "<R><ROW><COLUMN NAME='NAME'>Gold</COLUMN><COLUMN NAME='RANK'>1</COLUMN></ROW></R>",
                ["--records-at", "R/ROW/COLUMN"]
            ),
        ])
    func fields(_ name: String, _ text: String, _ flags: [String]) async throws {
        let refused = try await validate(text, name, flags)
        #expect(refused.status == 65, "\(refused.errorText)")
        #expect(refused.errorText.contains("as fields of a group are"), "\(refused.errorText)")
        #expect(refused.errorText.contains("0 records read"), "\(refused.errorText)")
    }

    @Test(
        "fields of XML that are named by an attribute are refused with what to do, and not read as groups",
        arguments: [
            "<R><ROW><COLUMN NAME='NAME'><![CDATA[Gold]]></COLUMN><COLUMN NAME='RANK'>1</COLUMN></ROW></R>",
            "<resultset><row><field name='name'>Gold</field><field name='rank'>1</field></row></resultset>",
            "<rows><row><property name='title'>Gold</property></row></rows>",
        ])
    func namedFields(text: String) async throws {
        let refused = try await validate(text, "a.xml")
        #expect(refused.status == 65 && !refused.errorText.contains("--records-at"), "\(refused.errorText)")
        #expect(refused.errorText.contains("are those of fields"), "\(refused.errorText)")
        #expect(refused.errorText.contains("export its table as CSV"), "\(refused.errorText)")
    }

    @Test("lists that hold columns, arrays of arrays or a group called as a field are read") func looksLikeTable()
        async throws
    {
        for text in [
            #"{"groups":[{"name":"Gold"},{"name":"Silver"}],"bounds":[[0,1],[2,3]]}"#, #"[{"name":"Name"}]"#,
            #"[{"name":"Rank"},{"name":"Gold"}]"#, #"{"columns":[{"name":"Gold"}],"n":1}"#,
        ] {
            let result = try await validate(text, "a.json")
            #expect(result.status == 0, "\(result.errorText)")
        }
    }

    @Test("of two arrays of objects, neither is taken before it is said which") func twoArrays() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let list = try scratch.write(
            "{\"links\":[{\"name\":\"x\"}],\"owners\":[{\"name\":\"Ann\"}],\n\"g\":[\n{\"name\":\"Gold\"}]}",
            as: "a.json")
        let result = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "run"]).run()
        #expect(result.status == 65, "\(result.errorText)")
        #expect(result.errorText.contains(":3: both \"owners\" and \"g\" are arrays of objects"), "\(result.errorText)")
        #expect(try await sandbox.stored().isEmpty)
    }

    @Test("an import keeps --key-as, and its verification reads the same") func keyed() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        try Data(#"{"Gold":{"rank":1},"Silver":{"rank":2},"Tin":3}"#.utf8).write(to: scratch.url("a.json"))
        let result = try await Command.groupload(
            [
                "import", scratch.file("a.json"), "--target", sandbox.url, "--run-dir", scratch.file("run"), "--key-as",
                "name",
            ]
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try await Set(sandbox.stored().compactMap { $0["rank"] as? Int }) == [1, 2, 3])
        let verified = try await Command.groupload(["verify", scratch.file("run")]).run()
        #expect(verified.status == 0, "\(verified.errorText)")
        let other = try await Command.groupload(
            [
                "import", scratch.file("a.json"), "--target", sandbox.url, "--run-dir", scratch.file("run"), "--key-as",
                "id",
            ]
        ).run()
        #expect(other.status == 73 && other.errorText.contains("--key-as"), "\(other.errorText)")
    }
}
