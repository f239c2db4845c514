import Foundation
import Synchronization
import TestSupport
import Testing

/// Imports with a key and secret, whose tokens don't last.
@Suite struct TokenTroubleTests {
    private static let credentials = ["GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "sandbox"]

    private static func list(_ count: Int) -> String { "name\n" + (1...count).map { "Token \($0)\n" }.joined() }

    @Test("5% of the calls get 401: no create waits for a time-out, and every call is counted")
    func expiring() async throws {
        let sandbox = try await SandboxProcess.start(["--fault", "expired-token=5%", "--seed", "3"])
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(1000), as: "list.csv")
        let run = scratch.file("run")
        let began = ContinuousClock.now
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", run, "--request-timeout", "110"],
            environment: Self.credentials
        ).run()
        let took = began.duration(to: .now)
        #expect(result.status == 0, "\(result.errorText)")
        // A create that is written as no bytes waits for the time-out.
        #expect(took < .seconds(100), "\(took)")
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 1000])
        #expect(try await sandbox.stored().count == 1000)
        let sent = try await sandbox.requests(matching: "POST") + sandbox.requests(matching: "GET /group")
        #expect(try Self.requests(run) == sent)
    }

    /// An import into a server whose first token serves for 20 creates. `later` gives the response to the token calls
    /// after the first, by the seconds since the second; nil for a new token.
    private func importing(
        records: Int, _ later: @escaping @Sendable (Double) -> APIServer.Response?
    ) async throws -> (result: Command.Result, tokenCalls: Int, run: String, scratch: Scratch) {
        let tokens = Mutex<(count: Int, second: Double?)>((0, nil))
        let server = try APIServer { request in
            if request.path.contains("oauth") {
                return tokens.withLock { tokens in
                    tokens.count += 1
                    if tokens.count == 2 { tokens.second = request.seconds }
                    if let second = tokens.second, let refused = later(request.seconds - second) { return refused }
                    let token = #"{"data":{"accessToken":"t\#(tokens.count)","ttlSeconds":300},"errors":null}"#
                    return .init(status: 200, body: token)
                }
            }
            let isOver = request.header("X-CAP-API-OAUTH-TOKEN") == "t1" && request.created >= 20
            return isOver ? .init(status: 401, body: #"{"message":"expired"}"#) : nil
        }
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(records), as: "list.csv")
        let run = scratch.file("run")
        let result = try await Command.groupload(
            ["import", list, "--run-dir", run, "--target", server.target], environment: Self.credentials
        ).run()
        return (result, server.requests(matching: "oauth"), run, scratch)
    }
    private static func requests(_ run: String) throws -> Int? {
        let data = try Data(contentsOf: URL(fileURLWithPath: run + "/summary.json"))
        return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["requests"] as? Int
    }

    @Test("429 to the token call in mid-run is waited out, not hammered") func throttledTokenCall() async throws {
        let served = try await importing(records: 200) {
            $0 < 3 ? .init(status: 429, headers: ["Retry-After: 2"]) : nil
        }
        #expect(served.result.status == 0, "\(served.result.errorText)")
        #expect(served.tokenCalls < 20, "\(served.tokenCalls)")
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 200])
    }

    @Test("500 to every token call in mid-run ends the run: no record is blamed") func failingTokenCall() async throws {
        let served = try await importing(records: 200) { _ in .init(status: 500) }
        #expect([2, 3].contains(served.result.status), "\(served.result.errorText)")
        #expect(served.tokenCalls < 100, "\(served.tokenCalls)")
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes["created"] == 20 && report.outcomes["failed"] == nil, "\(report.outcomes)")
    }
}
