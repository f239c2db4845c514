import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

/// Servers that store another form of a name than was sent, and those that give what is there.
@Suite("Normalisation")
struct NormalisationTests {
    @Test(
        "A name is stored, shown and unique in its form, and what was sent is kept",
        arguments: [
            ("trim", " Gold ", "Gold", "Gold"), ("lower", "GoLD É", "gold é", "gold É"),
            ("collapse", "a \u{3000} b", "a b", "a  b"), ("nfc", "Cafe\u{301}", "Café", "Café"),
            ("question", "會員 é", "?? é", "日本 é"), ("cut=3", "Golden", "Gol", "Goliath"),
            ("lower,cut=2,trim", " ABC", "ab", "abd"),
        ])
    func names(kinds: String, sent: String, stored: String, same: String) async throws {
        let configuration = SandboxConfiguration(normalisation: try NameNormalisation(kinds))
        try await withSandbox(configuration) { client in
            let created = try await client.create(sent, rank: 7)
            let name = try #require(try created.object()["name"] as? String)
            // Strings are equal when they are canonically equivalent.
            #expect(name.utf8.elementsEqual(stored.utf8))
            #expect(try created.object()["rank"] as? Int == 7)
            let line = try await client.send(.get, "/sandbox/stored").text
            let group = try JSONDecoder().decode(SightedGroup.self, from: Data(line.utf8))
            #expect(group.name.utf8.elementsEqual(stored.utf8))
            #expect(group.sent.utf8.elementsEqual(sent.utf8))
            #expect(group.by == 100_001)
            #expect(try await client.create(same).code() == 12012)
        }
    }

    @Test("A rank that is ignored is null, in creates and updates")
    func noRank() async throws {
        try await withSandbox(SandboxConfiguration(normalisation: try NameNormalisation("no-rank"))) { client in
            #expect(try await client.create("a", rank: 7).object()["rank"] is NSNull)
            let update = try await client.send(.put, groupPath + "/1", #"{"name":"a","rank":8}"#)
            #expect(try update.object()["rank"] is NSNull)
        }
    }

    @Test("What is no kind is refused", arguments: ["", "upper", "cut", "cut=0", "cut=-1", "cut=x", "trim,", "rank"])
    func refused(text: String) {
        #expect(throws: SandboxError.self) { try NameNormalisation(text) }
    }

    @Test(
        "A create of a name that is there gets its group, unchanged",
        arguments: NameCase.allCases)
    func upsert(nameCase: NameCase) async throws {
        let configuration = SandboxConfiguration(nameCase: nameCase, isUpsert: true)
        try await withSandbox(configuration) { client in
            let first = try await client.create("Gold", rank: 1)
            let second = try await client.create("Gold", rank: 2)
            #expect(second.status == 200)
            #expect(second.text == first.text)
            let other = try await client.create("GOLD", rank: 3)
            #expect((other.text == first.text) == (nameCase == .caseInsensitive))
        }
    }
}
