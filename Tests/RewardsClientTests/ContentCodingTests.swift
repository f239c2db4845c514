import Foundation
import HTTPTypes
import RewardsClient
import Testing

/// Responses that are compressed although no request accepts that.
@Suite struct ContentCodingTests {
    /// `{"id":7,"name":"a"}` by Python's gzip and zlib, the last one without zlib's frame; and with 2,000 blanks behind
    /// it.
    private static let gzip = "H4sIAAAAAAACA6tWykxRsjLXUcpLzE1VslJKVKoFADiWaDITAAAA"
    private static let zlib = "eJyrVspMUbIy11HKS8xNVbJSSlSqBQA2hgVr"
    private static let deflate = "q1bKTFGyMtdRykvMTVWyUkpUqgUA"
    private static let blanks = "H4sIAAAAAAACA6tWykxRsjLXUcpLzE1VslJKVKpVGAWjYBSMglEwCkbBkAcA02IVi+MHAAA="

    private func reply(_ status: Int, _ coding: String, _ body: Data, bytesMax: Int = 4096) async throws -> Reply<
        RewardGroup
    > {
        let configuration = try ClientConfiguration(
            target: "https://example.test", credentials: .basic(till: "till", password: Secret("pass")),
            responseBytesMax: bytesMax)
        let transport = StubTransport { _ in
            TransportResponse(status: status, headers: [.contentEncoding: coding], body: [UInt8](body))
        }
        return await RewardsClient(configuration: configuration, transport: transport).create(name: "a", rank: nil)
    }

    @Test(
        "read",
        arguments: [
            ("gzip", gzip), ("X-GZIP", gzip), ("deflate", zlib), ("deflate", deflate), ("identity, gzip", gzip),
            ("gzip", blanks),
        ])
    func read(coding: String, body: String) async throws {
        let body = try #require(Data(base64Encoded: body))
        #expect(summary(try await reply(200, coding, body)) == "succeeded 200 7")
    }

    @Test("a coding that isn't read is named, and proves nothing", arguments: ["br", "zstd", "own"])
    func named(coding: String) async throws {
        let body = try #require(Data(base64Encoded: Self.gzip))
        let reply = try await reply(200, coding, body)
        #expect(summary(reply) == "lost 200" && reply.message.contains("encoding \(coding),"))
        guard case .refused(let refusal) = try await self.reply(400, coding, body) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.form == .page && refusal.message.contains("encoding \(coding),"))
    }

    @Test("damaged, cut short and plain bodies prove nothing") func damaged() async throws {
        let whole = try #require(Data(base64Encoded: Self.gzip))
        for body in [whole.dropLast(9), whole.dropFirst(), Data(#"{"id":7,"name":"a"}"#.utf8)] {
            let reply = try await reply(200, "gzip", Data(body))
            #expect(summary(reply) == "lost 200" && reply.message.contains("encoding gzip"))
        }
    }

    @Test("what is longer than the limit once it is inflated isn't read") func bounded() async throws {
        let body = try #require(Data(base64Encoded: Self.blanks))
        let reply = try await reply(200, "gzip", body, bytesMax: 1024)
        #expect(summary(reply) == "lost 200" && reply.message.contains("too long"))
    }
}
