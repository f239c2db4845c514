import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

@Suite("Group calls")
struct GroupCallsTests {
    @Test("A group is created, read, listed and updated", arguments: ["/core/v1", "/rewards/core/v1"])
    func lifeOfAGroup(prefix: String) async throws {
        let path = "/api_gateway\(prefix)/group"
        let clock = ManualClock()
        try await withSandbox(clock: clock.clock) { client in
            let created = try await client.send(.post, path + "/create", #"{"name":"GROUP_withRANK123","rank":99}"#)
            #expect(created.status == 200)
            #expect(
                created.text == """
                    {"id":1,"orgId":100737,"name":"GROUP_withRANK123","rank":99,"isActive":true,"createdBy":100001,\
                    "createdOn":1742180327000,"createdOnDateTime":"2025-03-17T02:58:47Z","lastUpdatedBy":100001,\
                    "lastUpdatedOn":1742180327000,"lastUpdatedOnDateTime":"2025-03-17T02:58:47Z"}
                    """)
            #expect(try await client.send(.get, path + "/1").text == created.text)

            clock.advance(seconds: 61)
            let updated = try await client.send(
                .put, path + "/1", #"{"name":"GROUP_withRANK123","isActive":false}"#
            ).object()
            #expect(updated["isActive"] as? Bool == false)
            #expect(updated["rank"] as? Int == 99)
            #expect(updated["createdOn"] as? Int == 1_742_180_327_000)
            #expect(updated["lastUpdatedOnDateTime"] as? String == "2025-03-17T02:59:48Z")
            let cleared = try await client.send(.put, path + "/1", #"{"name":"other","rank":null}"#).object()
            #expect(cleared["rank"] is NSNull)
            #expect(cleared["name"] as? String == "other")
            #expect(cleared["isActive"] as? Bool == false)

            let list = try await client.send(.get, path + "?page=0&size=10").object()
            #expect((list["groupRoList"] as? [Any])?.count == 1)
        }
    }

    @Test("What isn't there is 404", arguments: ["/group/77", "/group/77/x", "/groups", "/group/create"])
    func notThere(path: String) async throws {
        try await withSandbox { client in
            let reply = try await client.send(.get, "/api_gateway/core/v1" + path)
            #expect(reply.status == (path == "/group/create" ? 400 : 404))
            #expect(try reply.code() == reply.status)
        }
        try await withSandbox { client in
            let reply = try await client.send(.put, groupPath + "/77", #"{"name":"x"}"#)
            #expect(reply.status == 404)
        }
    }

    @Test(
        "A body that isn't right is refused with its code",
        arguments: [
            (#"{"rank":1}"#, 400, "Group name must not be null"),
            (#"{"name":null}"#, 400, "Group name must not be null"),
            (#"{"name":""}"#, 400, "Group name must not be blank"),
            (#"{"name":" \t\u00a0"}"#, 400, "Group name must not be blank"),
            (#"{"name":"a\u0000b"}"#, 400, "Group name must not contain the character U+0000"),
            (#"{"name":5}"#, 400, "Request body: name has the wrong type"),
            (#"{"name":"x","rank":"5"}"#, 400, "Request body: rank has the wrong type"),
            (#"{"name":"x","rank":true}"#, 400, "Request body: rank has the wrong type"),
            (#"{"name":"x","rank":1.5}"#, 400, "Request body: rank is out of range"),
            (#"{"name":"x","rank":2147483648}"#, 400, "Request body: rank is out of range"),
            (#"{"name":"x""#, 400, "Request body is not valid JSON"),
            (#"{"name":"\ud800"}"#, 400, "Request body is not valid JSON"),
            ("", 400, "Request body is not valid JSON"),
            ("[]", 400, "Request body: the whole has the wrong type"),
        ])
    func badBody(body: String, code: Int, message: String) async throws {
        try await withSandbox { client in
            let reply = try await client.send(.post, groupPath + "/create", body)
            #expect(reply.status == 400)
            let status = try #require(try reply.object()["status"] as? [String: Any])
            #expect(status["success"] as? Bool == false)
            #expect(status["code"] as? Int == code)
            #expect(status["message"] as? String == message)
            #expect(try await client.send(.get, "/sandbox/stored").text.isEmpty)
        }
    }

    @Test("Ranks at the ends of 32 bits are stored", arguments: [-2_147_483_648, -1, 0, 2_147_483_647])
    func rankBounds(rank: Int) async throws {
        try await withSandbox { client in
            let group = try await client.create("x", rank: rank).object()
            #expect(group["rank"] as? Int == rank)
        }
    }

    @Test(
        "A name comes back exactly as it was sent",
        arguments: [
            "🎁👩‍👩‍👧", "say \"hi\" \\ back", "line\nbreak\ttab", "  blanks around  ", "e\u{301}", "\u{e9}",
            "Ωμέγα", "會員", "it's; DROP TABLE groups --", "\u{1}\u{7f}", "</script>", "a\u{2028}b",
        ])
    func exactNames(name: String) async throws {
        try await withSandbox { client in
            let body = try String(decoding: JSONSerialization.data(withJSONObject: ["name": name]), as: UTF8.self)
            let created = try await client.send(.post, groupPath + "/create", body)
            for reply in [created, try await client.send(.get, "/sandbox/stored")] {
                let back = try #require(try reply.object()["name"] as? String)
                #expect(Array(back.utf8) == Array(name.utf8))
            }
        }
    }

    @Test("A body over 64 KiB is 413")
    func bodyLimit() async throws {
        try await withSandbox { client in
            let long = String(repeating: "x", count: 65_536)
            let reply = try await client.send(.post, groupPath + "/create", "{\"name\":\"\(long)\"}")
            #expect(reply.status == 413)
            #expect(try reply.code() == 413)
        }
        try await withSandbox { client in
            let most = String(repeating: "x", count: 65_536 - 11)
            let reply = try await client.send(.post, groupPath + "/create", "{\"name\":\"\(most)\"}")
            #expect(reply.status == 200)
        }
    }
}
