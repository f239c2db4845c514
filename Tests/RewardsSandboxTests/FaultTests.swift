import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

/// Each kind of fault as a client on a socket meets it.
@Suite("Faults")
struct FaultTests {
    @Test(
        "Lost before: nothing stored, no response; lost after: stored, no response",
        arguments: ["before", "after"])
    func lost(when: String) async throws {
        let seen = try await sights("lost-\(when)=1", count: 12)
        #expect(seen.sights.allSatisfy { $0.status == 0 && $0.body.isEmpty })
        #expect(Set(seen.sights.map(\.end)) == [.closed, .reset])
        #expect(seen.stored.count == (when == "before" ? 0 : 12))
        #expect(seen.requests == ["POST /group/create": ["none": 12], "faults": ["lost-\(when)": 12]])
    }

    @Test("A time-out holds the connection open without a response", arguments: ["before", "after"])
    func timeout(when: String) async throws {
        let seen = try await sights("timeout-\(when)=1", count: 2, wait: 0.3)
        #expect(seen.sights.allSatisfy { $0.status == 0 && $0.end == .open })
        #expect(seen.stored.count == (when == "before" ? 0 : 2))
        #expect(seen.requests["POST /group/create"] == ["none": 2])
    }

    @Test("A cut response ends before its Content-Length, and its group is stored")
    func cut() async throws {
        let seen = try await sights("cut=1", count: 8)
        #expect(seen.sights.allSatisfy { $0.status == 200 && $0.end == .closed && $0.missing > 0 })
        #expect(Set(seen.sights.map(\.missing)).count > 1)
        #expect(seen.stored.count == 8)
    }

    @Test("A server error comes before or after the group is stored", arguments: ["500", "502", "503"])
    func serverErrors(status: String) async throws {
        let seen = try await sights("\(status)=1", count: 24)
        #expect(seen.sights.allSatisfy { String($0.status) == status && $0.end == .open && $0.missing == 0 })
        #expect((1..<24).contains(seen.stored.count))
        #expect(Set(seen.sights.map { $0.headers["content-type"] }).count > 1)
    }

    @Test("429 comes without Retry-After, with seconds and with a date, and nothing is stored")
    func tooMany() async throws {
        let seen = try await sights("429=1", count: 24)
        #expect(seen.sights.allSatisfy { $0.status == 429 && $0.missing == 0 })
        let waits = seen.sights.compactMap { $0.headers["retry-after"] }
        let forms = Set(seen.sights.map { $0.headers["retry-after"].map { $0 == "1" ? "seconds" : "date" } ?? "none" })
        #expect(forms == ["none", "seconds", "date"])
        #expect(waits.allSatisfy { $0 == "1" || $0.hasSuffix(" gmt") })
        #expect(seen.stored.isEmpty)
    }

    @Test("Garbage is 200 without a group's id, stored or not")
    func garbage() async throws {
        let seen = try await sights("garbage=1", count: 40)
        for sight in seen.sights {
            #expect(sight.status == 200)
            let object = try? JSONSerialization.jsonObject(with: Data(sight.body.utf8)) as? [String: Any]
            #expect(object?["id"] as? Int == nil)
        }
        #expect(Set(seen.sights.map(\.body)).count > 8)
        #expect((1..<40).contains(seen.stored.count))
    }

    @Test(
        "A false success is 200 with success:false in every shape, and nothing is stored",
        arguments: ErrorShape.allCases)
    func falseSuccess(shape: ErrorShape) async throws {
        let seen = try await sights("false-success=1", count: 4) { $0.errorShape = shape }
        for sight in seen.sights {
            #expect(sight.status == 200)
            #expect(sight.body.contains("\"success\":false"))
            #expect(sight.body.contains("\"code\":"))
        }
        #expect(seen.stored.isEmpty)
    }

    @Test("A slow response comes whole, in pieces")
    func slow() async throws {
        let seen = try await sights("slow=1", count: 2)
        #expect(seen.sights.allSatisfy { $0.status == 200 && $0.missing == 0 && $0.pieces > 1 && $0.end == .open })
        #expect(seen.stored.count == 2)
    }

