import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

/// Which calls each kind of fault strikes: those that its help names, and no others.
@Suite("Faults and the calls that they strike")
struct FaultReachTests {
    private static let calls = ["create", "update", "get", "list", "find", "token"]

    /// Kinds whose response is whole, with the calls that meet them and the status that these get; 0 for any.
    private static let kinds: [(kind: String, calls: Set<String>, status: Int)] = [
        ("429", Set(calls), 429), ("500", Set(calls), 500), ("502", Set(calls), 502), ("503", Set(calls), 503),
        ("garbage", Set(calls), 200), ("slow", Set(calls), 0), ("gzip", Set(calls), 0),
        ("false-success", Set(calls).subtracting(["token"]), 200), ("stale-list", ["find"], 200),
        ("503-after", ["create", "update"], 503), ("429-after", ["create", "update"], 429),
        ("redirect", ["create", "update"], 0), ("firewall", ["create", "update"], 403), ("false-id", ["create"], 0),
        ("token-short", ["token"], 200), ("expired-token", [], 0),
    ]

    @Test("each kind", arguments: kinds)
    func reaches(kind: String, calls: Set<String>, status: Int) async throws {
        let configuration = SandboxConfiguration(faults: try FaultRates("\(kind)=1"))
        try await withSandbox(configuration) { client in
            var struck = 0
            for call in Self.calls {
                let reply = try await Self.send(call, client)
                let isStruck = calls.contains(call)
                struck += isStruck ? 1 : 0
                let text = try await client.send(.get, "/sandbox/requests").text
                let counts = try JSONDecoder().decode([String: [String: Int]].self, from: Data(text.utf8))
                #expect(counts["faults"]?[kind] ?? 0 == struck, "\(call)")
                if isStruck, status > 0 { #expect(reply.status == status, "\(call)") }
            }
        }
    }

    @Test("an expired token strikes every call that carries one") func token() async throws {
        let header = try #require(HTTPField.Name("X-CAP-API-OAUTH-TOKEN"))
        try await withSandbox(SandboxConfiguration(faults: try FaultRates("expired-token=1"))) { client in
            let reply = try await Self.send("token", client)
            let token = try #require((try reply.object()["data"] as? [String: Any])?["accessToken"] as? String)
            for (method, path, body) in [
                (.get, "", nil), (.get, "/1", nil), (.get, "?name=x", nil), (.put, "/1", #"{"name":"x"}"#),
                (.post, "/create", #"{"name":"x"}"#),
            ] as [(HTTPRequest.Method, String, String?)] {
                let reply = try await client.send(method, groupPath + path, body, headers: [header: token])
                #expect(reply.status == 401, "\(path)")
            }
            #expect(try await client.send(.get, "/sandbox/stored").text.isEmpty)
        }
    }

    private static func send(_ call: String, _ client: any TestClientProtocol) async throws -> Reply {
        switch call {
        case "create": try await client.create("Gold")
        case "update": try await client.send(.put, groupPath + "/1", #"{"name":"Gold"}"#)
        case "get": try await client.send(.get, groupPath + "/1")
        case "list": try await client.send(.get, groupPath)
        case "find": try await client.send(.get, groupPath + "?name=Gold")
        default:
            try await client.send(
                .post, "/v3/oauth/token/generate", #"{"key":"sandbox","secret":"sandbox"}"#)
        }
    }
}
