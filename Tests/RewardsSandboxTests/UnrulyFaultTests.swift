import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

/// Faults of gateways, firewalls and other users, as a client on a socket meets them.
@Suite("Unruly faults")
struct UnrulyFaultTests {
    private static let tokenBody = #"{"key":"sandbox","secret":"sandbox"}"#

    @Test(
        "503 and 429 come after the group was stored, with Retry-After in each form",
        arguments: [("503-after", 503, ["seconds", "date"]), ("429-after", 429, ["none", "seconds", "date"])])
    func statusAfter(kind: String, status: Int, expected: [String]) async throws {
        let seen = try await sights("\(kind)=1", count: 24)
        #expect(seen.sights.allSatisfy { $0.status == status && $0.missing == 0 && $0.end == .open })
        let forms = seen.sights.map { $0.headers["retry-after"].map { $0 == "1" ? "seconds" : "date" } ?? "none" }
        #expect(Set(forms) == Set(expected))
        #expect(seen.stored.count == 24)
        #expect(seen.requests["faults"] == [kind: 24])
    }

    @Test("A server error carries Retry-After now and then, stored or not")
    func serverErrorRetryAfter() async throws {
        let seen = try await sights("502=1", count: 60, linger: 0.02)
        let waiting = seen.sights.indices.filter { seen.sights[$0].headers["retry-after"] == "1" }
        #expect((1..<30).contains(waiting.count))
        #expect(Set(waiting.map { seen.stored.contains("g\($0)") }) == [true, false])
    }

    @Test("A redirection leads to a login, stored or not")
    func redirect() async throws {
        let seen = try await sights("redirect=1", count: 24)
        #expect(Set(seen.sights.map(\.status)) == [302, 303, 307])
        #expect(seen.sights.allSatisfy { $0.headers["location"] == "/login" && $0.missing == 0 })
        #expect((1..<24).contains(seen.stored.count))
    }

