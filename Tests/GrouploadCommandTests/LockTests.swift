import Foundation
import TestSupport
import Testing

/// What keeps runs apart: the lock on the scope, and that on the run directory.
@Suite struct LockTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// An import with its locks in `state`.
    private func load(_ target: String, _ run: String, state: String = "state", _ options: [String] = []) throws
        -> Command
    {
        let list = try scratch.write("name\n" + (1...400).map { "Lock \($0)\n" }.joined(), as: "list.csv")
        var command = Command.groupload(
            ["import", list, "--target", target, "--run-dir", scratch.file(run), "--quiet"] + options)
        command.environment["XDG_STATE_HOME"] = scratch.file(state)
        return command
    }

    @Test("another spelling of the target, and the run directory itself, are locked too") func busy() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        let other = sandbox.url.replacingOccurrences(of: "127.0.0.1", with: "LOCALHOST")
        #expect(other != sandbox.url)
        _ = try await load(sandbox.url, "run", ["--rate", "5/s"]).run { process in
            try await sandbox.waitForStored(5)
            let second = try await load(other, "other").run()
            #expect(second.status == 75 && second.errorText.contains("process \(process)"), "\(second.errorText)")
            let elsewhere = try await load(sandbox.url, "run", state: "elsewhere", ["--rate", "5/s"]).run()
            #expect(
                elsewhere.status == 75 && elsewhere.errorText.contains("works on the run in"), "\(elsewhere.errorText)")
            kill(process, SIGKILL)
        }
        let resumed = try await load(sandbox.url, "run", state: "elsewhere", ["--rate", "5/s"]).run { process in
            kill(process, SIGINT)
        }
        #expect(resumed.status != 75)
    }

    @Test("a link in place of the lock is refused, and what it leads to stays") func link() async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try await load(sandbox.url, "run").run().status == 0)
        let victim = try scratch.write("victim", as: "victim")
        let directory = scratch.file("state/groupload")
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name.hasSuffix(".lock") {
            try FileManager.default.removeItem(atPath: directory + "/" + name)
            try FileManager.default.createSymbolicLink(atPath: directory + "/" + name, withDestinationPath: victim)
        }
        let result = try await load(sandbox.url, "second").run()
        #expect(result.status == 73 && result.errorText.contains("XDG_STATE_HOME"), "\(result.errorText)")
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "victim")
    }

    @Test("who only looks, as doctor does, keeps no import from its lock, and no other from looking")
    func looking() async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try await load(sandbox.url, "first").run().status == 0)
        let directory = scratch.file("state/groupload")
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: directory).first { $0.hasSuffix(".lock") })
        let path = URL(fileURLWithPath: directory + "/" + name).resolvingSymlinksInPath().path
        let written = try String(contentsOfFile: path, encoding: .utf8)
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_SH) == 0)
        var doctor = Command.groupload(["doctor", "--target", sandbox.url])
        doctor.environment["XDG_STATE_HOME"] = scratch.file("state")
        let looked = try await doctor.run()
        #expect(looked.status == 0 && looked.outputText.contains("ok    lock"), "\(looked.outputText)")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == written)
        let loaded = try await load(sandbox.url, "second").run { process in
            try await Command.wait(for: process) {
                let files = "/proc/\(process)/fd"
                return try FileManager.default.contentsOfDirectory(atPath: files).contains {
                    (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(files)/\($0)")) == path
                }
            }
            // Longer than one waits who finds that another run has the lock.
            #expect(try await Command.groupload(["--version"]).run().status == 0)
            #expect(flock(descriptor, LOCK_UN) == 0)
        }
        #expect(loaded.status == 0, "\(loaded.errorText)")
    }

    @Test("a place for locks that others may write to is refused", arguments: [0o777, 0o770])
    func shared(mode: Int) async throws {
        let directory = scratch.file("state/groupload")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory)
        let result = try await LoopbackSocket.withRefusingPort { try await load("http://127.0.0.1:\($0)", "run").run() }
        #expect(result.status == 73 && result.errorText.contains("chmod go-w"), "\(result.errorText)")
    }

    @Test("a group that two runs on one scope call their own is a difference") func twoRuns() async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try await load(sandbox.url, "a/first").run().status == 0)
        let list = try scratch.write("name\nLater\n", as: "later.csv")
        var later = try load(sandbox.url.replacingOccurrences(of: "127.0.0.1", with: "localhost"), "b/later")
        later.arguments[1] = list
        #expect(try await later.run().status == 0)
        var verify = Command.groupload(["verify", scratch.file("b/later")])
        verify.environment["XDG_STATE_HOME"] = scratch.file("state")
        #expect(try await verify.run().status == 0)
        let id = "SELECT id FROM outcome WHERE record = 7"
        let sql =
            """
            ATTACH '\(scratch.file("a/first/ledger.sqlite"))' AS a; UPDATE main.outcome SET id = \
            (\(id.replacingOccurrences(of: "outcome", with: "a.outcome")))
            """
        let tampered = try await Command("/usr/bin/env", ["sqlite3", scratch.file("b/later/ledger.sqlite"), sql]).run()
        #expect(tampered.status == 0, "\(tampered.errorText)")
        let result = try await verify.run()
        #expect(result.status == 1)
        #expect(result.outputText.contains("record 1 of this run and record 7 of the run in"), "\(result.outputText)")
        // A damaged neighbour is noted, and harms nobody.
        try Data("x".utf8).write(to: scratch.url("a/first/ledger.sqlite"))
        let beside = try await verify.run()
        #expect(!beside.outputText.contains("claim"), "\(beside.outputText)")
    }

    @Test("undo with another till is refused, as resume is") func otherTill() async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try await load(sandbox.url, "run").run().status == 0)
        let requests = try await sandbox.requests(matching: "/group")
        for arguments in [
            ["undo", scratch.file("run"), "--yes", "--run-dir", scratch.file("back")], ["resume", scratch.file("run")],
        ] {
            var command = Command.groupload(arguments)
            command.environment = [
                "GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "sandbox", "XDG_STATE_HOME": scratch.file("state"),
            ]
            let result = try await command.run()
            #expect(result.status == 73 && result.errorText.contains("as sandbox.till, not at"), "\(result.errorText)")
        }
        #expect(try await sandbox.requests(matching: "/group") == requests)
    }
}
