import Foundation
import GroupLoad
import RecordFormats
import TestSupport
import Testing

/// What reading notes of its lists, and what it hands over of one that breaks off.
@Suite struct IngestNoteTests {
    /// Keeps the drafts' names.
    private struct Sink: RecordSink {
        var names: [String] = []

        mutating func accept(_ batch: CheckedBatch) {
            for checked in batch.checked where checked.standing == .draft {
                let name = checked.fields.name
                names.append(String(decoding: batch.batch.arena[name.start..<name.end], as: UTF8.self))
            }
        }
    }

    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Reads lists, given by name and text; the notes have no directory in them.
    private func read(
        _ lists: [(name: String, text: String)], policy: ColumnPolicy = .silent, copies: InputCopies? = nil
    ) async throws -> (notes: [String], result: IngestResult, names: [String]) {
        let paths = try lists.map { try scratch.write($0.text, as: $0.name) }
        return try await read(paths, policy, copies)
    }

    private func read(
        _ paths: [String], _ policy: ColumnPolicy = .silent, _ copies: InputCopies? = nil
    ) async throws -> (notes: [String], result: IngestResult, names: [String]) {
        let notes = Notes()
        var generator = SystemRandomNumberGenerator()
        var ingest = Ingest(
            sources: try InputSource.resolve(paths, format: nil), options: DecodingOptions(mapping: .groups),
            validator: RecordValidator(), nameMatch: .exact, hash: KeyedHash(using: &generator),
            progress: RunProgress(), stop: StopSwitch(), note: { notes.add($0) })
        (ingest.columnPolicy, ingest.copies) = (policy, copies)
        var sink = Sink()
        let result = try await ingest.run(into: &sink)
        return (notes.all.map { $0.replacing(scratch.path + "/", with: "") }, result, sink.names)
    }

