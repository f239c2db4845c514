import GroupLoad
import RecordFormats
import Testing

/// What is said of the columns of a list, and of the members of its records.
@Suite struct ColumnUseTests {
    /// What the first records of a list show.
    private func use(
        _ text: String, _ format: RecordFormat = .csv, name: String? = nil, rank: String? = nil, active: String? = nil
    ) throws -> ColumnUse {
        let options = DecodingOptions(mapping: .groups(name: name, rank: rank, active: active))
        let stream = try RecordStream(format: format, options: options)
        var batch = RecordBatch()
        try stream.push(Array(text.utf8), into: &batch)
        try stream.finish(into: &batch)
        return ColumnUse(stream.members(of: batch), options.mapping)
    }

    /// Lists of which nothing need be said, for all is as everybody expects.
    private static let obvious: [(String, RecordFormat)] = [
        ("name\nA\n", .csv), ("name,rank\nA,1\n", .csv), ("Rank;Group Name\n1;A\n", .csv),
        ("name,rank,isActive\nA,1,true\n", .csv), ("_record,_outcome,name,rank\n1,failed,A,1\n", .csv),
        ("id,orgId,name,rank,isActive,createdOn\n1,2,A,1,true,3\n", .csv), ("name,rank,,,\nA,1,,,\n", .csv),
        (#"[{"name":"A","rank":1}]"#, .json), (#"{"name":"A","isActive":true}"#, .ndjson),
        ("<groups><group><name>A</name><rank>1</rank></group></groups>", .xml),
        (#"<groups><group name="A" rank="1"/></groups>"#, .xml),
    ]

    @Test("nothing is said of what is obvious", arguments: obvious) func silent(text: String, format: RecordFormat)
        throws
    {
        let use = try use(text, format)
        #expect(use.text == nil && use.remark(given: [nil, nil, nil]) == nil)
    }

    /// Lists, what is said of them, and what is said of what isn't used.
    private static let told: [(String, RecordFormat, String, String?)] = [
        (
            "Group name,Priority,Owner,Active?\nA,1,x,Y\nB,2,y,N\n", .csv,
            "name ← Group name, rank ← none; not used: Priority, Owner, Active?",
            "Priority looks like a rank, Active? looks like an activity: --map rank=Priority,active='Active?'"
        ),
        ("name,Owner\nA,x\n", .csv, "name ← name, rank ← none; not used: Owner", nil),
        // Titles of other languages; a rank that is used needs no other.
        (
            "name;Reihenfolge\nA;1\n", .csv, "name ← name, rank ← none; not used: Reihenfolge",
            "Reihenfolge looks like a rank: --map rank=Reihenfolge"
        ),
        ("name;rank;Ordre\nA;1;7\n", .csv, "name ← name, rank ← rank; not used: Ordre", nil),
        // Not integers; a title that is no rank's; a key.
        ("name,Priority\nA,high\nB,low\n", .csv, "name ← name, rank ← none; not used: Priority", nil),
        ("name,Status\nA,gold\nB,silver\n", .csv, "name ← name, rank ← none; not used: Status", nil),
        ("name,Customer ID\nA,1\nB,2\nC,3\n", .csv, "name ← name, rank ← none; not used: Customer ID", nil),
        // The only column of integers.
        (
            "name,Owner,Strength\nA,x,1\nB,y,2.0\nC,z,\nD,z,4\n", .csv,
            "name ← name, rank ← none; not used: Owner, Strength",
            "Strength looks like a rank: --map rank=Strength"
        ),
        (
            "name,Prio,Sort order\nA,1,2\n", .csv, "name ← name, rank ← none; not used: Prio, Sort order",
            "Prio, Sort order look like a rank; choose: --map rank=Prio"
        ),
        (
            "name,\"It's \n rank\"\nA,1\n", .csv, "name ← name, rank ← none; not used: It's rank",
            #"It's rank looks like a rank: --map rank='It'\''s rank'"#
        ),
        (
            #"[{"name":"A","priority":"3","tags":[1],"enabled":false},{"name":"B","owner":{"id":1}}]"#, .json,
            "name ← name, rank ← none; not used: priority, tags, enabled, owner",
            "priority looks like a rank, enabled looks like an activity: --map rank=priority,active=enabled"
        ),
        (
            #"{"Group name":"A","sort_order":1}"# + "\n" + #"{"Group name":"B","sort_order":2}"#, .ndjson,
            "name ← Group name, rank ← none; not used: sort_order",
            "sort_order looks like a rank: --map rank=sort_order"
        ),
        (
            #"<g><x level="1"><name>A</name><Etat>actif</Etat><more><y/></more></x></g>"#, .xml,
            "name ← name, rank ← none; not used: level, Etat, more",
            "level looks like a rank, Etat looks like an activity: --map rank=level,active=Etat"
        ),
        // Columns without titles: what is empty is no column, and none is proposed.
        ("name,Owner,,\nA,x,,\n", .csv, "name ← name, rank ← none; not used: Owner", nil),
        (
            "name,,\u{A0}\nA,1,\nB,2, \nC,3,z\n", .csv, "name ← name, rank ← none; not used: column 2, column 3", nil
        ),
        (
            "name,a,b,c,d,e,f,g,h,i,j\nA,,,,,,,,,,\n", .csv,
            "name ← name, rank ← none; not used: a, b, c, d, e, f, g, h and 2 more", nil
        ),
    ]

    @Test("what is used, what isn't, and what looks as if it should be", arguments: told)
    func tells(text: String, format: RecordFormat, line: String, remark: String?) throws {
        let use = try use(text, format)
        #expect(use.text == line)
        #expect(use.remark(given: [nil, nil, nil]) == remark)
    }

    @Test("what --map says already stays in the option that is proposed") func mapped() throws {
        let use = try use("Team,Prio,Live\nA,1,yes\n", name: "Team", active: "Live")
        #expect(use.text == "name ← Team, rank ← none, isActive ← Live; not used: Prio")
        #expect(
            use.remark(given: ["Team", nil, "Live"]) == "Prio looks like a rank: --map name=Team,rank=Prio,active=Live")
        let all = try self.use("Team,Prio\nA,1\n", name: "Team", rank: "Prio")
        #expect(all.text == "name ← Team, rank ← Prio" && !all.hasCandidates)
    }

    @Test(
        "an activity of nothing but marks and nothing is noted",
        arguments: [
            ("name,Active\nA,x\nB,\n", true), ("name;isActive\nA;✓\nB;  \nC;X\n", true),
            ("name,Active\nA,x\nB,x\n", false), ("name,Active\nA,x\nB,no\nC,\n", false),
            ("name,Active\nA,yes\nB,\n", false), ("name,Active\nA,\nB,\n", false), ("name,Live\nA,x\nB,\n", false),
        ])
    func ticks(text: String, isTold: Bool) throws {
        let use = try use(text)
        #expect(use.hasOnlyTicks == isTold)
        #expect(
            use.tickRemark.map { $0.hasPrefix("\(use.isActive ?? "") is a mark or empty, and ") }
                == (isTold ? true : nil))
    }

    @Test(
        "a shell reads a quoted word as what it was",
        arguments: [
            ("a", "a"), ("", "''"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("$(x)", "'$(x)'"), ("Größe", "Größe"),
            ("Active?", "'Active?'"), ("-", "-"),
        ])
    func quotes(text: String, word: String) { #expect(ShellWord.quoted(text) == word) }
}
