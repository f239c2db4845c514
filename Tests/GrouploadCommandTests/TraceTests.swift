import Foundation
import Synchronization
import TestSupport
import Testing

/// `TRACEPARENT`: requests say which trace they belong to, and the ledger which create had which span.
@Suite struct TraceTests: DatabaseScene {
    let scratch: Scratch
    let schema: String
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let parent = ["TRACEPARENT": "00-\(trace)-b7ad6b7169203331-01", "TRACESTATE": "vendor=4711"]
    /// Two consecutive records, one that is invalid, and one that is refused at first.
    private static let list = "name,rank\nGold,1\nSilver,2\n,3\nBronze,4\n"

    init() throws {
        scratch = try Scratch()
        schema = URL(fileURLWithPath: scratch.path).lastPathComponent.lowercased()
    }

    /// The requests that a server had, and for each create the record's rank.
    private final class Requests: Sendable {
        let all = Mutex<[APIServer.Request]>([])

        func header(_ name: String) -> [String?] { all.withLock { $0.map { $0.header(name) } } }
    }

    /// A target that asks to wait at the fourth create.
    private func target(_ requests: Requests) throws -> APIServer {
        let creates = Mutex(0)
        return try APIServer { request in
            requests.all.withLock { $0.append(request) }
            if request.path.contains("oauth") {
                return APIServer.Response(status: 200, body: #"{"data":{"accessToken":"t4711","ttlSeconds":600}}"#)
            }
            guard request.method == "POST",
                creates.withLock({
                    $0 += 1; return $0
                }) == 3
            else { return nil }
            return APIServer.Response(status: 429, headers: ["Retry-After: 0"])
        }
    }

    private func load(_ server: APIServer, _ options: [String] = [], _ environment: [String: String]) throws -> Command
    {
        let list = try scratch.write(Self.list, as: "list.csv")
        return try command(
            ["import", list, "--target", server.target, "--run-dir", "run"] + options, environment)
    }

    private static func spans(_ headers: [String?]) -> [String] {
        headers.compactMap { $0?.wholeMatch(of: /00-0af7651916cd43dd8448eb211c80319c-([0-9a-f]{16})-01/)?.output.1 }
            .map(String.init)
    }

    @Test("every request is in the trace, with a span of its own") func propagates() async throws {
        let requests = Requests()
        let server = try target(requests)
        var command = try load(server, [], Self.parent)
        command.environment["GROUPLOAD_TILL"] = nil
        command.environment["GROUPLOAD_PASSWORD"] = nil
        command.environment["GROUPLOAD_KEY"] = "key"
        command.environment["GROUPLOAD_SECRET"] = "secret"
        let ended = try await command.run()
        #expect(ended.status == 1, "\(ended.errorText)")
        let spans = Self.spans(requests.header("traceparent"))
        // The token, the list, three creates, and one again.
        #expect(spans.count >= 6 && spans.count == requests.all.withLock { $0.count }, "\(spans)")
        #expect(Set(spans).count == spans.count && !spans.contains("0000000000000000"))
        let states = requests.header("tracestate")
        #expect(states.count { $0 == "vendor=4711" } >= spans.count - 1)
        let report = try await Report(scratch.file("here/run"))
        #expect(report.summary["trace_id"] as? String == Self.trace)
        #expect(try String(contentsOfFile: scratch.file("here/run/report.html"), encoding: .utf8).contains(Self.trace))
    }

    /// The records of creates by their spans, asked for one at a time.
    private func records(_ requests: Requests, _ ask: (String) async throws -> String) async throws -> [String] {
        let creates = requests.all.withLock { $0.filter { $0.method == "POST" } }
        var records: [String] = []
        for span in Self.spans(creates.map { $0.header("traceparent") }) { records.append(try await ask(span)) }
        return records
    }

    @Test("a create is found by its span in the ledger, and again in the next process's") func ledger() async throws {
        let requests = Requests()
        let server = try target(requests)
        try #expect(await load(server, ["--concurrency", "1"], Self.parent).run().status == 1)
        let path = scratch.file("here/run/ledger.sqlite")
        let found = try await records(requests) { span in
            let sql =
                "SELECT first + 0x\(span) - span FROM create_span WHERE 0x\(span) BETWEEN span AND span + last - first"
            return try await OtherDatabaseUser.run(sql, on: path).trimmingCharacters(in: .newlines)
        }
        #expect(found == ["1", "2", "4", "4"])
        #expect(try await run(["verify", "run"]).errorText.contains("nothing differs"))
    }

    @Test("so it is on PostgreSQL") func database() async throws {
        let requests = Requests()
        let server = try target(requests)
        let ended = try await load(
            server, ["--concurrency", "1", "--ledger", try await address()], Self.parent
        ).run()
        #expect(ended.status == 1, "\(ended.errorText)")
        let found = try await records(requests) { span in
            try await sql(
                """
                SELECT first + s - span FROM create_span, (SELECT x'\(span)'::bigint AS s) AS asked
                WHERE s BETWEEN span AND span + last - first
                """)
        }
        #expect(found == ["1", "2", "4", "4"])
    }

    @Test(
        "without a trace nothing is sent of one or kept of one; what can't be read is noted",
        arguments: [[:], ["TRACEPARENT": "00-4711"], ["TRACESTATE": "vendor=4711"]])
    func untraced(environment: [String: String]) async throws {
        let requests = Requests()
        let server = try target(requests)
        let ended = try await load(server, ["--quiet"], environment).run()
        #expect(ended.status == 1)
        #expect(ended.errorText.contains("TRACEPARENT is ignored") == (environment["TRACEPARENT"] != nil))
        #expect(requests.header("traceparent").allSatisfy { $0 == nil })
        #expect(requests.header("tracestate").allSatisfy { $0 == nil })
        #expect(try await Report(scratch.file("here/run")).summary["trace_id"] == nil)
        let sql = "SELECT count(*) FROM sqlite_master WHERE name = 'create_span'"
        #expect(try await OtherDatabaseUser.run(sql, on: scratch.file("here/run/ledger.sqlite")) == "0\n")
    }

    @Test("a traceparent of --header is what is sent") func given() async throws {
        let requests = Requests()
        let server = try target(requests)
        _ = try await load(server, ["--header", "traceparent: 4711"], Self.parent).run()
        #expect(!requests.header("traceparent").isEmpty)
        #expect(requests.header("traceparent").allSatisfy { $0 == "4711" })
    }
}