    @Test("what is noted of names comes in the order of the records, whatever it is") func order() async throws {
        let (notes, result, _) = try await read([("a.csv", "name\nGold\ngold\n1-Mar\nGOLD\n")])
        #expect(
            notes.map { $0.prefix(15) } == ["a.csv:3: record", "a.csv:4: record", "a.csv:5: record"], "\(notes)")
        #expect(result.nearDuplicates == 2 && result.suspicious == 1)
    }

    @Test("ten suspicious names are noted, and how many more there were", arguments: [10, 11, 12])
    func capped(count: Int) async throws {
        let list = "name\n" + (1...count).map { "\($0)-Mar\n" }.joined()
        let (notes, result, _) = try await read([("a.csv", list)])
        #expect(result.suspicious == count && notes.count == min(count, 11))
        #expect((notes.last == "and \(count - 10) more whose names are suspicious") == (count > 10), "\(notes)")
    }

    @Test(
        "a suspicious name counts once: not as a duplicate, nor as a total besides",
        arguments: [
            (["name\n1-Mar\n1-Mar\n"], 1), (["name\nGold\n'Total'\n"], 1), (["name\nGold\nTotal\n"], 1),
            (["name\nTotal\nGold\n"], 0), (["name\nGold\nTotal\n", "name\nTin\n"], 1),
            (["name\nSum 40\nSum 41\n"], 0), (["name\nSum 41\nGold\n"], 0), (["name\nGold\nCount 3\n"], 1),
            (["name,rank\nGold,1\nSum 41,2\n"], 1), (["name\nCount 1\nCount 2\nTotal\n"], 1),
            (["name\nGold\nTotal\n", "name\nTin\nSumme\n"], 2), (["name\nGold\nGold\nTotal\n", "name\nTotal\n"], 1),
        ])
    func once(lists: [String], count: Int) async throws {
        let (notes, result, _) = try await read(lists.enumerated().map { ("\($0).csv", $1) })
        #expect(result.suspicious == count && notes.count == count, "\(notes)")
    }

    @Test(
        "one page of many is noted, and refused where notes are; all pages of a list are not",
        arguments: [
            (["1"], 1), (["0"], 0), (["1", "0"], 0), (["0", "1"], 0), (["1", "1", "0"], 0), (["1", "1"], 2),
            (["1", "0", "0"], 1),
        ] as [([String], Int64)])
    func pages(next: [String], read: Int64) async throws {
        let lists = next.enumerated().map { place, more in
            ("\(place).json", #"{"items": [{"name": "G\#(place)"}], "hasMore": \#(more == "1")}"#)
        }
        for policy in [ColumnPolicy.silent, .strict] {
            let (notes, result, _) = try await self.read(lists, policy: policy)
            #expect(result.partial.map(\.read) == (read > 0 ? [read] : []), "\(notes)")
            #expect((result.damage?.code == .partialList) == (policy == .strict && read > 0))
            #expect(notes.contains { $0.contains("one page of a longer list") } == (read > 0))
        }
    }

    @Test(
        "messages of the program that wrote the list are noted at its beginning and its end",
        arguments: [
            ("name,rank\nWarning: mysqli_connect(): failed in /var/www/x.php on line 3,\nGold,1\n", 1),
            ("name,rank\nGold,1\nNotice: Undefined index: x in /srv/x.php on line 12\n", 1),
            ("name\nGold\nFatal error: Allowed memory size exhausted\n  thrown in /srv/x.php on line 3\n", 2),
            ("name\nTraceback (most recent call last):\nGold\n", 1),
            ("name,rank\nWarning: explicit lyrics,1\nGold,2\nNotice: of Intent,3\n", 0),
        ])
    func messages(list: String, count: Int) async throws {
        let (notes, result, _) = try await read([("a.csv", list)])
        #expect(
            result.suspicious == count && notes.count { $0.contains("a message of the program") } == count, "\(notes)")
    }

    @Test(
        "names with a backslash that escapes are noted, by what separates the list",
        arguments: [
            ("name,rank\nO\\'Neil,1\n\"Gold\",2\n", 1), ("name\trank\nO\\'Neil\t1\nA\\tB\t2\nC\\\\D\t3\n", 3),
            ("name,rank\nC:\\temp,1\nA\\B,2\nO'Neil,3\n", 0), ("name\trank\nA\\B\t1\n", 0),
        ])
    func escapes(list: String, count: Int) async throws {
        let (notes, result, _) = try await read([("a.csv", list)])
        #expect(
            result.suspicious == count && notes.count { $0.contains("a backslash that seems to") } == count, "\(notes)")
    }

    @Test(
        "XML: elements of other names that have none are noted",
        arguments: [
            (
                "<feed><title>t</title><author><name>Ann</name></author><entry><title>x</title></entry></feed>",
                "but \"title\", \"entry\" have none; say which are meant with --records-at feed/NAME"
            ),
            ("<g><i/><i><name>Gold</name></i><i/></g>", nil),
            (
                "<g><i name='Gold'/><i name='Tin'/><n/><n/></g>",
                "\"n\" have none; say which are meant with --records-at g/NAME"
            ),
        ] as [(String, String?)])
    func kinds(list: String, text: String?) async throws {
        let (notes, _, _) = try await read([("a.xml", list)])
        #expect(notes.contains { $0.hasPrefix("a.xml: all elements of") } == (text != nil), "\(notes)")
        if let text { #expect(notes.contains { $0.hasSuffix(text) }, "\(notes)") }
    }

    @Test(
        "titles between rows that have ranks are noted",
        arguments: [
            (
                "name,rank\nEU groups,\nGold,1\nSilver,2\n\nUS groups,\nname,rank\nBronze,3\n",
                ["EU groups", "US groups"]
            ),
            ("name,rank\nGold,1\nSilver,2\n\nOlder ones:,\nTin,3\n", ["Older ones:"]),
            ("name,rank,note\nEU,,\nGold,1,x\nUS,,\nTin,2,\n", ["EU", "US"]),
            // No rank among many is usual, and so are lists in which few have one.
            ("name,rank\nBasic,\nGold,1\nSilver,2\n", []), ("name,rank\nGold,1\nBasic,\nSilver,2\n", []),
            ("name,rank\nA,1\n\nB,\nC,\nD,\n\nE,\nF,2\n", []), ("name,rank,note\nGold,1,\nTin,,x\nSilver,2,\n", []),
            ("name,rank,note\nGold,,\nTin,2,\nIron,,\n", []), ("name\nGold\n\nTin\n", []),
            ("name,rank,note\nGold,1,x\nBasic,,\nSilver,2,y\n", []),
        ])
    func titles(list: String, names: [String]) async throws {
        let (notes, result, _) = try await read([("a.csv", list)])
        let found = result.notedNames.suspicious.filter { $0.remark.contains("may be a title") }
        #expect(found.map(\.name) == names, "\(notes)")
    }

    @Test("the total that pages give is that of all of them", arguments: [2, 3, 4]) func pagesTotal(total: Int)
        async throws
    {
        let lists = (0..<3).map {
            ("\($0).json", #"{"items": [{"name": "G\#($0)"}], "page": \#($0), "total": \#(total)}"#)
        }
        let (notes, result, _) = try await read(lists)
        #expect(result.partial.isEmpty == (total <= 3), "\(notes)")
    }

    @Test("what was left out at the ends of names is noted by list, in their order") func trimmed() async throws {
        let lists = (1...6).map { ("\($0).csv", "name\nG\($0)\n\u{200B}H\($0)\n") }
        let (notes, _, names) = try await read(lists)
        #expect(notes.map { $0.prefix(13) } == (1...6).map { "\($0).csv: 1 name" }, "\(notes)")
        #expect(names.count == 12 && names[1] == "H1")
    }

    @Test("a near name is noted with the name of the record before, also of the last of another list")
    func nearOfOtherList() async throws {
        let (notes, _, _) = try await read([("a.csv", "name\nTin\nGold\n"), ("b.csv", "name\ngold\n")])
        #expect(notes == [#"b.csv:2: record 3 "gold" is nearly record 2 "Gold""#])
    }

    @Test("of a list that breaks off what came before counts, and no list behind it is read") func breaksOff()
        async throws
    {
        let lists = [("a.csv", "name\nGold\nTin\n\"open"), ("b.csv", "name\nLead\n")]
        let (notes, result, names) = try await read(lists)
        #expect(result.damage?.code == .damagedInput && result.damage?.place?.line == 4)
        #expect(names == ["Gold", "Tin"] && result.read == 2 && result.sources.count == 1 && notes.isEmpty)
        // Where nothing came before, nobody knows that there are no records.
        #expect(try await read([("c.csv", "name\n\"open")]).notes.isEmpty)
    }

    @Test("what was decoded of compressed data that is cut short counts, though its delimiter wasn't decided")
    func cutShort() async throws {
        let path = scratch.file("a.csv.gz")
        let file = try AtomicFile(path)
        try file.append { $0.bytes.append(contentsOf: Array("name,rank\nGold,1\nTin,2\nLead,3\n".utf8)) }
        _ = try file.finish()
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.dropLast(4).write(to: URL(fileURLWithPath: path))
        let (_, result, names) = try await read([path])
        #expect(result.damage?.code == .damagedInput && names.starts(with: ["Gold", "Tin"]))
    }

    @Test("a copy is kept of a list that was read to its end, and of no other", arguments: [true, false])
    func copies(isWhole: Bool) async throws {
        // The header is decided upon by the first 64 KiB.
        let list = (isWhole ? "name\n" : "x,y\n") + String(repeating: "Gold,1\n", count: 20_000)
        let directory = scratch.file("run")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let copies = InputCopies(directory: directory)
        let (_, result, _) = try await read(
            [("a.csv", isWhole ? list.replacing(",1", with: "") : list)], copies: copies)
        #expect((result.damage == nil) == isWhole)
        #expect(copies.place() == [isWhole ? KeptInput(file: "input-1.zst") : KeptInput()])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty == !isWhole)
    }

    @Test(
        "a failure at the beginning of a list that looks otherwise than it is named says the flag",
        arguments: [
            ("a.json", "name,rank\nGold,1\n", "; if the file is CSV, whatever its name says, give --format csv"),
            ("a.json", "<groups><g name='Gold'/></groups>", "give --format xml, or name it .xml"),
            ("a.json", "\n", "export it again"),
            ("a.ndjson", "name,rank\n{\"name\":\"Gold\"}\n{\"name\":\n[1,\n2,\n", "fetch or export the file again"),
        ])
    func hints(name: String, text: String, end: String) async throws {
        let message = try await read([(name, text)]).result.damage?.message ?? ""
        #expect(message.hasSuffix(end), "\(message)")
        #expect(message.hasPrefix("the file is named") == end.contains(".xml"), "\(message)")
        #expect(message.contains("--format") == end.contains("--format"), "\(message)")
    }

    @Test("the columns of lists of one form are noted once", arguments: [ColumnPolicy.noted, .silent])
    func columns(policy: ColumnPolicy) async throws {
        let lists = [("a.csv", "name,Owner\nGold,x\n"), ("b.csv", "name,Owner\nTin,y\n"), ("c.csv", "name\nLead\n")]
        let (notes, result, _) = try await read(lists, policy: policy)
        #expect(notes.count { $0.contains("name ← name") } == (policy == .noted ? 1 : 0), "\(notes)")
        #expect(result.columns.count == (policy == .noted ? 3 : 0))
    }

    @Test(
        "a last line is open where no line end closes it; DOS's mark behind one doesn't count",
        arguments: [
            ("name\nGold", true), ("name\nGold\n", false), ("name\nGold\r", false), ("name\nGold\n\u{1A}", false),
            ("name\nGold\u{1A}", true),
        ])
    func lastLine(text: String, isOpen: Bool) async throws {
        for padding in [0, 65_536 - text.utf8.count, 65_537 - text.utf8.count] {
            // The last chunk may hold one byte alone.
            let list = text.replacing("Gold", with: "Gold" + String(repeating: "\nG", count: padding / 2))
            let result = try await read([("a.csv", list)]).result
            #expect(result.sources.first?.endsInLine == isOpen, "\(padding)")
        }
    }

    @Test(
        "three invalid records of a kind are noted, of twelve kinds at most, and how many more",
        arguments: [(4, 0), (3, 0), (1, 12), (1, 13), (1, 14)])
    func invalid(ofFirst: Int, kinds: Int) async throws {
        let names = ["", "a\u{1}b", String(repeating: "n", count: 256), "Gold"]
        var rows = names.flatMap { name in ["x", "99999999999", ""].map { (name, $0) } }
            .flatMap { row in ["maybe", ""].map { "\(row.0),\(row.1),\($0)" } }
        // The last of them is sound, and one is blank.
        rows.removeLast()
        rows.removeAll { $0 == ",," }
        if kinds > 0 { rows = Array(rows.prefix(kinds)) } else { rows = Array(repeating: rows[0], count: ofFirst) }
        let world = try RunWorld()
        _ = try world.scratch.write("name,rank,active\n" + rows.joined(separator: "\n") + "\n", as: "list.csv")
        let summary = try await world.load(try world.configuration(of: ["list.csv"]))
        #expect(summary.outcomes["invalid"] == rows.count)
        let notes = world.notes.all.filter { $0.contains(": record ") }
        #expect(notes.count == (kinds > 0 ? min(kinds, 12) : 3), "\(notes)")
        let rest = world.notes.all.filter { $0.hasPrefix("and ") }
        #expect(rest.count == (kinds > 12 || ofFirst > 3 ? 1 : 0), "\(rest)")
        if kinds > 12 { #expect(rest == ["and \(kinds - 12) more of other kinds (failed.csv lists them all)"]) }
        if ofFirst > 3 { #expect(rest.first?.hasPrefix("and 1 more: ") == true, "\(rest)") }
    }
}
