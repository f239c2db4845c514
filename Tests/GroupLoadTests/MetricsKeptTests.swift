import Foundation
import GroupLoad
import TestSupport
import Testing

/// What a file of metrics keeps of the runs before, without a run.
@Suite struct MetricsKeptTests {
    private let scratch: Scratch
    private let path: String

    init() throws {
        scratch = try Scratch()
        path = scratch.file("night \"1\".prom")
    }

    /// What a process has counted at `now`, in epoch seconds, that began 10 seconds before.
    private func figures(created: Int = 0, failed: Int = 0, of read: Int, now: Int64) -> RunFigures {
        let progress = RunProgress()
        progress.update {
            $0.phase = .sending
            ($0.read, $0.requests, $0.retries) = (read, created + failed, 1)
            ($0.outcomes[.created], $0.outcomes[.failed]) = (created, failed)
            for _ in 0..<created { $0.responses.add(200) }
            for status in [503, 0, 429].prefix(failed) { $0.responses.add(status) }
            $0.allowance = 600.4
        }
        return RunFigures(progress.snapshot, startedAt: (now - 10) * 1000, now: now * 1000)
    }

    private func value(_ name: String, _ labels: String = "") throws -> Double? {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return MetricsText.values(in: text)[#"groupload_run_\#(name){load="night \"1\""\#(labels)}"#]
    }

    @Test("a run that goes on says how far it is, and not how it ends") func goesOn() throws {
        try MetricsFile(path).write(figures(created: 3, failed: 3, of: 10, now: 1_000))
        #expect(try value("active") == 1 && value("records_left") == 4)
        for (outcome, count) in [("created", 3.0), ("failed", 3), ("existing", 0), ("unresolved", 0)] {
            #expect(try value("records", #",outcome="\#(outcome)""#) == count)
        }
        for (status, count) in [("200", 3.0), ("429", 1), ("503", 1), ("none", 1)] {
            #expect(try value("responses", #",status="\#(status)""#) == count)
        }
        #expect(try value("requests") == 6 && value("retries") == 1 && value("rate_learned_per_minute") == 600)
        #expect(try value("started_timestamp_seconds") == 990 && value("updated_timestamp_seconds") == 1_000)
        for name in ["exit", "duration_seconds", "finished_timestamp_seconds", "last_success_timestamp_seconds"] {
            #expect(try value(name) == nil, "\(name)")
        }
    }

    @Test("the last success is kept over failures and over the next run's beginning, and moved by the next success")
    func lastSuccess() throws {
        /// Writes as a process of its own does.
        func run(at now: Int64, exit: Int32?) throws {
            let file = MetricsFile(path)
            var figures = figures(created: 1, of: 1, now: now)
            if let exit { figures.end(exit) }
            try file.write(figures)
        }
        for (now, exit, ended, success) in [
            (1_000, 0, 1_000, 1_000), (2_000, 1, 2_000, 1_000), (3_000, nil, 2_000, 1_000), (3_010, 3, 3_010, 1_000),
            (4_000, nil, 3_010, 1_000), (4_020, 0, 4_020, 4_020),
        ] as [(Int64, Int32?, Double, Double)] {
            try run(at: now, exit: exit)
            #expect(try value("active") == (exit == nil ? 1 : 0))
            #expect(try value("finished_timestamp_seconds") == ended, "at \(now)")
            #expect(try value("last_success_timestamp_seconds") == success, "at \(now)")
            #expect(try value("duration_seconds") == 10)
            if let exit { #expect(try value("exit") == Double(exit)) }
        }
    }

    @Test("what is no file of metrics is replaced, and nothing of it is kept")
    func replaced() throws {
        for text in ["", "\n\n", "groupload_run_exit 3", "groupload_run_exit{load=\"other\"} 3\n", "\u{0}\u{1}{}"] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            try MetricsFile(path).write(figures(of: 0, now: 5))
            #expect(try value("exit") == nil && value("active") == 1)
            #expect(try !String(contentsOfFile: path, encoding: .utf8).contains("other"))
        }
    }

    @Test("the collector, who is another user, may read the file; a directory in its place is refused")
    func rights() throws {
        let mask = umask(0o077)
        defer { umask(mask) }
        try MetricsFile(path).write(figures(of: 1, now: 5))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o644)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["night \"1\".prom"])
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let error = #expect(throws: RunError.self) { try MetricsFile(path).write(figures(of: 1, now: 6)) }
        #expect(error?.status == .cannotWrite && error?.message.contains("it is no file") == true)
    }

    @Test("a link stays, and what it leads to is written, whether that was there or not", arguments: [true, false])
    func link(isThere: Bool) throws {
        for name in ["links", "files"] {
            try FileManager.default.createDirectory(atPath: scratch.file(name), withIntermediateDirectories: true)
        }
        if isThere { _ = try scratch.write("", as: "files/a.prom") }
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("links/b.prom"), withDestinationPath: "../files/a.prom")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: scratch.file("links/b.prom"))
        try MetricsFile(path).write(figures(created: 1, of: 1, now: 5))
        #expect(try value("updated_timestamp_seconds") == 5)
        for (link, end) in [(path, scratch.file("links/b.prom")), (scratch.file("links/b.prom"), "../files/a.prom")] {
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == end)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("files")) == ["a.prom"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("links")) == ["b.prom"])
    }

    @Test("each metric has its help and type once, above its values") func format() throws {
        try MetricsFile(path).write(figures(created: 2, failed: 2, of: 9, now: 1_000))
        var (names, helped, typed) = (Set<String>(), Set<String>(), Set<String>())
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if line.hasPrefix("# HELP ") {
                #expect(helped.insert(words[2]).inserted && words.count == 4)
            } else if line.hasPrefix("# TYPE ") {
                #expect(typed.insert(words[2]).inserted && words.last == "gauge" && helped.contains(words[2]))
            } else {
                let name = String(line.prefix { $0 != "{" })
                #expect(typed.contains(name) && name.wholeMatch(of: /groupload_run_[a-z_]+/) != nil, "\(line)")
                names.insert(name)
            }
        }
        #expect(names == typed && typed == helped && names.count == 11)
    }

    @Test("responses are counted by status, those of 200 like any other") func responses() {
        var counts = ResponseCounts()
        #expect(counts.all.isEmpty)
        for status in [503, 200, 0, 200, 429, 503, 200] { counts.add(status) }
        #expect(counts.all.map(\.status) == [0, 200, 429, 503] && counts.all.map(\.count) == [1, 3, 1, 2])
    }
}
