import Foundation
import TestSupport
import Testing

/// Few open files, and pipes that nobody writes to.
@Suite struct SystemLimitTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("fewer open files than --concurrency needs: fewer connections, noted, and a report") func files() async throws
    {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\n" + (1...500).map { "F \($0)\n" }.joined(), as: "list.csv")
        let run = scratch.file("run")
        var command = Command(
            "/bin/bash",
            [
                "-c",
                """
                ulimit -n 96; exec \(Command.groupload([]).path) import \(list) --target \(sandbox.url) \
                --run-dir \(run) --concurrency 2000
                """,
            ])
        command.environment = Command.sandboxCredentials
        let result = try await command.run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains("(96): it uses 32 connections"), "\(result.errorText)")
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 500])
    }

    @Test("a pipe that nobody writes to is waited for until a signal", arguments: [SIGINT, SIGTERM])
    func unwritten(signal: Int32) async throws {
        let pipe = scratch.file("pipe.csv")
        #expect(mkfifo(pipe, 0o600) == 0)
        for arguments in [["validate", pipe], ["convert", pipe, scratch.file("out.csv")]] {
            let result = try await Command.groupload(arguments).run(secondsMax: 30) { process in
                // The signals are watched once the pipe is open.
                try await waitUntilOpen(pipe, in: process)
                kill(process, signal)
            }
            #expect(
                result.status == 128 + signal && result.errorText.contains("stopping"),
                "\(arguments): \(result.errorText)")
        }
    }

    @Test("a list from a pipe is read once; resume and verify of its run don't open it") func once() async throws {
        let sandbox = try await SandboxProcess.start()
        let (pipe, run) = (scratch.file("pipe.csv"), scratch.file("run"))
        #expect(mkfifo(pipe, 0o600) == 0)
        let feed = try scratch.write("name\nA\nB\n", as: "feed.csv")
        let result = try await Command.groupload(["import", pipe, "--target", sandbox.url, "--run-dir", run, "--quiet"])
            .run { process in
                try await waitUntilOpen(pipe, in: process)
                let written = try await Command("/bin/bash", ["-c", "cat \(feed) >\(pipe)"]).run()
                #expect(written.status == 0)
            }
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try await Command.groupload(["resume", run]).run(secondsMax: 20).status == 0)
        let verified = try await Command.groupload(["verify", run]).run(secondsMax: 20)
        #expect(
            verified.status == 0 && verified.errorText.contains("checked against the copy kept in the run"),
            "\(verified.errorText)")
    }

    /// Waits until a process has a file open.
    private func waitUntilOpen(_ path: String, in process: Int32) async throws {
        let files = "/proc/\(process)/fd"
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        try await Command.wait(for: process) {
            try FileManager.default.contentsOfDirectory(atPath: files).contains {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(files)/\($0)")) == real
            }
        }
    }
}
