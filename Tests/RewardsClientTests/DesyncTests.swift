import RewardsClient
import TestSupport
import Testing

/// Connections on which responses and requests no longer belong together.
@Suite struct DesyncTests {
    private static func group(_ id: Int, _ name: String) -> String {
        rawResponse(200, #"{"id":\#(id),"name":"\#(name)"}"#)
    }

    @Test(
        "bytes behind a response close the connection; the response itself counts",
        arguments: [
            group(1, "n1"), "x", "HTTP/1.1 200 OK\r\nContent-Le", "\r\n", rawResponse(400, ""),
        ])
    func surplus(bytes: String) async throws {
        let server = try ScriptedServer { number, request in
            number == 1 ? .send(Self.group(1, "n1") + bytes) : echo(request, id: number)
        }
        defer { server.stop() }
        let replies = try await withClient(server) { client in
            var replies: [String] = []
            for number in 1...3 { replies.append(summary(await client.create(name: "n\(number)", rank: nil))) }
            return replies
        }
        #expect(replies == ["succeeded 200 1", "succeeded 200 2", "succeeded 200 3"])
        // An idle connection may close for other reasons, so that only what must be another one is compared.
        #expect(server.connectionOfRequest[0] != server.connectionOfRequest[1])
    }

    @Test("bytes behind a chunked response too") func surplusBehindChunks() async throws {
        let body = #"{"id":1,"name":"n1"}"#
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n\(body)\r\n0\r\n\r\n"
        let server = try ScriptedServer { number, request in
            number == 1 ? .send(chunked + "HTTP/1.1 2") : number == 2 ? .send(chunked) : echo(request, id: number)
        }
        defer { server.stop() }
        let replies = try await withClient(server) { client in
            var replies: [String] = []
            for name in ["n1", "n1", "n2"] { replies.append(summary(await client.create(name: name, rank: nil))) }
            return replies
        }
        #expect(replies == ["succeeded 200 1", "succeeded 200 1", "succeeded 200 3"])
        #expect(server.connectionOfRequest[0] != server.connectionOfRequest[1])
    }

    @Test("a get, an update or a list that gets another's response is lost, and closes the connection")
    func others() async throws {
        let server = try ScriptedServer { number, _ in
            switch number {
            case 1, 3: .send(Self.group(9, "b"))
            case 5: .send(Self.group(9, "b"))
            case 6: .send(rawResponse(200, #"{"groupRoList":[]}"#))
            default: .send(Self.group(1, "a"))
            }
        }
        defer { server.stop() }
        let replies = try await withClient(server) { client in
            var replies = [summary(await client.get(id: 1)), summary(await client.get(id: 1))]
            replies += [summary(await client.update(id: 1, name: "a")), summary(await client.update(id: 1, name: "a"))]
            for _ in 0..<2 {
                switch await client.list(ListQuery()) {
                case .succeeded: replies.append("succeeded")
                case .lost: replies.append("lost")
                default: replies.append("other")
                }
            }
            return replies
        }
        #expect(replies == ["lost 200", "succeeded 200 1", "lost 200", "succeeded 200 1", "lost", "succeeded"])
        let connections = server.connectionOfRequest
        for place in [0, 2, 4] { #expect(connections[place] != connections[place + 1]) }
    }
}
