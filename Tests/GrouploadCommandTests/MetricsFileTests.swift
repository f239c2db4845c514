import Foundation
import TestSupport
import Testing

/// `--metrics-file`: what a monitoring system is told of runs, read by Prometheus's own parser.
@Suite struct MetricsFileTests {
    private let scratch: Scratch
    private let file: String

    init() throws {
        scratch = try Scratch()
        file = scratch.file("nightly.prom")
    }

    /// A value of the file.
    private struct Sample: Decodable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    /// The values of the file. All are gauges of this job, and described.
    private func samples() async throws -> [Sample] {
        let program = """
            import json, sys
            from prometheus_client.parser import text_string_to_metric_families
            families = list(text_string_to_metric_families(open(sys.argv[1], encoding='utf-8').read()))
            assert all(family.documentation and family.type == 'gauge' for family in families)
            print(json.dumps([{'name': s.name, 'labels': s.labels, 'value': s.value}
                for family in families for s in family.samples]))
            """
        // Debian's own Python has the parser as a package.
        let parsed = try await Command("/usr/bin/python3", ["-c", program, file]).run()
        try #require(parsed.status == 0, "\(parsed.errorText)")
        let samples = try JSONDecoder().decode([Sample].self, from: parsed.output)
        #expect(samples.allSatisfy { $0.name.hasPrefix("groupload_run_") && $0.labels["load"] == "nightly" })
        return samples
    }

    /// The value of a metric that has no further label; nil where the file has none.
    private func value(_ name: String) async throws -> Double? {
        try await samples().first { $0.name == "groupload_run_\(name)" }?.value
    }

    private func list(_ records: String) throws -> String { try scratch.write("name,rank\n\(records)", as: "list.csv") }

    private func load(
        _ list: String, _ target: String, to run: String, _ options: [String] = []
    ) async throws -> Command.Result {
        try await Command.groupload(
            ["import", list, "--target", target, "--run-dir", scratch.file(run), "--metrics-file", file, "--quiet"]
                + options
        ).run()
    }

