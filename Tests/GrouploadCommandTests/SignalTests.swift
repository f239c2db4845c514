import Foundation
import Synchronization
import TestSupport
import Testing

/// SIGINT and SIGTERM: the first ends a command in good order, the second at once.
@Suite struct SignalTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Runs a command against a target that takes connections and never responds, and sends both signals once it has
    /// connected.
    private func twice(_ arguments: (String) -> [String]) async throws -> Command.Result {
        let (descriptor, port) = try LoopbackSocket.bound()
        defer { close(descriptor) }
        #expect(listen(descriptor, 8) == 0)
        return try await Command.groupload(arguments("http://127.0.0.1:\(port)")).run(secondsMax: 60) { process in
            let connection = LoopbackSocket.accepted(descriptor)
            #expect(connection >= 0)
            kill(process, SIGINT)
            kill(process, SIGTERM)
        }
    }

    @Test("the second signal ends a command that waits for a response", arguments: ["import", "plan", "export"])
    func second(command: String) async throws {
        let list = try scratch.write("name\nA\n", as: "list.csv")
        let run = scratch.file("run")
        let result = try await twice { target in
            switch command {
            case "import": ["import", list, "--target", target, "--run-dir", run]
            case "plan": ["plan", list, "--target", target]
            default: ["export", "--target", target]
            }
        }
        #expect([130, 143].contains(result.status), "\(result.errorText)")
        #expect(result.errorText.components(separatedBy: "stopping").count == 2, "\(result.errorText)")
        #expect(!FileManager.default.fileExists(atPath: run + "/summary.json"))
        if command == "import" { #expect(FileManager.default.fileExists(atPath: run + "/ledger.sqlite")) }
    }

    @Test("the second signal ends a sandbox that holds a request") func sandbox() async throws {
        var ended = try await endedBySecond()
        // One that has read a request and doesn't hold it yet may end in good order before the second signal.
        for _ in 0..<10 where ended.status == 0 { ended = try await endedBySecond() }
        #expect([130, 143].contains(ended.status), "\(ended.status)")
        // Sooner than the 10 seconds that an orderly end may take.
        #expect(ended.took < .seconds(8))
    }

    /// Sends a sandbox both signals once it has read a request, and gives its status and how long it took to end.
    private func endedBySecond() async throws -> (status: Int32, took: Duration) {
        let lines = try scratch.pipe("lines-\(UUID().uuidString)")
        let sent = Mutex(ContinuousClock.now)
        let command = scratch.groupload(["sandbox", "--port", "0", "--latency", "60s"]).redirected(output: lines)
        let result = try await command.run(secondsMax: 60) { process in
            try await blocking {
                let reader = try PipeReader(lines)
                let port = reader.line()?.split(separator: ":").last.flatMap { Int($0) } ?? 0
                let connection = try LoopbackConnection(to: port)
                let line = "POST /api_gateway/core/v1/group/create"
                try connection.send(
                    LoopbackConnection.request(line, #"{"name":"a"}"#, authorization: SandboxAccess.authorization))
                while try Self.isUnread(from: connection) {}
                sent.withLock { $0 = .now }
                kill(process, SIGTERM)
                kill(process, SIGINT)
                _ = reader.rest()
                withExtendedLifetime(connection) {}
            }
        }
        #expect(result.errorText.isEmpty, "\(result.errorText)")
        return (result.status, sent.withLock { $0 }.duration(to: .now))
    }

    /// Whether bytes that came over a connection wait in the kernel for their server (proc_pid_net(5), tcp).
    private static func isUnread(from connection: LoopbackConnection) throws -> Bool {
        let table = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
        let ends = [connection.peerPort, connection.port].map { String(format: ":%04X", $0) }
        return table.split(separator: "\n").map { $0.split(separator: " ") }.contains { fields in
            fields[1].hasSuffix(ends[0]) && fields[2].hasSuffix(ends[1]) && !fields[4].hasSuffix(":00000000")
        }
    }

    @Test("the same signal sent twice, as timeout sends it to its process group, is one: the report is written")
    func sameTwice() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "500ms"])
        let list = try scratch.write("name,note\n" + (1...400).map { "Twice \($0),x\n" }.joined(), as: "list.csv")
        let lines = try scratch.pipe("lines")
        let command = scratch.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", "twice", "--rate", "20/s",
        ]).redirected(error: lines)
        let result = try await command.run(secondsMax: 100) { process in
            try await blocking {
                let reader = try PipeReader(lines)
                for part in ["name ←", "stopping"] {
                    #expect(reader.line(containing: part) != nil)
                    kill(process, SIGTERM)
                }
                _ = reader.rest()
            }
        }
        #expect(result.status == 143)
        let report = try await Report(scratch.file("twice"))
        report.expectAccounts()
        #expect(report.outcomes["unprocessed"] ?? 0 > 0)
    }
}
