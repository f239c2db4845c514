import RewardsClient
import Testing

@Suite("What a whole response means")
struct ResponseShapeTests {
    static let nameTaken = #"{"status":{"success":false,"code":12012,"message":"Group name must be unique"}}"#

    @Test(
        "create",
        arguments: [
            (200, #"{"id":7,"name":"a","rank":null}"#, "succeeded 200 7"),
            (201, #"{"id":"9007199254740993","name":"a"}"#, "succeeded 201 9007199254740993"),
            (200, #"{"id":7,"name":"a","status":{"success":true,"code":12011}}"#, "succeeded 200 7"),
            (200, #"{"id":7,"name":"a","status":{"success":true,"code":12012}}"#, "succeeded 200 7"),
            (200, #"{"id":7,"name":"a","status":{"code":12011}}"#, "succeeded 200 7"),
            (200, #"{"id":7,"name":"a","errors":[],"error":null,"success":true}"#, "succeeded 200 7"),
            (200, #"{"id":7,"name":"a","errors":null,"warnings":["x"]}"#, "succeeded 200 7"),
            (200, #"{"id":7,"name":"\u0061"}"#, "succeeded 200 7"), (200, #"{"id":7,"name":"A "}"#, "succeeded 200 7"),
            (200, #"{"status":{"success":true,"code":12011},"groupRo":{"id":7,"name":"a"}}"#, "succeeded 200 7"),
            (200, #"{"group":{"id":7,"name":"a"}}"#, "succeeded 200 7"),
            (200, #"{"data":{"id":7,"name":"a"},"errors":null}"#, "succeeded 200 7"),
            (200, nameTaken, "refused 200 12012"),
            (400, nameTaken, "refused 400 12012"),
            (409, #"{"code":"12012","message":"taken"}"#, "refused 409 12012"),
            (400, #"{"data":null,"errors":[{"code":400,"message":"Group name must not be null"}]}"#, "refused 400 400"),
            (200, #"{"data":null,"errors":[{"code":"12012"}]}"#, "refused 200 12012"),
            (200, #"{"status":{"success":false}}"#, "refused 200 -"),
            (200, #"{"id":0,"code":12012}"#, "refused 200 12012"), (200, #"{"id":-1,"code":400}"#, "refused 200 400"),
            (400, #"{"errors":null}"#, "refused 400 -"),
            (400, "<html>", "refused 400 -"),
            (404, "", "refused 404 -"), (409, "", "refused 409 -"), (422, "", "refused 422 -"),
            (413, "", "refused 413 -"), (418, "", "refused 418 -"),
            (429, "", "refused 429 -"),
            (200, "{}", "lost 200"),
            (200, #"{"status":{"success":true,"code":12013}}"#, "lost 200"),
            (200, #"{"code":12011,"message":"Group created"}"#, "lost 200"),
            (200, #"{"id":7,"name":"a","status":{"success":false,"code":1}}"#, "lost 200 group 7"),
            (200, #"{"id":7,"name":"a","success":false}"#, "lost 200 group 7"),
            (200, #"{"id":7,"name":"a","success":"false"}"#, "lost 200 group 7"),
            (200, #"{"id":7,"name":"a","errors":[{"code":1}]}"#, "lost 200 group 7"),
            (200, #"{"id":7,"name":"a","errors":["x"]}"#, "lost 200 group 7"),
            (200, #"{"id":7,"name":"a","errors":{"a":1}}"#, "lost 200 group 7"),
            (200, #"{"id":7,"name":"a","error":"x"}"#, "lost 200 group 7"),
            (200, #"{"id":7,"name":"a","code":12012}"#, "lost 200 group 7"),
            (200, #"{"id":7,"name":"a","status":{"code":500}}"#, "lost 200 group 7"),
            (200, #"{"id":7}"#, "lost 200 group 7"), (200, #"{"id":7,"name":null}"#, "lost 200 group 7"),
            (200, #"{"id":7,"name":"b"}"#, "lost 200 group 7"), (200, #"{"id":7,"name":"aa"}"#, "lost 200 group 7"),
            (200, #"{"id":0,"name":"a"}"#, "lost 200"), (200, #"{"id":-1,"name":"a"}"#, "lost 200"),
            (200, #"{"id":0,"success":false}"#, "lost 200"),
            (200, #"{"id":null}"#, "lost 200"),
            (200, #"{"id":1.5}"#, "lost 200"),
            (200, #"{"groupRoList":[{"id":7,"name":"a"}]}"#, "lost 200"),
            (200, "[1]", "lost 200"),
            (200, "not json", "lost 200"),
            (200, "", "lost 200"),
            (204, "", "lost 204"),
            (101, "", "lost 101"), (301, "", "lost 301"), (302, "", "lost 302"), (303, "", "lost 303"),
            (307, "", "lost 307"), (308, "", "lost 308"), (406, "", "lost 406"),
            (500, "", "lost 500"),
            (500, nameTaken, "lost 500"),
            (503, "", "lost 503"),
            (504, "", "lost 504"),
            (408, "", "lost 408"), (499, "", "lost 499"),
        ])
    func create(status: Int, body: String, expected: String) async throws {
        let client = try stubbedClient(StubTransport(status, body))
        let reply = await client.create(name: "a", rank: nil)
        var text = summary(reply)
        if case .lost(let loss) = reply, let group = loss.group { text += " group \(group.id)" }
        #expect(text == expected)
    }

    @Test("a get changes nothing, so its 5xx and 3xx are refusals", arguments: [500, 502, 503, 408, 302])
    func get(status: Int) async throws {
        let client = try stubbedClient(StubTransport(status, ""))
        #expect(summary(await client.get(id: 1)) == "refused \(status) -")
    }

    @Test("a get or an update succeeds with the expected group, and with no other")
    func otherID() async throws {
        let client = try stubbedClient(StubTransport(200, #"{"id":7,"name":"a"}"#))
        #expect(summary(await client.get(id: 7)) == "succeeded 200 7")
        #expect(summary(await client.get(id: 8)) == "lost 200")
        #expect(summary(await client.update(id: 7, name: "a")) == "succeeded 200 7")
        #expect(summary(await client.update(id: 8, name: "a")) == "lost 200")
    }

    @Test(
        "code 429 in the body throttles whatever the status is",
        arguments: [
            (200, #"{"status":{"success":false,"code":429,"message":"rate limit"}}"#),
            (400, #"{"data":null,"errors":[{"code":"429"}]}"#), (403, #"{"code":429}"#), (429, ""),
        ])
    func throttledByCode(status: Int, body: String) async throws {
        let client = try stubbedClient(StubTransport(status, body))
        let reply = await client.create(name: "a", rank: nil)
        #expect(RetryVerdict.verdict(for: reply, isCreate: true) == .throttled)
        #expect(RetryVerdict.verdict(for: await client.get(id: 1), isCreate: false) == .throttled)
    }

    @Test("503 with Retry-After to a create is in doubt, with its wait") func busy() async throws {
        let client = try stubbedClient(StubTransport(503, "", headers: [("Retry-After", "7")]))
        guard case .lost(let loss) = await client.create(name: "a", rank: nil) else {
            Issue.record("not lost")
            return
        }
        #expect(loss.retryAfter == .seconds(7) && loss.http == 503)
    }

    @Test(
        "what kind of body a refusal had, and what is shown of it",
        arguments: [
            (
                403, "<html><head><TITLE>\n Access&nbsp;<b>denied</b> &amp; logged </TITLE>", "text/html", .page,
                "blocked before the API (HTTP 403, a web page): Access denied & logged"
            ),
            (403, "<html></html>", "", .page, "blocked before the API (HTTP 403, a web page)"),
            (
                403, #"{"message":"no"}"#, "", .api,
                "the target refused the credentials (no): check GROUPLOAD_TILL and GROUPLOAD_PASSWORD "
                    + "(or GROUPLOAD_PASSWORD_MD5)"
            ),
            (
                404, "<!DOCTYPE html><title>Not found</title>", "", .page,
                "the target responded with HTTP 404 and a web page (Not found)"
            ),
            (404, "<!DOCTYPE html>", "", .page, "the target responded with HTTP 404 and a web page"),
            (404, "", "", .none, "the target responded with HTTP 404 and no message"),
            (404, "nothing here", "text/plain", .page, "the target responded with HTTP 404 and a text (nothing here)"),
            (409, "Name in use by 5", "text/plain", .page, "Name in use by 5"),
            (409, #"{"code":7,"message":"conflict"}"#, "", .api, "conflict"),
        ] as [(Int, String, String, Refusal.Form, String)])
    func form(status: Int, body: String, type: String, form: Refusal.Form, message: String) async throws {
        let client = try stubbedClient(StubTransport(status, body, headers: [("Content-Type", type)]))
        guard case .refused(let refusal) = await client.create(name: "a", rank: nil) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.form == form)
        #expect(refusal.message == message)
    }

    @Test("long titles and texts are cut") func cut() async throws {
        let long = String(repeating: "x", count: 300)
        for (status, body, count) in [(404, "<title>\(long)</title>", 100), (409, long, 200)] {
            let reply = await (try stubbedClient(StubTransport(status, body))).create(name: "a", rank: nil)
            #expect(reply.message.count { $0 == "x" } == count)
        }
    }

    @Test("every member of a group is read, integers exactly")
    func members() async throws {
        let body = """
            {"id":9007199254740993,"orgId":100737,"name":"é \\ud83d\\ude00","rank":-2147483648,"isActive":false,
            "createdBy":5,
            "createdOn":1742180267123,"createdOnDateTime":"2025-03-17T02:57:47Z","lastUpdatedBy":6,"lastUpdatedOn":8,
            "lastUpdatedOnDateTime":"x","extra":{"a":[1]}}
            """
        let client = try stubbedClient(StubTransport(200, body, headers: [("date", "Sun, 06 Nov 1994 08:49:37 GMT")]))
        guard case .succeeded(let group, let info) = await client.get(id: 9_007_199_254_740_993) else {
            Issue.record("no success")
            return
        }
        let expected = RewardGroup(
            id: 9_007_199_254_740_993, orgId: 100_737, name: "é 😀", rank: -2_147_483_648, isActive: false, createdBy: 5,
            createdOn: 1_742_180_267_123, createdOnDateTime: "2025-03-17T02:57:47Z", lastUpdatedBy: 6, lastUpdatedOn: 8,
            lastUpdatedOnDateTime: "x")
        #expect(group == expected)
        #expect(info == ReplyInfo(http: 200, latency: .zero, date: 784_111_777, requests: 1))
    }

    @Test(
        "whether a group is in use is read from each form that says it plainly, and from no other",
        arguments: [
            ("true", true), ("false", false), (#""true""#, true), (#""False""#, false), ("1", true), ("0", false),
            (#""1""#, true), (#""0""#, false), ("null", nil), ("2", nil), (#""yes""#, nil), (#""""#, nil), ("[]", nil),
        ] as [(String, Bool?)])
    func activity(value: String, expected: Bool?) async throws {
        for member in ["", #","data2":{"a":1}"#] {
            let client = try stubbedClient(
                StubTransport(200, "{\"id\":7,\"name\":\"a\",\"isActive\":\(value)\(member)}"))
            guard case .succeeded(let group, _) = await client.get(id: 7) else {
                Issue.record("no success")
                return
            }
            #expect(group.isActive == expected)
        }
    }

    @Test("who created a group is told from others, whatever stands for a user")
    func creators() async throws {
        func creator(_ value: String?) async throws -> Int64? {
            let member = value.map { ",\"createdBy\":\($0)" } ?? ""
            let client = try stubbedClient(StubTransport(200, "{\"id\":7,\"name\":\"a\"\(member)}"))
            guard case .succeeded(let group, _) = await client.get(id: 7) else {
                Issue.record("no success: \(value ?? "")")
                return nil
            }
            #expect(group.createdBy == nil || group.createdBy == group.creator)
            return group.creator
        }
        let values = [
            #""till7""#, #""other""#, #""a@example.com""#, #"{"id":5,"name":"x"}"#, #"{"id":6,"name":"x"}"#, "[5]",
            "true",
            "7.5", #""""#, "5", "6", "99999999999999999991", "99999999999999999992",
        ]
        var seen: Set<Int64> = []
        for value in values {
            let first = try #require(try await creator(value))
            #expect(first > 0 && seen.insert(first).inserted, "\(value)")
            #expect(try await creator(value) == first)
        }
        let (object, text) = (try await creator(values[3]), try await creator(values[0]))
        #expect(try await creator(#"{"name":"x", "id":5}"#) == object)
        #expect(try await creator(#""\u0074ill7""#) == text)
        #expect(try await creator(#""5""#) == 5)
        #expect(try await creator("5.0") == 5)
        #expect(try await creator("null") == nil)
        #expect(try await creator(nil) == nil)
    }

    @Test(
        "createdOn is read from its text where that alone is given",
        arguments: [
            (#""2025-03-17T02:57:47Z""#, 1_742_180_267_000), (#""2025-03-17T02:57:47.123Z""#, 1_742_180_267_123),
            (#""2025-03-17T04:57:47+02:00""#, 1_742_180_267_000), (#""yesterday""#, nil), ("7", nil),
        ] as [(String, Int64?)])
    func createdOnText(text: String, expected: Int64?) async throws {
        for name in ["a", #"\u0061"#] {
            let body = #"{"id":7,"name":"\#(name)","createdOnDateTime":\#(text)}"#
            let reply = await (try stubbedClient(StubTransport(200, body))).create(name: "a", rank: nil)
            guard case .succeeded(let group, _) = reply else {
                Issue.record("no success")
                continue
            }
            #expect(group.createdOn == expected)
        }
    }

    @Test(
        "Retry-After",
        arguments: [
            ("0", Duration.seconds(0)), (" 7 ", .seconds(7)), ("99999", .seconds(99_999)),
            ("99999999999999999999999", .seconds(366 * 86_400)), ("Sun, 06 Nov 1994 08:50:07 GMT", .seconds(30)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", .seconds(0)), ("Mon, 07 Nov 1994 08:49:37 GMT", .seconds(86_400)),
            ("-1", nil), ("1.5", nil), ("soon", nil), ("Sun, 06 Xxx 1994 08:49:37 GMT", nil), ("", nil),
        ] as [(String, Duration?)])
    func retryAfter(header: String, expected: Duration?) async throws {
        let client = try stubbedClient(StubTransport(429, "", headers: [("RETRY-AFTER", header)]))
        guard case .refused(let refusal) = await client.create(name: "a", rank: 1) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.retryAfter == expected)
        #expect(refusal.isThrottled)
    }

    @Test("a Retry-After date counts from the response's own Date")
    func retryAfterBesideDate() async throws {
        let headers = [("Retry-After", "Thu, 29 Feb 2024 00:00:05 GMT"), ("Date", "Wed, 28 Feb 2024 23:59:55 GMT")]
        let client = try stubbedClient(StubTransport(503, "", headers: headers))
        guard case .refused(let refusal) = await client.get(id: 1) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.retryAfter == .seconds(10))
        #expect(refusal.http == 503)
    }

    @Test(
        "a redirect names the host only, and the remedy",
        arguments: [
            ("https://user:pw@other.example:8443/path?token=x", "to other.example:8443"),
            ("/login?x=1", "another path"),
            ("", "elsewhere"),
        ])
    func redirect(location: String, expected: String) async throws {
        let transport = StubTransport(302, "", headers: [("Location", location)])
        guard case .refused(let refusal) = await (try stubbedClient(transport)).get(id: 1) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.form == .redirect)
        #expect(refusal.message.contains(expected))
        #expect(refusal.message.contains("--target"))
        #expect(!refusal.message.contains("pw") && !refusal.message.contains("token=x"))
        #expect(transport.requests.count == 1)
    }

    @Test("a message of the server is shown on one line and cut")
    func message() async throws {
        let body = #"{"message":"a\nb\u001b[31m"# + String(repeating: "x", count: 5_000) + #""}"#
        guard case .refused(let refusal) = await (try stubbedClient(StubTransport(400, body))).get(id: 1) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.message.hasPrefix("a b [31mx"))
        #expect(refusal.message.count == 500)
    }
}