    @Test("the figures of a run with faults are those of its results, and verify proves it") func figures() async throws
    {
        let sandbox = try await SandboxProcess.start(["--fault", "500=5%,lost-after=5%,429=3%", "--seed", "11"])
        let records = (1...200).map { "Measured \($0),1\n" }.joined() + "Measured 1,1\n,2\n"
        let loaded = try await load(try list(records), sandbox.url, to: "run")
        #expect(loaded.status == 1, "\(loaded.errorText)")
        let (report, samples) = (try await Report(scratch.file("run")), try await samples())
        func sum(_ name: String, where label: (String, String)? = nil) -> Int {
            samples.filter { sample in
                sample.name == "groupload_run_\(name)" && label.map { sample.labels[$0.0] == $0.1 } ?? true
            }.reduce(0) { $0 + Int($1.value) }
        }
        #expect(samples.count { $0.name == "groupload_run_records" } == 10)
        for sample in samples where sample.name == "groupload_run_records" {
            #expect(Int(sample.value) == report.outcomes[sample.labels["outcome"] ?? ""] ?? 0, "\(sample)")
        }
        for name in ["requests", "retries", "exit"] {
            #expect(sum(name) == report.summary[name] as? Int, "\(name)")
        }
        // A call that the client makes again at once has one response.
        #expect((sum("requests") * 9 / 10...sum("requests")).contains(sum("responses")))
        #expect(sum("responses", where: ("status", "429")) == report.summary["throttled"] as? Int)
        #expect(sum("active") == 0 && sum("records_left") == 0)
        #expect(!samples.contains { $0.name == "groupload_run_last_success_timestamp_seconds" })

        let verify = Command.groupload(["verify", scratch.file("run"), "--metrics-file", file])
        let proved = try await verify.run()
        #expect(proved.status == 0, "\(proved.outputText)\(proved.errorText)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try Data(text.replacing(/outcome="invalid"} 1/, with: "outcome=\"invalid\"} 0").utf8).write(
            to: scratch.url("nightly.prom"))
        let disproved = try await verify.run()
        #expect(disproved.status == 1)
        #expect(
            disproved.outputText.contains("outcome=\"invalid\"} is 0.0, and by the report 1.0"),
            "\(disproved.outputText)")
    }

    @Test("the last success stays over failures, whatever ended the run") func lastSuccess() async throws {
        let sandbox = try await SandboxProcess.start()
        let good = try list("Kept 1,1\n")
        #expect(try await load(good, sandbox.url, to: "first").status == 0)
        let success = try #require(try await value("last_success_timestamp_seconds"))
        #expect(try await value("finished_timestamp_seconds") == success)
        // A run of less than a second, too, ends after it began.
        #expect(try await value("started_timestamp_seconds") ?? success < success)
        let verified = try await Command.groupload(["verify", scratch.file("first"), "--metrics-file", file]).run()
        #expect(verified.status == 0, "\(verified.outputText)")
        #expect(try await value("exit") == 0)
        for (status, list, options) in [
            (66, scratch.file("gone.csv"), []), (78, good, ["--credentials", scratch.file("gone")]),
            (1, try scratch.write("name,rank\nKept 2,1\n,2\n", as: "bad.csv"), []),
        ] {
            let ended = try await load(list, sandbox.url, to: "run-\(status)", options)
            #expect(ended.status == status, "\(ended.errorText)")
            #expect(try await value("exit") == Double(status))
            #expect(try await value("active") == 0)
            #expect(try await value("last_success_timestamp_seconds") == success)
        }
    }

    @Test("while a run goes on, it is active, and the end of the last one stands") func whileRunning() async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try await load(try list("Before,1\n"), sandbox.url, to: "first").status == 0)
        let command = Command.groupload([
            "import", try list((1...500).map { "Going \($0),1\n" }.joined()), "--target", sandbox.url, "--run-dir",
            scratch.file("second"), "--metrics-file", file, "--rate", "20/s", "--quiet",
        ])
        let (sandboxed, own) = (sandbox, self)
        let ended = try await command.run { process in
            try await sandboxed.waitForStored(3)
            try await Command.wait(for: process) { try await own.value("active") == 1 }
            #expect(try await own.value("exit") == 0)
            kill(process, SIGTERM)
        }
        #expect(ended.status == 143)
        #expect(try await value("exit") == 143)
        #expect(try await value("active") == 0)
    }

    @Test("an attempt that is refused leaves the file to the run that is at work") func busy() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try list((1...500).map { "Busy \($0),1\n" }.joined())
        let command = Command.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--metrics-file", file, "--rate",
            "5/s", "--quiet",
        ])
        let own = self
        let ended = try await command.run { process in
            try await Command.wait(for: process) { FileManager.default.fileExists(atPath: own.file) }
            for arguments in [
                ["import", list, "--target", sandbox.url, "--run-dir", own.scratch.file("other")],
                ["resume", own.scratch.file("run")],
            ] {
                let refused = try await Command.groupload(arguments + ["--metrics-file", own.file]).run()
                #expect(refused.status == 75, "\(refused.errorText)")
                #expect(try await own.value("active") == 1)
                #expect(try await own.value("exit") == nil)
            }
            kill(process, SIGTERM)
        }
        #expect(ended.status == 143)
        #expect(try await value("exit") == 143)
    }

    @Test(
        "a file that can't be written is told once, and the run ends as it would", arguments: ["gone/x.prom", "d.prom"])
    func unwritable(name: String) async throws {
        let sandbox = try await SandboxProcess.start()
        try FileManager.default.createDirectory(atPath: scratch.file("d.prom"), withIntermediateDirectories: true)
        let ended = try await Command.groupload([
            "import", try list("Untold,1\n"), "--target", sandbox.url, "--run-dir", scratch.file("run"), "--quiet",
            "--metrics-file", scratch.file(name),
        ]).run()
        #expect(ended.status == 0)
        #expect(ended.errorText.components(separatedBy: "the metrics aren't written").count == 2, "\(ended.errorText)")
    }

    @Test("the collector, another user, may read it, whatever the umask; a name that it passes over is refused")
    func readable() async throws {
        let sandbox = try await SandboxProcess.start()
        var command = Command.groupload([
            "import", try list("Shared,1\n"), "--target", sandbox.url, "--run-dir", scratch.file("run"), "--quiet",
            "--metrics-file", file,
        ])
        (command.path, command.arguments) =
            ("/bin/sh", ["-c", "umask 077; exec \"$0\" \"$@\"", command.path] + command.arguments)
        #expect(try await command.run().status == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o644)
        let refused = try await load(scratch.file("list.csv"), sandbox.url, to: "other", ["--metrics-file", "m.txt"])
        #expect(refused.status == 64 && refused.errorText.contains(".prom"), "\(refused.errorText)")
    }
}
