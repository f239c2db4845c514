import Foundation
import RewardsClient
import TestSupport
import Testing

/// `Retry-After` and `Date` as RFC 9110 has them (10.2.3, 5.6.7, 6.6.1), and what each status means beside them.
@Suite struct RetryAfterTests {
    /// The examples of RFC 9110, 5.6.7, are the instant at which the stubbed client's clock stands.
    private static let instant: Int64 = 784_111_777

    /// The wait of a 503 to a look-up, which may be asked again; nil where the header gives none.
    private static func wait(_ header: String, date: String? = nil) async throws -> Duration? {
        var headers = [("Retry-After", header)]
        if let date { headers.append(("Date", date)) }
        let reply = try await stubbedClient(StubTransport(503, "", headers: headers)).get(id: 1)
        guard case .retrySafe(let after) = RetryVerdict.verdict(for: reply, isCreate: false) else {
            Issue.record("\(summary(reply)) may not be asked again")
            return nil
        }
        return after
    }

    @Test(
        "seconds, or a date in any of the three forms",
        arguments: [
            ("0", 0), ("7", 7), ("007", 7), (" 7\t", 7), ("3600", 3600), ("86400", 86_400), ("40000000", 31_622_400),
            ("99999999999999999999", 31_622_400),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Sun, 06 Nov 1994 08:50:07 GMT", 30),
            ("Sunday, 06-Nov-94 08:50:07 GMT", 30), ("Sun Nov  6 08:50:07 1994", 30),
            ("Sunday, 06-Nov-94 08:49:38 GMT", 1), ("Sun Nov  6 08:49:38 1994", 1),
            // A day of two digits in asctime's form; one that is past; one that is further off than is told.
            ("Thu Nov 10 08:49:37 1994", 345_600), ("Mon Oct 31 08:49:37 1994", 0),
            ("Sunday, 06-Nov-93 08:49:37 GMT", 0),
            // A year of two digits that is before the instant in this century's count, and after it in the next's.
            ("Monday, 06-Nov-95 08:49:37 GMT", 31_536_000), ("Sunday, 06-Nov-05 08:49:37 GMT", 31_622_400),
            // A leap second, and the name of another day.
            ("Sun, 06 Nov 1994 08:49:60 GMT", 23), ("Mon, 06 Nov 1994 08:49:40 GMT", 3),
        ])
    func readable(header: String, seconds: Int) async throws {
        #expect(try await Self.wait(header) == .seconds(seconds))
    }

    @Test(
        "what is neither gives no wait",
        arguments: [
            "", " ", "-1", "+5", "1.5", "5s", "0x10", "5, 6", "soon", "٣", "1994-11-06T08:50:07Z",
            "Sun, 06 Nov 1994 08:50:07", "Sun, 06 Nov 1994 08:50:07 UTC", "Sun, 06 Nov 1994 08:50:07 +0000",
            "sun, 06 nov 1994 08:50:07 gmt", "Sun, 6 Nov 1994 08:50:07 GMT", "Sun, 06 Nov 94 08:50:07 GMT",
            "Sun, 31 Nov 1994 08:50:07 GMT", "Sun, 29 Feb 1995 08:50:07 GMT", "Sun, 06 Nov 1994 24:50:07 GMT",
            "Sun, 06 Nov 1994 08:60:07 GMT", "Sun, 06 Nov 1994 8:50:07 GMT", "Sun, 06 Nov  1994 08:50:07 GMT",
            "Xyz, 06 Nov 1994 08:50:07 GMT", "Sun, 06-Nov-94 08:50:07 GMT", "Sunday, 06-Nov-1994 08:50:07 GMT",
            "Sunday, 6-Nov-94 08:50:07 GMT", "Sunday 06-Nov-94 08:50:07 GMT", "Sunday, 06-Nov-94 08:50:07",
            "Sun Nov 6 08:50:07 1994", "Sun Nov 06 08:50:07 94", "Sun Nov  6 08:50:07 1994 GMT",
            "Sun, Nov  6 08:50:07 1994", "Sun Nov   6 08:50:07 1994", "Sun Nov  16 08:50:07 1994",
        ])
    func unreadable(header: String) async throws {
        #expect(try await Self.wait(header) == nil)
    }

    @Test(
        "a date counts from the response's own Date, whatever the machine's clock says",
        arguments: [
            ("Sun, 06 Nov 1994 09:49:37 GMT", 20), ("Sunday, 06-Nov-94 09:49:37 GMT", 20),
            ("Sun Nov  6 09:49:37 1994", 20), ("Sun, 06 Nov 1994 10:49:37 GMT", 0), ("nonsense", 3620),
        ])
    func byDate(date: String, seconds: Int) async throws {
        let wait = try await Self.wait("Sun, 06 Nov 1994 09:49:57 GMT", date: date)
        #expect(wait == .seconds(seconds))
        // Seconds don't.
        #expect(try await Self.wait("20", date: date) == .seconds(20))
    }

