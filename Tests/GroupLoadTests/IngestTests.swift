import Foundation
import GroupLoad
import RecordFormats
import TestSupport
import Testing

@Suite struct IngestTests {
    /// Keeps what it is given; fails at the batch that brings the records to `failsAt`, or more.
    private struct Sink: RecordSink {
        struct Full: Error {}

        var failsAt = Int.max
        /// Writes a line to a file once so many records have come.
        var saysAt: (Int, String)?
        var standings: [CheckedRecord.Standing] = []

        mutating func accept(_ batch: CheckedBatch) async throws {
            // Lets the reader run ahead.
            for _ in 0..<20 { await Task.yield() }
            standings += batch.checked.map(\.standing)
            if let (count, path) = saysAt, standings.count == count {
                try await blocking {
                    try FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: Data("go\n".utf8))
                }
            }
            if standings.count >= failsAt { throw Full() }
        }
    }

    private func ingest(_ paths: [String], _ nameMatch: NameMatch = .exact) throws -> Ingest {
        var generator = SystemRandomNumberGenerator()
        return Ingest(
            sources: try InputSource.resolve(paths, format: nil), options: DecodingOptions(mapping: .groups),
            validator: RecordValidator(),
            nameMatch: nameMatch, hash: KeyedHash(using: &generator), progress: RunProgress(), stop: StopSwitch(),
            note: { _ in })
    }

    @Test(
        """
        names of every length, with and without capitals, blanks around them and other characters, are \
        distinguished as by a dictionary
        """,
        arguments: [NameMatch.exact, .folded])
    func findsRepeats(nameMatch: NameMatch) async throws {
        let seed = SeededGenerator.seed()
        var random = SeededGenerator(state: seed)
        let pieces = ["a", "b", "A", "B", "Z", "[", "@", "`", "{", "z", " ", "é", "É", "ß", "SS", "\u{a0}", "~", "0"]
        // Of these, some fold to as many bytes, some to fewer or more, some with their neighbour, and one to a blank.
        let scripts = [
            ["Г", "г", "Ё", "ё", "П", " ", "A", "a"], ["か", "が", "ガ", "カ", "\u{3099}", "ー", "Ａ", "ａ", "\u{3000}"],
            ["ﬁ", "fi", "\u{2126}", "ω", "Ω", "ı", "İ", "\u{2017}", " ", "Ÿ", "ÿ", "ς", "Σ"],
            ["ก", "ข", "가", "\u{1100}", "\u{1161}", "\u{11a8}", "😀", "𝐀", "é", "e\u{301}"],
        ]
        var text = "name\trank\n"
        var expected: [CheckedRecord.Standing] = []
        var first: [String: (Int64, Int32)] = [:]
        var known: Set<String> = []
        var nearDuplicates = 0
        var names: [String] = []
        for recordNumber in Int64(1)...8_000 {
            var name: String
            if recordNumber % 3 == 0, let earlier = names.randomElement(using: &random) {
                name =
                    [
                        earlier, " \(earlier)\u{3000}", earlier.uppercased(), earlier.lowercased(),
                        otherCase(earlier, at: Int.random(in: 0..<earlier.utf8.count, using: &random)),
                    ]
                    .randomElement(using: &random) ?? earlier
            } else {
                // Most of them of one kind of character only, as names are.
                let kinds = [4, 5, 11, pieces.count].map { Array(pieces[..<$0]) } + scripts
                let kind = kinds.randomElement(using: &random) ?? pieces
                name = (0..<Int.random(in: 1...75, using: &random))
                    .map { _ in kind[Int.random(in: 0..<kind.count, using: &random)] }.joined()
                names.append(name)
            }
            let rank = Int32.random(in: -3...3, using: &random)
            text += "\(name)\t\(rank)\n"
            let trimmed = String(
                String.UnicodeScalarView(
                    name.unicodeScalars.drop { $0.properties.isWhitespace }
                        .reversed().drop { $0.properties.isWhitespace }.reversed()))
            let folded = NearName.form(of: trimmed)
            let key =
                nameMatch == .exact ? trimmed.unicodeScalars.map { String($0.value) }.joined(separator: " ") : folded
            if trimmed.isEmpty {
                expected.append(.invalid)
            } else if let (earlier, rankThen) = first[key] {
                let differs = rankThen == rank ? nil : CheckedRecord.GroupValues(rank: rankThen)
                expected.append(.duplicate(of: earlier, differsFrom: differs))
            } else {
                expected.append(.draft)
                first[key] = (recordNumber, rank)
                if !known.insert(NearName.form(of: trimmed)).inserted { nearDuplicates += 1 }
            }
        }
        let scratch = try Scratch()
        var sink = Sink()
        let result = try await ingest([try scratch.write(text, as: "names.csv")], nameMatch).run(into: &sink)
        #expect(result.damage == nil)
        #expect(sink.standings == expected, "seed \(seed)")
        #expect(result.nearDuplicates == nearDuplicates, "seed \(seed)")
    }

    /// A name whose byte at `place` is in the other case, where it is a letter of ASCII.
    private func otherCase(_ name: String, at place: Int) -> String {
        var bytes = Array(name.utf8)
        if (0x41...0x5a).contains(bytes[place] & 0xdf) { bytes[place] ^= 0x20 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Compares each record's fields with what the validator says of it, which looks at every byte by itself.
    private struct Comparison: RecordSink {
        var records = 0
        var differences: [String] = []

        mutating func accept(_ batch: CheckedBatch) {
            records += batch.checked.count
            for (record, checked) in zip(batch.batch.records, batch.checked) {
                let fields = batch.batch.arena.withUnsafeBytes { RecordValidator().check(record, in: $0) }
                guard
                    fields.violations != checked.fields.violations
                        || fields.violations.isEmpty
                            && (fields.rank != checked.fields.rank || fields.name != checked.fields.name)
                else { continue }
                differences.append("\(batch.batch.string(record.raw) ?? ""): \(checked.fields)")
            }
        }
    }

    @Test("a rank is found in the records of a list as in one record by itself")
    func readsRanks() async throws {
        let seed = SeededGenerator.seed()
        var random = SeededGenerator(state: seed)
        var text = "name\trank\n"
        for number in 1...20_000 {
            let bytes = Bool.random(using: &random) ? Array("0123456789") : Array("0129/:-+., e*p°")
            let rank = (0..<Int.random(in: 0...11, using: &random)).map { _ in
                String(bytes[Int.random(in: bytes.indices, using: &random)])
            }
            text += "Group \(number)\t\(rank.joined())\n"
        }
        let scratch = try Scratch()
        var comparison = Comparison()
        _ = try await ingest([try scratch.write(text, as: "ranks.csv")]).run(into: &comparison)
        #expect(comparison.records == 20_000)
        #expect(comparison.differences == [], "seed \(seed)")
    }

    @Test("a name in any script, with characters that no name may have or without, is checked as one by itself")
    func checksNames() async throws {
        let seed = SeededGenerator.seed()
        var random = SeededGenerator(state: seed)
        let pieces = [
            "é", "Ж", "名", "ก", "😀", "a", "B", " ", "\u{a0}", "\u{3000}", "\u{85}", "\u{9f}", "\u{7f}", "\u{1}",
            "\u{ad}", "\u{200b}", "\u{e000}", "\u{10ffff}",
        ]
        var text = "name\trank\n"
        for _ in 1...20_000 {
            let count = [5, 7, 10, pieces.count].randomElement(using: &random) ?? 1
            let name = (0..<Int.random(in: 1...70, using: &random)).map { _ in
                Bool.random(using: &random) ? "x" : pieces[Int.random(in: 0..<count, using: &random)]
            }
            text += "\(name.joined())\t1\n"
        }
        let scratch = try Scratch()
        var comparison = Comparison()
        _ = try await ingest([try scratch.write(text, as: "names.csv")]).run(into: &comparison)
        #expect(comparison.records == 20_000)
        #expect(comparison.differences == [], "seed \(seed)")
    }

    @Test("a sink that fails ends reading, however far that is ahead", arguments: [1, 3_000, 60_000])
    func endsWithItsSink(failsAt: Int) async throws {
        let scratch = try Scratch()
        let path = try scratch.write("name\n" + (1...200_000).map { "Group \($0)\n" }.joined(), as: "names.csv")
        let ingest = try ingest([path])
        await #expect(throws: Sink.Full.self) {
            var sink = Sink(failsAt: failsAt)
            _ = try await ingest.run(into: &sink)
        }
    }

    @Test("many small sources come in order, whichever task screens them")
    func keepsOrder() async throws {
        let scratch = try Scratch()
        let paths = try (0..<50).map { number in
            try scratch.write(
                "name,rank\n" + (0..<(number * 37)).map { "G \($0),\(number)\n" }.joined(), as: "\(number).csv")
        }
        var sink = Sink()
        let result = try await ingest(paths).run(into: &sink)
        var expected: [CheckedRecord.Standing] = []
        var first: [Int: (Int64, Int32)] = [:]
        for number in 0..<50 {
            for name in 0..<(number * 37) {
                if let (recordNumber, rank) = first[name] {
                    expected.append(.duplicate(of: recordNumber, differsFrom: .init(rank: rank)))
                } else {
                    expected.append(.draft)
                    first[name] = (Int64(expected.count), Int32(number))
                }
            }
        }
        #expect(sink.standings == expected)
        #expect(result.read == Int64(expected.count))
    }

    @Test("each source's SHA-256 is that of sha256sum, whichever task hashes")
    func hashesSources() async throws {
        let scratch = try Scratch()
        let paths = try [5, 65_535, 65_536, 131_072, 3_000_000].map { bytes in
            let lines = "name\n" + (0...(bytes / 8)).map { "\(1_000_000 + $0)\n" }.joined()
            return try scratch.write(String(lines.prefix(bytes)), as: "\(bytes).csv")
        }
        let reference = try await Command("/usr/bin/sha256sum", paths).run()
        #expect(reference.status == 0)
        let expected = reference.outputText.split(separator: "\n").map { String($0.prefix(64)) }
        var sink = Sink()
        let result = try await ingest(paths).run(into: &sink)
        #expect(result.sources.map(\.sha256) == expected)
        #expect(result.sources.map(\.bytes) == [5, 65_535, 65_536, 131_072, 3_000_000])
    }

    @Test(
        "what a pipe has given is taken before it gives more", .timeLimit(.minutes(1)),
        arguments: [50, 5_000, 6_000, 7_000, 8_000, 20_000])
    func takesWhatAPipeGives(records: Int) async throws {
        let scratch = try Scratch()
        let first = try scratch.write("name\n" + (1...records).map { "Group \($0)\n" }.joined(), as: "first.csv")
        let (pipe, go) = (scratch.file("pipe.csv"), scratch.file("go"))
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(mkfifo(go, 0o600) == 0)
        // The writer's last record waits for a word from the sink, which says it once it has all others.
        async let writer = Command(
            "/bin/sh",
            ["-c", "exec 3> \"$1\"; cat \"$2\" >&3; read -r word < \"$3\"; echo last >&3", "sh", pipe, first, go]
        ).run()
        var sink = Sink()
        sink.saysAt = (records, go)
        let result = try await ingest([pipe]).run(into: &sink)
        #expect(result.read == Int64(records) + 1)
        #expect(try await writer.status == 0)
    }
}