    @Test("A kept connection is closed as the request comes, or after the response, without notice")
    func keepaliveClose() async throws {
        let seen = try await sights("keepalive-close=1", count: 24, linger: 30)
        let responses = seen.sights.filter { $0.status == 200 && $0.missing == 0 }
        #expect(responses.count == seen.stored.count)
        #expect((1..<24).contains(responses.count))
        #expect(seen.sights.allSatisfy { $0.end == .closed && $0.headers["connection"] == nil })
        #expect(seen.sights.filter { $0.status == 0 }.count == 24 - responses.count)
    }

    @Test("A stale list misses a group by name until it is old enough; the list without a name has it")
    func staleList() async throws {
        let clock = ManualClock()
        let configuration = SandboxConfiguration(faults: try FaultRates("stale-list=1"), staleMilliseconds: 2_000)
        try await withSandbox(configuration, clock: clock.clock) { client in
            #expect(try await client.create("Gold").status == 200)
            for (advance, isFound) in [(0, false), (2, false), (1, true)] as [(Int64, Bool)] {
                clock.advance(seconds: advance)
                let reply = try await client.send(.get, groupPath + "?name=Gold")
                #expect(reply.status == 200)
                #expect(reply.text.contains("\"Gold\"") == isFound)
                #expect(try await client.send(.get, groupPath).text.contains("\"Gold\""))
            }
            #expect(try await client.send(.get, "/sandbox/requests").text.hasSuffix(#""faults":{"stale-list":3}}"#))
        }
    }

    @Test("An expired token is 401 to a valid token only; neither Basic nor the token call meets it")
    func expiredToken() async throws {
        let name = try #require(HTTPField.Name("X-CAP-API-OAUTH-TOKEN"))
        try await withSandbox(SandboxConfiguration(faults: try FaultRates("expired-token=1"))) { client in
            let reply = try await client.send(
                .post, "/v3/oauth/token/generate", #"{"key":"sandbox","secret":"sandbox"}"#)
            let token = try #require((try reply.object()["data"] as? [String: Any])?["accessToken"] as? String)
            #expect(try await client.send(.get, groupPath, headers: [name: token]).status == 401)
            #expect(try await client.create("a").status == 200)
            #expect(try await client.send(.get, "/sandbox/requests").text.hasSuffix(#""faults":{"expired-token":1}}"#))
        }
    }

    @Test("Faults strike lists, reads and the token call, and nothing that is not of the API")
    func routes() async throws {
        try await withSandbox(SandboxConfiguration(faults: try FaultRates("429=1"))) { client in
            for path in ["", "/1", "?name=x"] {
                let reply = try await client.send(.get, groupPath + path)
                #expect(reply.status == 429)
            }
            let body = #"{"key":"sandbox","secret":"sandbox"}"#
            #expect(try await client.send(.post, "/v3/oauth/token/generate", body).status == 429)
            #expect(try await client.send(.put, groupPath + "/1", #"{"name":"x"}"#).status == 429)
            #expect(try await client.send(.get, "/sandbox/stored").status == 200)
            #expect(try await client.send(.get, "/elsewhere").status == 404)
            #expect(try await client.send(.get, groupPath, headers: [:]).status == 401)
        }
    }

    @Test("The same requests meet the same faults, in whatever order and however many at once")
    func replay() async throws {
        let configuration = SandboxConfiguration(faults: try FaultRates("500=20%,429=20%"), faultSeed: 99)
        func statuses(_ order: [Int]) async throws -> [Int: Int] {
            let sandbox = try Sandbox(configuration: configuration, logger: quietLogger)
            return try await sandbox.application().test(.ahc(.http)) { client in
                let statuses = try await concurrently(order) { ($0, try await client.create("g\($0)").status) }
                return Dictionary(uniqueKeysWithValues: statuses)
            }
        }
        let forward = try await statuses(Array(0..<200))
        #expect(Set(forward.values) == [200, 429, 500])
        #expect(try await statuses((0..<200).reversed()) == forward)
    }
}
