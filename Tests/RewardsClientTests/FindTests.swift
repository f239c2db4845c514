import RewardsClient
import Testing

@Suite("Looking up a name")
struct FindTests {
    /// Pages of names; the group of the n-th name has id n.
    private func server(_ pages: [[String]], paging: Bool = true) -> StubTransport {
        StubTransport { request in
            let number = request.url.split(separator: "page=").last.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
            let first = pages.prefix(number).reduce(1) { $0 + $1.count }
            let names = number < pages.count ? pages[number] : []
            let groups = names.enumerated().map { #"{"id":\#(first + $0.offset),"name":"\#($0.element)"}"# }
            let dto = paging ? #","pagingDto":{"last":\#(number + 1 >= pages.count),"number":\#(number)}"# : ""
            return TransportResponse(
                200,
                #"{"status":{"success":true,"code":12013},"groupRoList":[\#(groups.joined(separator: ","))]\#(dto)}"#)
        }
    }

    @Test(
        "exactly, byte for byte, through all pages",
        arguments: [
            ([["VIP2", "vip"], ["VIP"]], "VIP", 3, 2), ([["VIP2", "vip"]], "VIP", nil, 1),
            // The first is é as e and an accent: canonically equal, other bytes.
            ([["e\u{301}", "é"]], "é", 2, 1), ([[]], "a", nil, 1),
        ] as [([[String]], String, Int64?, Int)])
    func exact(pages: [[String]], name: String, id: Int64?, requests: Int) async throws {
        let transport = server(pages)
        guard
            case .succeeded(let groups, let info) = await (try stubbedClient(transport)).find(
                name: name, matching: { $0.utf8.elementsEqual(name.utf8) })
        else {
            Issue.record("no success")
            return
        }
        #expect(groups.map(\.id) == [id].compactMap(\.self))
        #expect(info.requests == requests && transport.requests.count == requests)
    }

    @Test("by the caller's rule")
    func matching() async throws {
        let reply = await (try stubbedClient(server([["VIP", "x"], ["vip"]]))).find(
            name: "vip", matching: { $0.lowercased() == "vip" })
        guard case .succeeded(let groups, _) = reply else {
            Issue.record("no success")
            return
        }
        #expect(groups.map(\.id) == [1, 3])
    }

    @Test("a page that is not admitted ends the look-up as cancelled")
    func admitsNextPage() async throws {
        let transport = server([["a"], ["b"], ["c"]])
        var calls = 0
        let reply = await (try stubbedClient(transport)).find(
            name: "z", matching: { $0 == "z" },
            admitsNextPage: {
                calls += 1
                return calls < 2
            })
        guard case .unsent(let failure) = reply else {
            Issue.record("not unsent")
            return
        }
        #expect(failure.kind == .cancelled)
        #expect(calls == 2 && transport.requests.count == 2)
    }

    @Test("a server without paging data ends at the first page that brings nothing new")
    func withoutPaging() async throws {
        let transport = server([["a", "b"], ["c"]], paging: false)
        _ = await (try stubbedClient(transport)).find(name: "z", matching: { $0 == "z" })
        #expect(transport.requests.count == 3)
    }

    @Test(
        "a look-up is bounded: sooner where the target doesn't narrow its list by the name",
        arguments: [("n", RewardsClient.findPagesMax), ("z", RewardsClient.unboundedPagesMax)])
    func bounded(name: String, pages: Int) async throws {
        let transport = server((0..<300).map { ["n\($0)"] })
        guard
            case .refused(let refusal) = await (try stubbedClient(transport)).find(name: name, matching: { $0 == "z" })
        else {
            Issue.record("not refused")
            return
        }
        #expect(transport.requests.count == pages && refusal.info.requests == pages)
        #expect(refusal.code == RewardsClient.unboundedCode && refusal.message.contains("\(pages) pages"))
    }

    @Test(
        "a list that can't be relied on",
        arguments: [
            (200, "{}", "lost"), (200, #"{"groupRoList":[{"name":"a"}]}"#, "lost"), (200, "x", "lost"),
            (200, #"{"groupRoList":null}"#, "succeeded"), (500, "", "refused"),
            (200, #"{"status":{"success":false,"code":3}}"#, "refused"),
        ])
    func unreliable(status: Int, body: String, expected: String) async throws {
        let reply = await (try stubbedClient(StubTransport(status, body))).find(name: "a", matching: { $0 == "a" })
        let kind =
            switch reply {
            case .succeeded: "succeeded"
            case .refused: "refused"
            case .lost: "lost"
            case .unsent: "unsent"
            }
        #expect(kind == expected)
    }
}
