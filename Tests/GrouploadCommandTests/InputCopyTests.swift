import Foundation
import TestSupport
import Testing

/// The copy of its lists that a run keeps: a run is proved, and finished, after its list was replaced or removed.
@Suite struct InputCopyTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func groupload(_ arguments: [String]) async throws -> Command.Result {
        try await scratch.groupload(arguments).run()
    }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: scratch.file(name)) }

    /// What a copy holds, as the zstd tool gives it.
    private func unpacked(_ name: String) async throws -> Data {
        let result = try await Command("/usr/bin/env", ["zstd", "-dcq", scratch.file(name)]).run()
        #expect(result.status == 0, "\(result.errorText)")
        return result.output
    }

    private func inputs(_ run: String) throws -> [[String: Any]] {
        let data = try Data(contentsOf: scratch.url("\(run)/summary.json"))
        let summary = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(summary["inputs"] as? [[String: Any]])
    }

    @Test("a list that was replaced or removed: the run is proved against its copy, and says so") func replaced()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let text = "name,rank\nGold,1\nSilver,2\nGold,1\nBronze,x\n"
        let list = try scratch.write(text, as: "groups.csv")
        let load = ["import", "groups.csv", "--target", sandbox.url, "--quiet", "--run-dir"]
        #expect(try await groupload(load + ["run"]).status == 1)
        #expect(try await unpacked("run/input-1.zst") == Data(text.utf8))
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.file("run/input-1.zst"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(try inputs("run")[0]["copy"] as? String == "input-1.zst")
        #expect(try await groupload(["verify", "run"]).errorText == "Verified: nothing differs.\n")

        _ = try scratch.write("name\nOther\n", as: "groups.csv")
        let changed = try await groupload(["verify", "run"])
        #expect(changed.status == 0 && changed.outputText.isEmpty)
        #expect(changed.errorText.contains("groups.csv has changed since; checked against the copy kept in the run\n"))
        try FileManager.default.removeItem(atPath: list)
        let gone = try await groupload(["verify", "run"])
        #expect(gone.status == 0)
        #expect(gone.errorText.contains("groups.csv is gone; checked against the copy kept in the run\n"))

        // It is checked, not only there.
        let tamper = "UPDATE record SET name = 'Golf' WHERE record = 1"
        _ = try await Command("/usr/bin/env", ["sqlite3", scratch.file("run/ledger.sqlite"), tamper]).run()
        #expect(try await groupload(["verify", "run"]).outputText.contains("record 1: the input gives"))
        // A copy of something else doesn't count.
        let other = try scratch.write("name\nOther\n", as: "other")
        _ = try await Command("/usr/bin/env", ["zstd", "-qf", other, "-o", scratch.file("run/input-1.zst")]).run()
        let none = try await groupload(["verify", "run"])
        #expect(none.status == 1 && none.outputText.contains("groups.csv is missing"))
    }

    @Test("what came through a pipe, what was compressed and workbooks are kept as they came") func kinds() async throws
    {
        let sandbox = try await SandboxProcess.start()
        try FileManager.default.copyItem(atPath: Samples.path("onboarding.xlsx"), toPath: scratch.file("book.xlsx"))
        try FileManager.default.copyItem(atPath: Samples.path("clean.csv"), toPath: scratch.file("clean.csv"))
        let packed = try await Command("/usr/bin/env", ["gzip", scratch.file("clean.csv")]).run()
        #expect(packed.status == 0)
        let lists = ["book.xlsx", "clean.csv.gz"]
        let kept = try lists.map { try Data(contentsOf: scratch.url($0)) }
        _ = try await groupload(["import"] + lists + ["--target", sandbox.url, "--quiet", "--run-dir", "files"])
        for (number, list) in lists.enumerated() {
            #expect(try await unpacked("files/input-\(number + 1).zst") == kept[number])
            try FileManager.default.removeItem(atPath: scratch.file(list))
        }
        let files = try await groupload(["verify", "files"])
        #expect(files.status == 0, "\(files.outputText)\(files.errorText)")

        var piped = scratch.groupload(
            ["import", "-", "--format", "csv", "--target", sandbox.url, "--quiet", "--run-dir", "piped"])
        piped.input = Data("name\nPiped\n".utf8)
        #expect(try await piped.run().status == 0)
        let proof = try await groupload(["verify", "piped"])
        #expect(proof.status == 0)
        #expect(proof.errorText.contains("standard input: checked against the copy kept in the run\n"))
        try FileManager.default.removeItem(atPath: scratch.file("piped/input-1.zst"))
        #expect(try await groupload(["verify", "piped"]).errorText.contains("taken from the ledger"))
    }

    @Test("--no-keep-input keeps none, and is a setting of the run") func off() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name\nA\n", as: "list.csv")
        let load = ["import", "list.csv", "--target", sandbox.url, "--quiet", "--run-dir", "run"]
        #expect(try await groupload(load + ["--no-keep-input"]).status == 0)
        #expect(!exists("run/input-1.zst"))
        #expect(try inputs("run")[0]["copy"] == nil)
        #expect(try await groupload(load).errorText.contains("(--no-keep-input)"))
        _ = try scratch.write("name\nB\n", as: "list.csv")
        #expect(try await groupload(["verify", "run"]).outputText.contains("list.csv has changed"))
    }

    @Test(
        "a list that is damaged in its midst hasn't changed, whether a copy is kept or not", arguments: [true, false])
    func damaged(isKept: Bool) async throws {
        let sandbox = try await SandboxProcess.start()
        let rows = (1...20_000).map { "{\"name\":\"n\($0)\"}\n" }.joined()
        let list = try scratch.write(rows + "{\"name\":\n[}]\n" + rows, as: "list.ndjson")
        let load = ["import", "list.ndjson", "--target", sandbox.url, "--quiet", "--run-dir", "run"]
        #expect(try await groupload(load + (isKept ? [] : ["--no-keep-input"])).status == 65)
        let reference = try await Command("/usr/bin/sha256sum", [list]).run()
        #expect(try inputs("run")[0]["sha256"] as? String == String(reference.outputText.prefix(64)))
        let proof = try await groupload(["verify", "run"])
        #expect(!proof.outputText.contains("has changed"), "\(proof.outputText)")
    }

    @Test("a copy that can't be written is dropped and noted, and the run is as without one") func fullDisk()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        // Members that aren't read, and that no compression makes small enough; a ledger of so few records is.
        let random = try #require(FileHandle(forReadingAtPath: "/dev/urandom"))
        let lines = try (0..<20).map { number in
            let junk = try random.read(upToCount: 600_000)?.base64EncodedString() ?? ""
            return "{\"name\":\"Group \(number)\",\"junk\":\"\(junk)\"}\n"
        }
        _ = try scratch.write(lines.joined(), as: "list.ndjson")
        var command = Command(
            "/bin/bash",
            [
                "-c", "ulimit -f 6000; exec \"$@\"", "bash", Command.groupload([]).path, "import", "list.ndjson",
                "--target", sandbox.url, "--run-dir", "run",
            ])
        command.directory = scratch.path
        command.environment = Command.sandboxCredentials
        let result = try await command.run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains("list.ndjson: no copy of it is kept in the run: can't write"))
        let reason = try #require(try inputs("run")[0]["copy_dropped"] as? String)
        #expect(reason.contains("run/input-1.zst"))
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.file("run"))
        #expect(!files.contains { $0.contains("input-") }, "\(files)")
        #expect(try await Report(scratch.file("run")).outcomes == ["created": 20])
        #expect(try await groupload(["verify", "run"]).status == 0)
    }

    @Test(
        "killed, and its list replaced or removed: resume goes on with what was read; import doesn't",
        arguments: [
            "name\nOther\n", nil,
        ])
    func resumed(replacement: String?) async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "5ms"])
        let list = try scratch.write("name\n" + (1...300).map { "Kept \($0)\n" }.joined(), as: "list.csv")
        let load = ["import", "list.csv", "--target", sandbox.url, "--run-dir", "run", "--rate", "5/s", "--quiet"]
        let killed = try await scratch.groupload(load).run { process in
            try await sandbox.waitForStored(20)
            kill(process, SIGKILL)
        }
        #expect(killed.status == 128 + SIGKILL)
        try FileManager.default.removeItem(atPath: list)
        if let replacement { _ = try scratch.write(replacement, as: "list.csv") }
        // Whoever names the list means the one that is there now.
        #expect(try await groupload(load).status == (replacement == nil ? 66 : 65))
        let resumed = try await groupload(["resume", "run", "--rate", "auto"])
        #expect(resumed.status == 0, "\(resumed.errorText)")
        #expect(resumed.errorText.contains("going on with the list as it was read"))
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.results.count == 300)
        try await report.expectCreated(in: sandbox)
        #expect(try await groupload(["verify", "run"]).status == 0)
        #expect(try await groupload(["resume", "run"]).status == 0)
    }

    @Test("copies are the run's own: --keep-runs removes them, a run that makes way leaves none, another's stays")
    func owned() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name\nA\n", as: "list.csv")
        let load = ["import", "list.csv", "--target", sandbox.url, "--quiet", "--run-dir"]
        #expect(try await groupload(load + ["runs/1"]).status == 0)
        // As a process leaves it that is killed while it writes.
        _ = try scratch.write("x", as: "runs/1/.input-1.zst.0123456789abcdef.part")
        #expect(try await groupload(load + ["runs/2", "--keep-runs", "1"]).status == 0)
        #expect(!exists("runs/1") && exists("runs/2/input-1.zst"))

        _ = try scratch.write("name,rank\nB,x\n", as: "list.csv")
        _ = try scratch.write("name\nC\n", as: "second.csv")
        #expect(
            try await groupload(
                [
                    "import", "list.csv", "second.csv", "--target", sandbox.url, "--quiet", "--max-errors", "0",
                    "--run-dir", "way",
                ]
            ).status == 2)
        #expect(exists("way/input-2.zst"))
        #expect(try await groupload(load + ["way"]).status == 1)
        #expect(exists("way/input-1.zst") && !exists("way/input-2.zst"))

        try FileManager.default.createDirectory(atPath: scratch.file("own"), withIntermediateDirectories: false)
        _ = try scratch.write("mine", as: "own/input-1.zst")
        #expect(try await groupload(load + ["own"]).status == 73)
        #expect(try String(contentsOfFile: scratch.file("own/input-1.zst"), encoding: .utf8) == "mine")
    }

    @Test("a failed.csv that is being corrected is noted, and no difference") func corrected() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name,rank\nA,x\n", as: "list.csv")
        #expect(
            try await groupload(["import", "list.csv", "--target", sandbox.url, "--quiet", "--run-dir", "run"]).status
                == 1)
        _ = try scratch.write("name,rank\nA,1\n", as: "run/failed.csv")
        let proof = try await groupload(["verify", "run"])
        #expect(proof.status == 0 && proof.errorText.contains("failed.csv isn't what the run wrote; it is there to be"))
    }
}
