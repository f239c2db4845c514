import RewardsClient
import TestSupport
import Testing

/// Responses as RFC 9112 lets a server write them, and as it doesn't, however their bytes come.
@Suite struct WireTests {
    private static let group = #"{"id":7,"name":"a"}"#
    private static let chunks = "4;x=y\r\n{\"id\r\n00F\r\n\":7,\"name\":\"a\"}\r\n0\r\n"
    private static let chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"

    /// Responses of every sound form, and what a create makes of each.
    private static let sound: [(form: String, text: String, reply: String)] = [
        ("plain", rawResponse(200, group, headers: ["Date: Sun, 06 Nov 1994 08:49:37 GMT"]), "succeeded 200 7"),
        ("without a reason", "HTTP/1.1 201 \r\ncontent-length:19\r\n\r\n" + group, "succeeded 201 7"),
        ("blanks round a value", "HTTP/1.1 200 OK\r\nContent-Length:   19  \r\n\r\n" + group, "succeeded 200 7"),
        ("an empty value", "HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 19\r\n\r\n" + group, "succeeded 200 7"),
        ("in chunks", chunkedHead + "\r\n" + chunks + "\r\n", "succeeded 200 7"),
        (
            "chunks and trailers", chunkedHead + "Trailer: X-Sum\r\n\r\n" + chunks + "X-Sum: 1\r\nX-B:\r\n\r\n",
            "succeeded 200 7"
        ),
        ("behind 100", "HTTP/1.1 100 Continue\r\n\r\n" + rawResponse(200, group), "succeeded 200 7"),
        (
            "behind 102 and 103",
            "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
                + rawResponse(200, group), "succeeded 200 7"
        ),
        (
            "a chunked one behind 100", "HTTP/1.1 100 C\r\n\r\n" + chunkedHead + "\r\n" + chunks + "\r\n",
            "succeeded 200 7"
        ),
        ("a refusal", rawResponse(400, ResponseShapeTests.nameTaken), "refused 400 12012"),
        ("a refusal without a body", rawResponse(429, "", headers: ["Retry-After: 1"]), "refused 429 -"),
        ("a failure", rawResponse(502, "<html>Bad gateway</html>"), "lost 502"),
        ("no content", "HTTP/1.1 204 No Content\r\n\r\n", "lost 204"),
        ("not modified", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", "lost 304"),
        ("a body of no bytes", rawResponse(200, ""), "lost 200"),
    ]

    @Test("a response is the same wherever its bytes are cut, and the connection goes on", arguments: sound)
    func cutAnywhere(form: String, text: String, reply: String) async throws {
        let bytes = Array(text.utf8)
        let server = try ScriptedServer { number, _ in
            let cut = number % bytes.count
            return .pieces([
                String(decoding: bytes[..<cut], as: UTF8.self), String(decoding: bytes[cut...], as: UTF8.self),
            ])
        }
        defer { server.stop() }
        let replies = try await withClient(server) { client in
            var replies: [String] = []
            for _ in bytes { replies.append(summary(await client.create(name: "a", rank: nil))) }
            return replies
        }
        #expect(replies.filter { $0 != reply } == [], "\(form)")
        #expect(server.requests.count == bytes.count)
    }

    @Test("a response is the same a byte at a time", arguments: sound)
    func byteByByte(form: String, text: String, reply: String) async throws {
        let server = try ScriptedServer([.pieces(text.map(String.init))])
        defer { server.stop() }
        let replies = try await withClient(server) { client in
            var replies: [String] = []
            for _ in 0..<5 { replies.append(summary(await client.create(name: "a", rank: nil))) }
            return replies
        }
        #expect(replies == [String](repeating: reply, count: 5), "\(form)")
    }

    @Test(
        "what isn't HTTP/1.1 proves nothing, and its connection carries no other call",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 19\r\nContent-Length: 20\r\n\r\n\(group) ",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n\(group)",
            "HTTP/1.1 200 OK\r\nContent-Length: +19\r\n\r\n\(group)",
            "HTTP/1.1 200 OK\r\nContent-Length: 19 9\r\n\r\n\(group)",
            "HTTP/1.1 200 OK\r\nContent-Length: 0x13\r\n\r\n\(group)",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n\(group)",
            "HTTP/1.1 200 OK\r\nContent-Length 19\r\n\r\n\(group)",
            "HTTP/1.1 200 OK\r\nContent Length: 19\r\n\r\n\(group)",
            chunkedHead + "\r\nzz\r\n\(group)\r\n0\r\n\r\n", chunkedHead + "\r\n-13\r\n\(group)\r\n0\r\n\r\n",
            chunkedHead + "\r\n13\r\n\(group)0\r\n\r\n", chunkedHead + "\r\n13\r\n\(group)xx0\r\n\r\n",
            chunkedHead + "\r\nFFFFFFFFFFFFFFFFFF\r\n\(group)\r\n0\r\n\r\n",
            chunkedHead + "Content-Length: 19\r\n\r\n13\r\n\(group)\r\n0\r\n\r\n",
            "HTTP/2.0 200 OK\r\nContent-Length: 19\r\n\r\n\(group)",
            "HTTP/1.1 2000 OK\r\nContent-Length: 19\r\n\r\n\(group)",
            "HTTP/1.1 OK\r\nContent-Length: 19\r\n\r\n\(group)", "ICY 200 OK\r\nContent-Length: 19\r\n\r\n\(group)",
            "\0HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n\(group)", group,
        ])
    func malformed(text: String) async throws {
        let server = try ScriptedServer { number, request in number == 1 ? .send(text) : echo(request, id: number) }
        defer { server.stop() }
        let replies = try await withClient(server) { client in
            [summary(await client.create(name: "a", rank: nil)), summary(await client.create(name: "b", rank: nil))]
        }
        #expect(replies == ["lost -", "succeeded 200 2"])
        #expect(server.connectionOfRequest == [1, 2])
    }

