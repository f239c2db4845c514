import RecordFormats
import Testing

/// The fields of a record by role, for callers that want other fields than groups have.
@Suite struct RoleTests {
    static let id = FieldRole(name: "id", content: .text, standardNames: ["id", "identifier"])
    static let size = FieldRole(name: "size", content: .integer, standardNames: ["size"])
    static let open = FieldRole(
        name: "isOpen", title: "openness", option: "open", content: .flag, standardNames: ["open", "isopen"])

    private static func mapping(
        roles: [FieldRole] = [id, size, open], givenNames: [String?] = []
    ) -> MemberMapping {
        MemberMapping(title: RecordTitle(singular: "box", plural: "boxes"), roles: roles, givenNames: givenNames)
    }

    /// The three fields of each record, as `kind:text`.
    private func fields(
        _ source: String, _ format: RecordFormat, _ mapping: MemberMapping
    ) throws(DecodingFailure) -> [[String]] {
        var batch = RecordBatch()
        let stream = try RecordStream(format: format, options: DecodingOptions(mapping: mapping))
        try stream.push(Array(source.utf8), into: &batch)
        try stream.finish(into: &batch)
        return batch.records.map { record in
            (0..<3).map { "\(record.fields[$0].kind):\(batch.string(record.fields[$0].slice) ?? "?")" }
        }
    }

    @Test(
        "every format finds the fields of any roles",
        arguments: [
            (RecordFormat.csv, "IsOpen,I-D,name,size\ntrue,a,x,7\n", ["text:a", "text:7", "text:true"]),
            (
                .json, #"[{"name":"x","open":true,"size":7,"identi_fier":"a"}]"#,
                ["text:a", "number:7", "wrongType:true"]
            ),
            (.ndjson, #"{"Size":7,"id":"a","isOpen":null}"#, ["text:a", "number:7", "null:"]),
            (.xml, "<a><b id='a' name='x'><open>no</open><size>7</size></b></a>", ["text:a", "text:7", "text:no"]),
        ])
    func threeRoles(_ format: RecordFormat, _ source: String, _ expected: [String]) throws {
        #expect(try fields(source, format, Self.mapping()) == [expected])
    }

    @Test("a mapping of one role leaves the others' fields absent")
    func oneRole() throws {
        let mapping = Self.mapping(roles: [Self.id])
        #expect(try fields("size,id\n7,a\n", .csv, mapping) == [["text:a", "absent:", "absent:"]])
        #expect(
            try fields(#"{"id":"a","size":7,"id":"b"}"#, .ndjson, mapping) == [["duplicate:a", "absent:", "absent:"]])
    }

    @Test(
        "a given name that no column or record has is refused by the option that gives it",
        arguments: [(RecordFormat.csv, "id\na\n"), (.ndjson, #"{"id":"a"}"#), (.xml, "<a><b id='a'/></a>")])
    func givenNames(_ format: RecordFormat, _ source: String) {
        let mapping = Self.mapping(givenNames: [nil, nil, "In use"])
        let failure = #expect(throws: DecodingFailure.self) { _ = try fields(source, format, mapping) }
        #expect(failure?.code == .missingColumn)
        #expect(failure?.line == 1)
    }

    @Test(
        "names are matched without case, blanks, quotes, _ and -",
        arguments: [
            ("identifier", RecordMember.first), ("\"Identi-FIER\" ", .first), ("SIZE", .second), ("is_open", .third),
            ("_id", .ignored), ("-_id", .ignored), ("siz", .other), ("sizes", .other), ("size\0", .other), ("", .other),
            ("sizé", .other), ("identifieridentifier", .other),
        ])
    func members(_ text: String, _ member: RecordMember) {
        #expect(Self.mapping().member(header: text) == member)
    }

    @Test("columns under given names get the roles' names, and others that look like them don't")
    func standardColumns() {
        let mapping = Self.mapping(givenNames: ["key", nil, "in use"])
        #expect(
            mapping.standardColumns(["Key", "id", "size", "In_Use", "open", "_x", "y"])
                == ["id", "original id", "size", "isOpen", "original open", "_x", "y"])
    }
}
