import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

@Suite("List")
struct GroupListTests {
    /// Names in the order listed.
    private func names(_ reply: Reply) throws -> [String] {
        let groups = try #require(try reply.object()["groupRoList"] as? [[String: Any]])
        return groups.compactMap { $0["name"] as? String }
    }

    @Test(
        "Filters and orders",
        arguments: [
            ("", ["Vip Gold", "vip silver", "Basic+", "VÍP"]),
            ("?name=Vip", ["Vip Gold"]),
            ("?name=%20silver", ["vip silver"]),
            ("?name=p+s", ["vip silver"]),
            ("?name=Basic%2B", ["Basic+"]),
            ("?name=V%C3%8DP", ["VÍP"]),
            ("?name=%25", []),
            ("?active=false", ["Basic+"]),
            ("?active=true&size=2", ["Vip Gold", "vip silver"]),
            ("?size=3&page=1", ["VÍP"]),
            ("?orderBy=DESC", ["VÍP", "Basic+", "vip silver", "Vip Gold"]),
            ("?orderBy=ASC&sortBy=RANK&sortOn=RANK", ["VÍP", "Basic+", "vip silver", "Vip Gold"]),
            ("?sortBy=DESC&sortOn=RANK", ["Vip Gold", "vip silver", "Basic+", "VÍP"]),
            ("?page=9", []), ("?page=9223372036854775807&size=1", []),
        ])
    func filters(query: String, expected: [String]) async throws {
        try await withSandbox { client in
            for (name, rank) in [("Vip Gold", 9), ("vip silver", 5), ("Basic+", 1), ("VÍP", nil)] {
                #expect(try await client.create(name, rank: rank).status == 200)
            }
            let off = #"{"name":"Basic+","isActive":false}"#
            #expect(try await client.send(.put, groupPath + "/3", off).status == 200)
            let reply = try await client.send(.get, groupPath + query)
            #expect(try names(reply) == expected)
        }
    }

    @Test("A case-insensitive sandbox also looks names up so")
    func foldedFilter() async throws {
        try await withSandbox(SandboxConfiguration(nameCase: .caseInsensitive)) { client in
            #expect(try await client.create("Straße").status == 200)
            let reply = try await client.send(.get, groupPath + "?name=STRASSE")
            #expect(try names(reply) == ["Straße"])
        }
    }

    @Test("Paging tells where the page stands, and a size over the maximum is cut")
    func paging() async throws {
        try await withSandbox(SandboxConfiguration(listSizeMax: 3)) { client in
            for index in 0..<7 { #expect(try await client.create("g\(index)").status == 200) }
            let pages: [(page: Int, first: Bool, last: Bool, count: Int)] = [
                (0, true, false, 3), (1, false, false, 3), (2, false, true, 1), (3, false, true, 0),
            ]
            for page in pages {
                let reply = try await client.send(.get, groupPath + "?size=500&page=\(page.page)")
                let paging = try #require(try reply.object()["pagingDto"] as? [String: Any])
                #expect(paging["totalElements"] as? Int == 7)
                #expect(paging["totalPages"] as? Int == 3)
                #expect(paging["size"] as? Int == 3)
                #expect(paging["number"] as? Int == page.page)
                #expect(paging["numberOfElements"] as? Int == page.count)
                #expect(paging["first"] as? Bool == page.first)
                #expect(paging["last"] as? Bool == page.last)
            }
        }
    }

    @Test(
        "A parameter that can't be understood is 400",
        arguments: [
            "page=-1", "page=x", "size=0", "active=maybe", "orderBy=UP", "sortOn=NAME", "name=%zz",
            "page=9223372036854775807",
        ])
    func badParameter(query: String) async throws {
        try await withSandbox { client in
            let reply = try await client.send(.get, groupPath + "?" + query)
            #expect(reply.status == 400)
            #expect(reply.text.contains("Query parameter \(query.prefix { $0 != "=" }) "))
        }
    }
}
