import NIOCore
import NIOEmbedded
import NIOHTTP1
import RewardsClient
import TestSupport
import Testing

/// The strict parser of plain responses, beside NIOHTTP1's decoder: what the first takes, the second reads in the same
/// way.
@Suite struct PlainResponseTests {
    /// What NIOHTTP1 makes of a response that came in one read.
    private struct Decoded: Equatable {
        var status: Int
        var body: [UInt8]
        var isKeptAlive: Bool
        var date: String?
    }

    /// Nil where it reads an error, no whole response, or more than one.
    private static func decode(_ bytes: [UInt8]) -> Decoded? {
        let channel = EmbeddedChannel(
            handler: ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)))
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        do {
            try channel.writeOutbound(
                HTTPClientRequestPart.head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")))
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            var decoded: Decoded?
            while let part = try channel.readInbound(as: HTTPClientResponsePart.self) {
                switch part {
                case .head(let head):
                    guard decoded == nil else { return nil }
                    decoded = Decoded(
                        status: Int(head.status.code), body: [], isKeptAlive: head.isKeepAlive,
                        date: head.headers.first(name: "Date").map(trimmed))
                case .body(let body): decoded?.body += body.readableBytesView
                case .end: return try channel.readInbound(as: HTTPClientResponsePart.self) == nil ? decoded : nil
                }
            }
        } catch {}
        return nil
    }

    /// Without the white space around a value, which isn't part of it (RFC 9112, 5.1) but NIOHTTP1 leaves.
    private static func trimmed(_ value: String) -> String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        return String(value.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    private static func plain(_ bytes: [UInt8]) -> Decoded? {
        PlainResponse(bytes.span).map { plain in
            Decoded(
                status: plain.status, body: Array(bytes[plain.bodyStart...]), isKeptAlive: plain.isKeptAlive,
                date: plain.date.map { trimmed(String(decoding: bytes[$0], as: UTF8.self)) })
        }
    }

    private static let usual = """
        HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Wed, 25 Nov 2026 13:00:00 GMT\r\n\
        Content-Type: application/json\r\nContent-Length: 8\r\nConnection: keep-alive\r\n\r\n{"id":7}
        """

    @Test(
        "taken: the usual responses of servers",
        arguments: [
            usual, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 201 \r\ncontent-length:2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nX-A:  v \r\nCONTENT-LENGTH: 2 \r\nConnection: Close\r\n\r\n{}",
            "HTTP/1.1 299 Odd but fine\r\nContent-Length: 1\r\nEmpty:\r\n\r\n1",
        ])
    func taken(text: String) throws {
        let plain = try #require(Self.plain(Array(text.utf8)))
        #expect(plain == Self.decode(Array(text.utf8)))
    }

    @Test(
        "left to NIOHTTP1: all that is not plainly one whole response with a length",
        arguments: [
            "", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}", "HTTP/1.1 200 OK\r\n Content-Length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: a\r\n b\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: a\0b\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: " + String(repeating: "a", count: 5000) + "\r\n\r\n{}",
        ])
    func left(text: String) { #expect(Self.plain(Array(text.utf8)) == nil) }

    @Test("of 100,000 damaged responses, what is taken is what NIOHTTP1 reads", arguments: [UInt64(1), 2])
    func damaged(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let parts = [
            "\r\n", "\n", "\r", " ", "\t", ":", "0", "8", "Content-Length: 8\r\n", "close", "chunked", "\0", "\u{7F}",
            "é", ",",
        ]
        var taken = 0
        var head = PlainHead()
        for _ in 0..<50_000 {
            var bytes = Array(Self.usual.utf8)
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = .random(in: 0...255, using: &generator)
                case 2:
                    bytes.insert(
                        contentsOf: parts.randomElement(using: &generator).map { Array($0.utf8) } ?? [], at: place)
                default:
                    bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &generator)))
                }
            }
            // Whatever head came before.
            #expect(head.read(Self.usual.utf8.span) != nil)
            #expect(head.read(bytes.span) == PlainResponse(bytes.span))
            guard let plain = Self.plain(bytes) else { continue }
            taken += 1
            #expect(
                plain == Self.decode(bytes), "seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
        #expect(taken > 1000, "damage that changes nothing of weight is common")
    }
}
