import Foundation
import RewardsClient
import TestSupport
import Testing

@Suite("What the client sends")
struct RequestTests {
    @Test("create, update and get: method, path and body")
    func calls() async throws {
        let transport = StubTransport(200, #"{"id":1,"name":"a"}"#)
        let client = try stubbedClient(transport)
        _ = await client.create(name: "a/b \"c\" é", rank: 99)
        _ = await client.create(name: "a", rank: nil)
        _ = await client.update(id: 5, name: "a", isActive: false)
        _ = await client.update(id: 5, name: "a", rank: .some(nil))
        _ = await client.get(id: -3)
        let base = "https://example.test/api_gateway/core/v1/group"
        #expect(
            transport.requests.map { "\($0)" } == [
                "POST \(base)/create", "POST \(base)/create", "PUT \(base)/5", "PUT \(base)/5", "GET \(base)/-3",
            ])
        let bodies: [NSDictionary] = [
            ["name": "a/b \"c\" é", "rank": 99], ["name": "a", "rank": NSNull()], ["name": "a", "isActive": false],
            ["name": "a", "rank": NSNull()],
        ]
        for (request, expected) in zip(transport.requests, bodies) {
            let body = try JSONSerialization.jsonObject(with: Data(request.body ?? [])) as? NSDictionary
            #expect(body == expected)
            #expect(request.header("Content-Type") == "application/json")
            #expect(request.header("Accept-Encoding") == "identity")
        }
        #expect(transport.requests[0].bodyText.contains("a/b"))
        #expect(transport.requests[4].body == nil)
    }

    @Test("a list's query is encoded")
    func query() async throws {
        let transport = StubTransport(200, #"{"groupRoList":[],"pagingDto":{"last":true}}"#)
        let client = try stubbedClient(transport)
        _ = await client.list(
            ListQuery(page: 2, size: 5, active: true, name: "a&b=c é+", order: .descending, sort: .rank))
        let query = transport.requests[0].url.split(separator: "?").last
        #expect(
            query
                == "page=2&size=5&active=true&name=a%26b%3Dc%20%C3%A9%2B&orderBy=DESC&sortBy=RANK&sortOn=RANK")
    }

    @Test("the Basic header is what Python makes of till and password", arguments: ["sandbox", "p:ä😀 \\", ""])
    func basic(password: String) async throws {
        let transport = StubTransport(200, #"{"id":1}"#)
        let credentials = Credentials.basic(till: "sandbox.till", password: Secret(password))
        _ = await (try stubbedClient(transport, credentials: credentials)).get(id: 1)
        let code = """
            import sys,hashlib,base64
            md5=hashlib.md5(sys.argv[2].encode()).hexdigest()
            print("Basic "+base64.b64encode((sys.argv[1]+":"+md5).encode()).decode(),end="")
            """
        var python = Command.python(code, ["sandbox.till", password])
        python.environment["PYTHONUTF8"] = "1"
        let expected = try await python.run().outputText
        #expect(transport.requests[0].header("Authorization") == expected)
    }

    @Test("no description, dump or message shows a password, secret, hash or token")
    func redaction() async throws {
        let secrets = ["open-sesame", "shared-secret", "a-token", "0cc175b9c0f1b6a831c399e269772661"]
        let all: [Credentials] = [
            .basic(till: "till", password: Secret(secrets[0])), .basic(till: "till", passwordMD5: Secret(secrets[3])),
            .oauth(key: "key", secret: Secret(secrets[1])),
        ]
        for credentials in all {
            let transport = StubTransport { request in
                request.isTokenCall
                    ? TransportResponse(200, #"{"data":{"accessToken":"a-token","ttlSeconds":300}}"#)
                    : TransportResponse(401, "")
            }
            let client = try stubbedClient(transport, credentials: credentials)
            let reply = await client.create(name: "a", rank: nil)
            let configuration = try ClientConfiguration(target: "https://example.test", credentials: credentials)
            var text =
                "\(credentials) \(String(reflecting: credentials)) \(reply) \(String(reflecting: configuration)) "
            text += "\(client) \(String(reflecting: client)) \(transport.requests) "
            dump(credentials, to: &text)
            dump(configuration, to: &text)
            dump(transport.requests, to: &text)
            dump(client, to: &text)
            dump(TransportResponse(200, secrets[2]), to: &text)
            let basic = transport.requests.compactMap { $0.header("Authorization") }
            for secret in secrets + basic { #expect(!text.contains(secret)) }
            #expect(text.contains(credentials.keyID))
        }
    }
}
