import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

@Suite("Unique names")
struct UniqueNameTests {
    @Test(
        "Which names are the same under each rule",
        arguments: [
            ("VIP", "VIP", true, true), ("VIP", "vip", false, true), ("VIP", "VIP ", false, false),
            ("ÉTÉ", "été", false, true), ("Straße", "STRASSE", false, true), ("ΟΔΟΣ", "οδος", false, true),
            ("οδος", "οδοσ", false, true), ("ДОМ", "дом", false, true), ("é", "e\u{301}", false, false),
        ])
    func rules(first: String, second: String, sameBytes: Bool, sameFolded: Bool) async throws {
        for (rule, isSame) in [
            (NameCase.caseSensitive, sameBytes), (.caseInsensitive, sameFolded),
        ] {
            try await withSandbox(SandboxConfiguration(nameCase: rule)) { client in
                #expect(try await client.create(first).status == 200)
                let reply = try await client.create(second)
                #expect(reply.status == (isSame ? 400 : 200))
                if isSame {
                    #expect(
                        reply.text
                            == #"{"status":{"success":false,"code":12012,"message":"Group name must be unique"}}"#)
                }
            }
        }
    }

    @Test("An update can't take another's name, but keeps its own")
    func updates() async throws {
        try await withSandbox { client in
            #expect(try await client.create("a").status == 200)
            #expect(try await client.create("b").status == 200)
            let taken = try await client.send(.put, groupPath + "/2", #"{"name":"a"}"#)
            #expect(try taken.code() == 12012)
            #expect(try await client.send(.put, groupPath + "/2", #"{"name":"b","rank":1}"#).status == 200)
            #expect(try await client.send(.put, groupPath + "/2", #"{"rank":1}"#).status == 400)
        }
    }

    @Test("Of many creates of one name at once, exactly one wins; the others beside them are stored")
    func concurrentCreates() async throws {
        try await withSandbox(over: .ahc(.http)) { client in
            let statuses = try await concurrently(Array(0..<200)) { index in
                let isShared = index % 2 == 0
                return (isShared, try await client.create(isShared ? "shared" : "own \(index)").status)
            }
            #expect(statuses.filter { $0.0 && $0.1 == 200 }.count == 1)
            #expect(statuses.filter { $0.0 && $0.1 == 400 }.count == 99)
            #expect(statuses.filter { !$0.0 && $0.1 == 200 }.count == 100)
            let lines = try await client.send(.get, "/sandbox/stored").text.split(separator: "\n")
            #expect(lines.count == 101)
            let requests = try await client.send(.get, "/sandbox/requests")
            #expect(requests.text == #"{"POST /group/create":{"200":101,"400":99}}"#)
        }
    }
}