    @Test("each day of two years in each form is what Python's calendar says") func days() async throws {
        let python = Command.python(
            """
            import calendar, datetime, time
            day = datetime.datetime(2024, 1, 1, 23, 59, 59)
            while day.year < 2026:
                print(calendar.timegm(day.timetuple()), day.strftime("%a, %d %b %Y %H:%M:%S GMT"),
                    day.strftime("%A, %d-%b-%y %H:%M:%S GMT"), time.asctime(day.timetuple()), sep="|")
                day += datetime.timedelta(days=1)
            """)
        let lines = try await python.run().outputText.split(separator: "\n")
        #expect(lines.count == 731)
        for line in lines {
            let parts = line.split(separator: "|").map(String.init)
            for form in parts.dropFirst() {
                let reply = try await stubbedClient(StubTransport(200, "{}", headers: [("Date", form)])).get(id: 1)
                guard reply.info?.date.map(String.init) == parts[0] else {
                    Issue.record("\(form) is \(reply.info?.date ?? -1)")
                    return
                }
            }
        }
    }

    /// What a status means to a create and to any other call, by RFC 9110, 15, RFC 6585, 4, and the API's page.
    private static let statuses: [(Int, create: RetryVerdict, other: RetryVerdict)] =
        [100, 102, 103].map { ($0, .lookUp, .retrySafe(after: nil)) }
        + [300, 301, 302, 303, 304, 305, 307, 308, 399].map { ($0, .lookUp, .fail) }
        + [
            400, 402, 404, 405, 407, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 423, 424, 425, 426, 428, 431,
            451, 498,
        ]
        .map { ($0, .fail, .fail) }
        + [401, 403].map { ($0, .unauthorized, .unauthorized) } + [(406, .lookUp, .fail), (409, .lookUp, .fail)]
        + [(422, .lookUp, .fail), (429, .throttled, .throttled)]
        + [408, 499, 500, 501, 502, 503, 504, 505, 507, 511, 520, 524, 529, 599].map {
            ($0, .lookUp, .retrySafe(after: nil))
        }

    /// A body that a gateway or the API sends beside a status, and that says nothing of its own.
    private static let bodies = [
        "", "<html><body>Sorry</body></html>", "busy", "{}", #"{"status":{"success":false,"message":"no"}}"#,
        #"{"status":{"success":false,"code":400,"message":"Group name must not be null"}}"#,
    ]

    @Test(
        "each status, with and without Retry-After in each form, whatever its body",
        arguments: statuses,
        [
            nil, "30", "Sun, 06 Nov 1994 08:50:07 GMT", "Sunday, 06-Nov-94 08:50:07 GMT",
            "Sun Nov  6 08:50:07 1994",
        ])
    func eachStatus(
        status: (http: Int, create: RetryVerdict, other: RetryVerdict), header: String?
    ) async throws {
        let after: Duration? = header.map { _ in .seconds(30) }
        var other = status.other
        if case .retrySafe = other { other = .retrySafe(after: after) }
        for body in Self.bodies {
            let client = try stubbedClient(
                StubTransport(status.http, body, headers: header.map { [("Retry-After", $0)] } ?? []))
            let created = await client.create(name: "a", rank: nil)
            #expect(RetryVerdict.verdict(for: created, isCreate: true) == status.create, "\(status.http) \(body)")
            switch created {
            case .refused(let refusal): #expect(refusal.retryAfter == after && refusal.http == status.http)
            case .lost(let loss): #expect(loss.retryAfter == after && loss.http == status.http)
            case .succeeded, .unsent: Issue.record("\(status.http) is \(summary(created))")
            }
            let read = await client.get(id: 1)
            #expect(RetryVerdict.verdict(for: read, isCreate: false) == other, "\(status.http) \(body)")
            let listed = await client.list(ListQuery())
            #expect(RetryVerdict.verdict(for: listed, isCreate: false) == other, "\(status.http) \(body)")
            let changed = await client.update(id: 1, name: "a")
            #expect(RetryVerdict.verdict(for: changed, isCreate: false) == Self.change(status, after), "\(body)")
        }
    }

    /// A change sends a whole state, so that one of which nobody knows whether it was made may be made again.
    private static func change(
        _ status: (http: Int, create: RetryVerdict, other: RetryVerdict), _ after: Duration?
    ) -> RetryVerdict {
        if status.create == .lookUp, ![409, 422].contains(status.http) { return .retrySafe(after: after) }
        return status.other
    }

    @Test(
        "the code of a name that is taken is looked up with any status that isn't the allowance's",
        arguments: [200, 400, 404, 409, 413, 422, 401, 403, 500, 503])
    func taken(status: Int) async throws {
        let client = try stubbedClient(StubTransport(status, ResponseShapeTests.nameTaken))
        let reply = await client.create(name: "a", rank: nil)
        #expect(RetryVerdict.verdict(for: reply, isCreate: true) == .lookUp)
        let throttled = try stubbedClient(StubTransport(429, ResponseShapeTests.nameTaken))
        let wait = await throttled.create(name: "a", rank: nil)
        #expect(RetryVerdict.verdict(for: wait, isCreate: true) == .throttled)
    }
}