    @Test("A false id is none, or is beside an error's words; what is stored has a null or nothing but the id")
    func falseID() async throws {
        let seen = try await sights("false-id=1", count: 48, linger: 0.02)
        var (ofStored, forms): (Int, Set<String>) = (0, [])
        for sight in seen.sights {
            #expect(sight.status == 200)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(sight.body.utf8)) as? [String: Any])
            forms.insert(object.keys.sorted().joined(separator: " "))
            let id = object["id"] as? Int
            if id == nil { #expect(object["id"] is NSNull && object["name"] != nil) }
            if id == nil || object.count == 1 { ofStored += 1 }
        }
        #expect(forms.isSuperset(of: ["code id message", "id success", "errors id isActive name rank", "id"]))
        #expect(seen.sights.contains { $0.body.hasPrefix(#"{"id":-1,"name":"g"#) })
        #expect(seen.stored.count == ofStored)
    }

    @Test("A response that comes twice is two whole responses to one create")
    func desync() async throws {
        let seen = try await sights("desync=1", count: 6, linger: 0.5)
        for (index, sight) in seen.sights.enumerated() {
            let parts = sight.body.components(separatedBy: "HTTP/1.1 200 OK\r\n")
            #expect(parts.count == 2)
            #expect(parts.last?.hasSuffix("\r\n\r\n" + parts[0]) == true)
            #expect(parts[0].contains("\"name\":\"g\(index)\""))
            #expect(sight.end == .open)
        }
        #expect(seen.stored.count == 6)
    }

    @Test(
        "With foreign, somebody has created the name three seconds ago, with another rank; the next create is refused")
    func foreign() async throws {
        let before = Int64(Date().timeIntervalSince1970 * 1000)
        let seen = try await sights("foreign=1", count: 16)
        #expect(seen.sights.allSatisfy { $0.status == 0 && $0.body.isEmpty })
        #expect(seen.groups.count == 16)
        #expect(seen.groups.allSatisfy { $0.foreign == true && $0.rank == 64 && $0.createdOn >= before - 3000 })
        #expect(seen.groups.allSatisfy { $0.createdOn <= Int64(Date().timeIntervalSince1970 * 1000) - 3000 })
        #expect(Set(seen.groups.map(\.by)) == [100_001, 100_009])
        try await withSandbox(SandboxConfiguration(faults: try FaultRates("foreign=1")), over: .ahc(.http)) { client in
            // Its connection is closed.
            _ = try? await client.create("a")
            let second = try await client.create("a")
            #expect(second.status == 400)
            #expect(try second.code() == 12012)
        }
    }

    @Test("With foreign-after, somebody creates the name just after the connection was closed")
    func foreignAfter() async throws {
        let seen = try await sights("foreign-after=1", count: 8, storedMin: 8)
        #expect(seen.sights.allSatisfy { $0.status == 0 && $0.body.isEmpty })
        #expect(seen.groups.count == 8)
        #expect(seen.groups.allSatisfy { $0.foreignAfter == true && $0.foreign == nil && $0.by == 100_001 })
    }

    @Test("A firewall refuses some names always, to creates and updates alike, and the others never")
    func firewall() async throws {
        let configuration = SandboxConfiguration(faults: try FaultRates("firewall=30%"))
        try await withSandbox(configuration) { client in
            var refused = 0
            for index in 0..<60 {
                let first = try await client.create("g\(index)")
                #expect([200, 403].contains(first.status))
                let second = try await client.create("g\(index)")
                let update = try await client.send(.put, groupPath + "/1", "{\"name\":\"g\(index)\"}")
                #expect((second.status == 403) == (first.status == 403))
                #expect((update.status == 403) == (first.status == 403))
                guard first.status == 403 else { continue }
                refused += 1
                #expect(first.text.hasPrefix("<html>"))
                #expect(try await client.send(.get, groupPath + "?name=g\(index)").status == 200)
            }
            #expect((6...30).contains(refused))
        }
    }

    @Test("The token call fails with 500, with 429 and a second's wait, or without a response")
    func tokenFail() async throws {
        try await withSandbox(SandboxConfiguration(faults: try FaultRates("token-fail=1")), over: .ahc(.http)) {
            client in
            var statuses: Set<Int> = []
            for _ in 0..<24 {
                // 0 for a connection that is closed.
                let reply = try? await client.send(.post, "/v3/oauth/token/generate", Self.tokenBody)
                statuses.insert(reply?.status ?? 0)
                #expect(reply?.headers[.retryAfter] == (reply?.status == 429 ? "1" : nil))
            }
            #expect(statuses == [0, 429, 500])
            let created = try await client.create("a")
            #expect(created.status == 200)
        }
    }

    @Test("A token said to live 0 s lives 1 s, and one said to live 1 s as long as all do")
    func tokenShort() async throws {
        let header = try #require(HTTPField.Name("X-CAP-API-OAUTH-TOKEN"))
        let clock = ManualClock()
        let configuration = SandboxConfiguration(faults: try FaultRates("token-short=1"))
        try await withSandbox(configuration, clock: clock.clock) { client in
            var tokens: [Int: String] = [:]
            for _ in 0..<12 {
                let reply = try await client.send(.post, "/v3/oauth/token/generate", Self.tokenBody)
                let data = try #require(try reply.object()["data"] as? [String: Any])
                tokens[try #require(data["ttlSeconds"] as? Int)] = data["accessToken"] as? String
            }
            #expect(tokens.keys.sorted() == [0, 1])
            for (advance, expected) in [(0, [200, 200]), (1, [401, 200]), (298, [401, 200]), (1, [401, 401])] {
                clock.advance(seconds: Int64(advance))
                for (seconds, status) in expected.enumerated() {
                    let token = try #require(tokens[seconds])
                    #expect(try await client.send(.get, groupPath, headers: [header: token]).status == status)
                }
            }
        }
    }

    @Test("A compressed response is gzip that nobody asked for, with the group in it")
    func gzip() async throws {
        try await withSandbox(SandboxConfiguration(faults: try FaultRates("gzip=1"))) { client in
            let port = try #require(client.port)
            let request = [
                "-s", "-i", "-u", "sandbox.till:" + sandboxMD5, "--data", #"{"name":"Gold"}"#,
                "http://127.0.0.1:\(port)\(groupPath)/create",
            ]
            // With --raw curl decodes nothing; with --compressed it asks for what it gets.
            let raw = try await run("curl", ["--raw", "-o", "/dev/null", "-w", "%header{content-encoding}"] + request)
            #expect(raw.output == "gzip")
            let refused = try await run("curl", ["--compressed"] + request)
            #expect(refused.output.contains(#""code":12012"#))
        }
    }

    @Test(
        "After so many creates every group call gets the same response, and nothing is stored any more",
        arguments: zip(SessionLoss.Form.allCases, [302, 404, 400, 403, 200]))
    func sessionLost(form: SessionLoss.Form, status: Int) async throws {
        let configuration = SandboxConfiguration(sessionLoss: SessionLoss(createCount: 2, form: form))
        try await withSandbox(configuration) { client in
            #expect(try await client.create("a").status == 200)
            #expect(try await client.create("a").status == 400)
            #expect(try await client.create("b").status == 200)
            let lost = try await client.create("c")
            #expect(lost.status == status)
            #expect((lost.headers[.location] == "/login") == (form == .redirect))
            for path in ["", "/1", "?name=a"] {
                let reply = try await client.send(.get, groupPath + path)
                #expect(reply.status == status)
                #expect(reply.text == lost.text)
            }
            #expect(try await client.send(.put, groupPath + "/1", #"{"name":"a"}"#).status == status)
            #expect(try await client.send(.post, "/v3/oauth/token/generate", Self.tokenBody).status == 200)
            #expect(try await client.send(.get, "/sandbox/stored").text.split(separator: "\n").count == 2)
        }
    }
}