    @Test(
        "a response after which the connection ends counts, and the next call takes another",
        arguments: [
            ScriptedServer.Step.send(rawResponse(200, group, headers: ["Connection: close"])),
            .send(rawResponse(200, group, headers: ["connection: Keep-Alive, CLOSE"])),
            .send("HTTP/1.0 200 OK\r\nContent-Length: 19\r\n\r\n\(group)"),
            .sendAndClose("HTTP/1.1 200 OK\r\n\r\n\(group)"), .sendAndClose("HTTP/1.0 200 OK\r\n\r\n\(group)"),
            .sendAndHalfClose(rawResponse(200, group)), .sendAndHalfClose("HTTP/1.1 200 OK\r\n\r\n\(group)"),
        ])
    func lastOnConnection(step: ScriptedServer.Step) async throws {
        let server = try ScriptedServer { number, request in number == 1 ? step : echo(request, id: number) }
        defer { server.stop() }
        let replies = try await withClient(server) { client in
            let first = summary(await client.create(name: "a", rank: nil))
            // Half-closed by the server, it is closed by the client.
            await server.allClosed()
            return [first, summary(await client.create(name: "b", rank: nil))]
        }
        #expect(replies == ["succeeded 200 7", "succeeded 200 2"])
        #expect(server.connectionOfRequest == [1, 2])
    }

    @Test("a response that comes before the whole request was read is the request's, or nobody's")
    func early() async throws {
        let server = try ScriptedServer(first: .sendAndClose(rawResponse(413, "")))
        defer { server.stop() }
        let name = String(repeating: "long ", count: 1 << 20)
        let reply = try await withClient(server) { await $0.create(name: name, rank: nil) }
        // What the server doesn't read may have its machine take the response back (RFC 9112, 9.6).
        #expect(["refused 413 -", "lost -"].contains(summary(reply)))
    }

    @Test("what comes while nothing was asked closes the connection, and is nobody's response") func unasked()
        async throws
    {
        let server = try ScriptedServer { number, request in
            number == 1
                ? .pieces([rawResponse(200, Self.group), rawResponse(200, Self.group)]) : echo(request, id: number)
        }
        defer { server.stop() }
        let replies = try await withClient(server) { client in
            var replies: [String] = []
            // What nobody asked for may come late: until then the connection is as good as any.
            for name in 0..<20_000 where replies.count < 3 || !server.connectionOfRequest.contains(2) {
                replies.append(summary(await client.create(name: name == 0 ? "a" : "n\(name)", rank: nil)))
            }
            return replies
        }
        // One may be on its way already when what nobody asked for, the group of another name, comes in its place.
        #expect(replies[0] == "succeeded 200 7")
        #expect(replies.count { !$0.hasPrefix("succeeded 200") } <= 1)
        #expect(replies.allSatisfy { $0.hasPrefix("succeeded 200") || ["lost 200", "lost -"].contains($0) })
        #expect(server.connectionOfRequest.contains(2))
    }

    @Test("calls wait for a connection while all are in use, and none is made beyond the limit", arguments: [1, 3])
    func limit(connections: Int) async throws {
        let server = try ScriptedServer { number, request in echo(request, id: number) }
        defer { server.stop() }
        let successes = try await withClient(server, connections: connections) { client in
            await withTaskGroup(of: Bool.self) { group in
                for number in 0..<60 {
                    group.addTask { summary(await client.create(name: "n\(number)", rank: nil)).hasPrefix("succeeded") }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        #expect(successes == 60 && server.requests.count == 60)
        #expect(Set(server.connectionOfRequest).count <= connections)
    }
}
