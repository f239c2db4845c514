import RewardsClient
import Testing

/// Servers that echo what they were sent.
@Suite struct RedactorTests {
    // echo -n pass | md5sum; echo -n till:1a1dc91c907325c69271ddf0c944bc72 | base64
    private static let md5 = "1a1dc91c907325c69271ddf0c944bc72"
    private static let pair = "dGlsbDoxYTFkYzkxYzkwNzMyNWM2OTI3MWRkZjBjOTQ0YmM3Mg=="

    private func client(
        _ transport: StubTransport, credentials: Credentials = .basic(till: "till", password: Secret("pass")),
        headers: [(String, String)] = [], environment: [String: String] = [:]
    ) throws -> RewardsClient {
        let configuration = try ClientConfiguration(
            target: "https://example.test", credentials: credentials, headers: headers, environment: environment)
        return RewardsClient(configuration: configuration, transport: transport)
    }

    @Test(
        "what is taken out",
        arguments: [
            ("sent Basic \(pair)!", "sent <redacted>!"), ("(\(pair))", "(<redacted>)"), (md5, "<redacted>"),
            (md5.uppercased(), "<redacted>"), ("passport", "<redacted>port"), ("own-token", "<redacted>"),
            ("Bearer own-token", "<redacted>"), ("visible", "visible"), ("proxyword", "<redacted>"),
            ("xy xyz", "<redacted> xyz"),
            ("till", "till"), ("pas", "pas"), ("é pass é", "é <redacted> é"),
        ])
    func text(text: String, expected: String) throws {
        let client = try client(
            StubTransport(200, ""),
            headers: [("X-Api-Token", "Bearer own-token"), ("X-Own", "visible"), ("X-My-Key", "xy")],
            environment: ["HTTPS_PROXY": "http://me:proxyword@proxy"])
        #expect(client.redactor.redacted(text) == expected)
    }

    @Test("the client secret and every token that was used") func oauth() async throws {
        let transport = StubTransport { request in
            request.isTokenCall
                ? TransportResponse(200, #"{"data":{"accessToken":"first-token","ttlSeconds":300}}"#)
                : TransportResponse(200, #"{"id":1,"name":"a"}"#)
        }
        let client = try client(transport, credentials: .oauth(key: "key", secret: Secret("client-secret")))
        #expect(client.redactor.redacted("first-token") == "first-token")
        _ = await client.get(id: 1)
        #expect(client.redactor.redacted("key first-token client-secret") == "key <redacted> <redacted>")
    }

    @Test(
        "messages, titles, names, codings and hosts of the server are without them",
        arguments: [
            (400, #"{"message":"you sent Basic \#(pair)"}"#, []), (403, "<title>pass \(md5)</title>", []),
            (404, "<title>\(pair)</title>", []), (409, "pass", []), (500, #"{"message":"\#(md5)"}"#, []),
            (302, "", [("Location", "https://pass.\(md5).example/")]), (200, #"{"id":5,"name":"\#(md5)"}"#, []),
            (200, #"{"id":5,"name":"a","success":false,"message":"\#(pair)"}"#, []), (401, #"{"message":"pass"}"#, []),
            (200, #"{"status":{"success":false,"message":"\#(md5.uppercased())"}}"#, []),
            (400, String(repeating: "x", count: 480) + md5, []),
        ] as [(Int, String, [(String, String)])])
    func replies(status: Int, body: String, headers: [(String, String)]) async throws {
        let client = try client(StubTransport(status, body, headers: headers))
        for reply in [await client.create(name: "a", rank: nil), await client.get(id: 1)] {
            let text = reply.message.lowercased()
            for secret in [
                "pass ", "pass.", "(pass)", String(Self.md5.prefix(12)), String(Self.pair.prefix(20)).lowercased(),
            ] {
                #expect(!text.contains(secret), "\(text)")
            }
        }
    }
}
