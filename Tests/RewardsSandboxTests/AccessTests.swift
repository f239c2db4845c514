import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

@Suite("Access")
struct AccessTests {
    private static let tokenName = HTTPField.Name("X-CAP-API-OAUTH-TOKEN")

    @Test(
        "Credentials that prove nothing are 401",
        arguments: [
            nil, "", "Basic", "Basic !!!", "Bearer x",
            "basic \(Data("sandbox.till:sandbox".utf8).base64EncodedString())",
            "Basic \(Data("sandbox.till:".utf8).base64EncodedString())",
            "Basic \(Data("other:\(sandboxMD5)".utf8).base64EncodedString())",
        ])
    func refused(authorization: String?) async throws {
        try await withSandbox { client in
            var headers = HTTPFields()
            headers[.authorization] = authorization
            for (method, path) in [(HTTPRequest.Method.post, "/create"), (.get, ""), (.get, "/1"), (.put, "/1")] {
                let reply = try await client.send(method, groupPath + path, #"{"name":"x"}"#, headers: headers)
                #expect(reply.status == 401)
                #expect(try reply.code() == 401)
            }
            #expect(try await client.send(.get, "/sandbox/stored").text.isEmpty)
        }
    }

    @Test("A token is issued, used, and refused once it has expired")
    func tokens() async throws {
        let clock = ManualClock()
        let name = try #require(Self.tokenName)
        try await withSandbox(SandboxConfiguration(tokenLifetime: .seconds(60)), clock: clock.clock) { client in
            let reply = try await client.send(
                .post, "/v3/oauth/token/generate", #"{"key":"sandbox","secret":"sandbox"}"#, headers: [:])
            let response = try reply.object()
            #expect(response["errors"] is NSNull)
            let data = try #require(response["data"] as? [String: Any])
            #expect(data["ttlSeconds"] as? Int == 60)
            let token = try #require(data["accessToken"] as? String)

            let body = #"{"name":"by token"}"#
            let created = try await client.send(.post, groupPath + "/create", body, headers: [name: token])
            #expect(try created.object()["createdBy"] as? Int == 100_002)
            clock.advance(seconds: 59)
            #expect(try await client.send(.get, groupPath, headers: [name: token]).status == 200)
            clock.advance(seconds: 1)
            #expect(try await client.send(.get, groupPath, headers: [name: token]).status == 401)
            #expect(try await client.send(.get, groupPath, headers: [name: "x"]).status == 401)
        }
    }

    @Test(
        "A wrong key or secret gets no token",
        arguments: [
            (#"{"key":"sandbox","secret":"x"}"#, 401), (#"{"key":"x","secret":"sandbox"}"#, 401),
            (#"{"key":"sandboxs","secret":"andbox"}"#, 401), (#"{"key":"sandbox"}"#, 400), ("", 400),
        ])
    func wrongSecret(body: String, status: Int) async throws {
        try await withSandbox { client in
            let reply = try await client.send(.post, "/v3/oauth/token/generate", body, headers: [:])
            #expect(reply.status == status)
            #expect(!reply.text.contains("accessToken"))
        }
    }

    @Test("Over the limit is 429 with the seconds to wait, for each key on its own")
    func rateLimit() async throws {
        let clock = ManualClock(1_742_180_340_000)  // a full minute
        let configuration = SandboxConfiguration(rateLimit: .init(countPerMinute: 3))
        let name = try #require(Self.tokenName)
        try await withSandbox(configuration, clock: clock.clock) { client in
            let reply = try await client.send(
                .post, "/v3/oauth/token/generate", #"{"key":"sandbox","secret":"sandbox"}"#)
            let token = try #require((try reply.object()["data"] as? [String: Any])?["accessToken"] as? String)
            clock.advance(seconds: 18)
            for index in 0..<3 { #expect(try await client.create("g\(index)").status == 200) }
            let refused = try await client.create("g3")
            #expect(refused.status == 429)
            #expect(try refused.code() == 429)
            #expect(refused.headers[.retryAfter] == "42")
            #expect(try await client.send(.get, groupPath, headers: [name: token]).status == 200)
            clock.advance(seconds: 41)
            #expect(try await client.create("g3").headers[.retryAfter] == "1")
            clock.advance(seconds: 1)
            #expect(try await client.create("g3").status == 200)
        }
    }

    @Test(
        "Only a loopback host is served, by default",
        arguments: [
            ("127.0.0.1", true), ("127.8.9.1", true), ("localhost", true), ("::1", true), ("0.0.0.0", false),
            ("127.0.0.1.example", false), ("127.evil.0.1", false), ("::", false), ("", false), ("10.0.0.1", false),
        ])
    func loopback(host: String, isLoopback: Bool) throws {
        #expect(SandboxConfiguration(host: host).isLoopback == isLoopback)
        if isLoopback {
            _ = try Sandbox(configuration: SandboxConfiguration(host: host), logger: quietLogger)
        } else {
            let error = #expect(throws: SandboxError.self) {
                try Sandbox(configuration: SandboxConfiguration(host: host), logger: quietLogger)
            }
            #expect(error?.code == .configuration)
            _ = try Sandbox(
                configuration: SandboxConfiguration(host: host, allowNonLoopback: true), logger: quietLogger)
        }
    }

    @Test("What was stored is not shown where other machines can reach it")
    func notShownBeyondLoopback() async throws {
        try await withSandbox(SandboxConfiguration(host: "0.0.0.0", allowNonLoopback: true), over: .router) { client in
            for path in ["/sandbox/stored", "/sandbox/requests"] {
                let reply = try await client.send(.get, path)
                #expect(reply.status == 404)
            }
        }
    }
}
