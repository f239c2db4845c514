import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct SandboxCommandTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Runs a sandbox, sends it a signal when `body` has ended, and gives how it ended and how soon.
    private func ended(
        by signal: Int32, _ options: [String], _ body: @escaping @Sendable (LoopbackConnection) throws -> Void
    ) async throws -> (result: Command.Result, took: Duration) {
        let lines = try scratch.pipe("lines")
        let sent = Mutex(ContinuousClock.now)
        let command = scratch.groupload(["sandbox", "--port", "0"] + options).redirected(output: lines)
        let result = try await command.run(secondsMax: 60) { process in
            // The connection stays open until the server has gone.
            try await blocking {
                let reader = try PipeReader(lines)
                let port = reader.line()?.split(separator: ":").last.flatMap { Int($0) } ?? 0
                let connection = try LoopbackConnection(to: port)
                try body(connection)
                sent.withLock { $0 = .now }
                kill(process, signal)
                _ = reader.rest()
                withExtendedLifetime(connection) {}
            }
        }
        return (result, sent.withLock { $0 }.duration(to: .now))
    }

    @Test(
        "a signal ends it in good order: 0, no complaint, and the file alone holds what was created",
        arguments: [SIGINT, SIGTERM])
    func endsOnSignal(signal: Int32) async throws {
        let database = scratch.file("groups.sqlite")
        let (result, _) = try await ended(by: signal, ["--database", database]) { connection in
            let line = "POST /api_gateway/core/v1/group/create"
            let response = try connection.call(line, #"{"name":"a"}"#)
            #expect(response.status == 200)
        }
        #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
        // Looks at no other file.
        let rows = try await OtherDatabaseUser.run("SELECT count(*) FROM groups", on: "file:\(database)?immutable=1")
        #expect(rows == "1\n")
    }

    @Test("a held request does not hold up the end, and a bad fault is a usage error")
    func endsWhileHolding() async throws {
        let options = ["--fault", "timeout-before=100%", "--seed", "3"]
        let (result, took) = try await ended(by: SIGTERM, options) { connection in
            let line = "POST /api_gateway/core/v1/group/create"
            try connection.send(
                LoopbackConnection.request(line, #"{"name":"a"}"#, authorization: SandboxAccess.authorization))
            let other = try LoopbackConnection(to: connection.peerPort)
            let counted = Data(#""timeout-before":1"#.utf8)
            while try other.call("GET /sandbox/requests").body.range(of: counted) == nil {}
        }
        #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
        // Sooner than the 10 seconds that an orderly end may take.
        #expect(took < .seconds(8))
        for (options, part) in [
            (["--fault", "lost=1%"], "kinds are"), (["--fault", "cut=2"], "cut=10%"),
            (["--error-status", "500"], "400, 409"),
            (["--stale-ms", "60001"], "60000"), (["--errors", "tree"], "list"), (["--seed", "-1"], "seed"),
            (["--latency", "infs"], "50ms"), (["--latency", "nanms"], "50ms"), (["--latency", "1e400s"], "50ms"),
            (["--latency", "61s"], "50ms"), (["--latency=-1s"], "50ms"), (["--rate-limit", "inf/s"], "N/min"),
            (["--rate-limit", "nan/min"], "N/min"), (["--rate-limit", "1e300/s"], "N/min"),
            (["--clock", "grain=0s"], "grain=1s"),
            (["--clock", "skew=99999999999999999999s"], "skew=+5s"), (["--normalise", "cut=0"], "cut=N"),
            (["--foreign-ms", "86400001"], "86400000"), (["--session-lost-after=-1"], "0 or more"),
            (["--session-lost-as", "500"], "page"),
        ] {
            let refused = try await Command.groupload(["sandbox"] + options).run()
            #expect(refused.status == 64)
            #expect(refused.errorText.contains(part), "\(refused.errorText)")
        }
    }
}
