import RewardsClient

// What the target says: credentials, list, pages, rate and clock.
extension Doctor {
    /// Times that a page is asked for where no response comes.
    private static let attemptsMax = 2
    /// How far the target's clock may be off, in milliseconds: from there on a group's age says less of who made it.
    private static let skewMax: Int64 = 5_000

    /// Makes the calls that an import begins with.
    func checkCalls(_ configuration: ClientConfiguration, _ transport: HTTPTransport, _ report: inout DoctorReport)
        async
    {
        let calls: [DoctorFinding.Check] = [.login, .list, .pageSize, .rate, .clock]
        guard case .success = subject.credentials else {
            return report.pass(over: calls, "there are no credentials that can be used")
        }
        let client = RewardsClient(
            configuration: configuration, transport: transport, environment: environment.client)
        if client.hasToken {
            let reply = await client.token()
            guard case .succeeded(let lifetime, _) = reply else {
                report.add(finding(.login, of: reply))
                return report.pass(over: Array(calls.dropFirst()), "there is no token")
            }
            report.add(.ok(.login, "a token that is valid for " + (lifetime.map { "\($0) s" } ?? "an unknown time")))
        }
        var look = await client.look(ListQuery(page: 0, size: 1))
        for _ in 1..<Self.attemptsMax {
            guard case .lost = look.reply else { break }
            look = await client.look(ListQuery(page: 0, size: 1))
        }
        if case .succeeded(let page, let info) = look.reply {
            if !client.hasToken { report.add(.ok(.login, "the target takes the credentials")) }
            let total = page.totalElements.map { Shown.count($0, "group") } ?? "a number of groups that it doesn't say"
            report.add(.ok(.list, "the target has \(total); its response took \(info.latency.milliseconds) ms"))
            report.add(await pageSizeFinding(client))
            let rate = look.rate.isEmpty ? "the target doesn't say what it allows" : look.rate.joined(separator: ", ")
            report.add(.ok(.rate, rate))
        } else {
            add(failureOf: look.reply, hasToken: client.hasToken, &report)
        }
        report.add(clockFinding(look.reply.info))
    }

    private func add(failureOf reply: Reply<GroupPage>, hasToken: Bool, _ report: inout DoctorReport) {
        let found = finding(.list, of: reply)
        if !hasToken {
            if case .refused(let refusal) = reply, refusal.isUnauthorized {
                report.add(finding(.login, of: reply))
                return report.pass(over: [.list, .pageSize, .rate], "the target refuses the credentials")
            }
            report.add(.notChecked(.login, "the target gives no list"))
        }
        report.add(found)
        report.pass(over: [.pageSize, .rate], "the target gives no list")
    }

    /// What a reply means that is no success, as an import takes it.
    private func finding<Value>(_ check: DoctorFinding.Check, of reply: Reply<Value>) -> DoctorFinding {
        guard case .refused(let refusal) = reply else {
            return Self.failed(check, reply.message, isLasting: false)
        }
        if let error = TargetCheck.fault(of: refusal) { return .fail(check, error) }
        let text =
            refusal.message.contains("HTTP")
            ? refusal.message : "the target responded with HTTP \(refusal.http): \(refusal.message)"
        guard let pause = refusal.retryAfter else {
            if Self.isUnknownRoute(refusal) {
                return .fail(check, RunError(.notTheAPI, text, remedy: "check --target and --api-prefix"))
            }
            return .warn(
                check, text,
                remedy: refusal.isThrottled
                    ? "lower --rate, or wait" : "an import would try all the same, and end with 3 if it goes on")
        }
        let asked = "it asks to wait \(WallTime.length(pause))"
        guard pause > subject.waitMax else { return .warn(check, text, remedy: "\(asked), which an import does") }
        return .fail(check, RunError(.targetUnusable, text, remedy: "\(asked), which is longer than --wait-max"))
    }

    /// Whether a refusal says that there is no such route, though in JSON: it has neither a code of the API's own nor
    /// the word that there are no groups. An import would find its creates refused alike.
    private static func isUnknownRoute(_ refusal: Refusal) -> Bool {
        guard [404, 405, 410].contains(refusal.http), refusal.code == nil || refusal.code == refusal.http else {
            return false
        }
        let words = refusal.message.lowercased().split { !$0.isLetter && $0 != "/" }
        return !words.contains { $0 == "group" || $0 == "groups" }
    }

    /// Asks for pages as large as an import does, and smaller ones where they are refused.
    private func pageSizeFinding(_ client: RewardsClient) async -> DoctorFinding {
        var size = TargetList.pageSizeWanted
        while true {
            let reply = await client.list(ListQuery(page: 0, size: size))
            switch reply {
            case .succeeded(let page, _):
                let given = Self.size(of: page, asked: size)
                let asked =
                    given < TargetList.pageSizeWanted
                    ? ", where \(Shown.number(TargetList.pageSizeWanted)) were asked for" : ""
                return .ok(.pageSize, "\(Shown.count(given, "group")) a page\(asked)")
            case .refused(let refusal) where !refusal.isThrottled && !refusal.isUnauthorized && size > 10:
                size = max(10, size / 10)
            case .refused(let refusal) where refusal.retryAfter.map { $0 > subject.waitMax } ?? false:
                return finding(.pageSize, of: reply)
            default:
                return .warn(
                    .pageSize, "a page of \(Shown.count(size, "group")) can't be read: \(reply.message)",
                    remedy: "an import that needs the target's list would end with 3; --snapshot never does without")
            }
        }
    }

    private static func size(of page: GroupPage, asked: Int) -> Int {
        if let size = page.size, size > 0, size < asked { return size }
        let isPart = page.isLast != true && page.totalPages != 1 && !page.groups.isEmpty
        return isPart ? min(page.groups.count, asked) : asked
    }

    private func clockFinding(_ info: ReplyInfo?) -> DoctorFinding {
        guard let info, let date = info.date, let sent = info.sentAt else {
            return .notChecked(.clock, "no response with a Date header came")
        }
        // The header has whole seconds.
        let skew = date * 1000 + 500 - (sent + info.latency.milliseconds / 2)
        guard abs(skew) > Self.skewMax else {
            return .ok(
                .clock,
                "this machine's and the target's differ by \(abs(skew) <= 1000 ? "at most a second" : "some seconds")")
        }
        return .warn(
            .clock,
            "the target's is \(Shown.number(abs(skew) / 1000)) s \(skew > 0 ? "ahead of" : "behind") this machine's",
            remedy: "set the one that is wrong, by NTP: certificates, tokens and who made a group depend on it")
    }
}
