/// Decides what a whole HTTP answer means. Pure: answer in, reply out.
struct AnswerReader: Sendable {
    /// Create and update change the server; after a 5xx it isn't known whether they did.
    enum Effect: Sendable { case reads, writes }

    var credentials: Credentials
    var epochSeconds: @Sendable () -> Int64

    /// A single group's answer: answered only by a 2xx with an `id`.
    func group(_ answer: TransportAnswer, effect: Effect, info: ReplyInfo) -> Reply<RewardGroup> {
        if let reply: Reply<RewardGroup> = unsuccessful(answer, effect: effect, info: info) { return reply }
        guard let body = AnswerBody.read(answer.body) else {
            return lost(answer, "HTTP \(answer.status) without a readable JSON object", info: info)
        }
        switch (body.group, body.success) {
        case (.some, false?):
            return lost(answer, "HTTP \(answer.status) with an id and success false", info: info)
        case (let group?, _):
            return .answered(group, info)
        case (nil, false?):
            return .refused(refusal(answer, body: body, info: info))
        case (nil, _) where body.errorCode != nil:
            return .refused(refusal(answer, body: body, info: info))
        default:
            return lost(answer, "HTTP \(answer.status) without an id", info: info)
        }
    }

    /// As ``group(_:effect:info:)``, for a create.
    func group(_ answer: TransportAnswer, _ latency: Duration, _ requests: Int) -> Reply<RewardGroup> {
        group(answer, effect: .writes, info: ReplyInfo(answer, latency: latency, requests: requests))
    }

    /// A list's answer: answered only by a 2xx with a readable `groupRoList`.
    func page(_ answer: TransportAnswer, info: ReplyInfo) -> Reply<GroupPage> {
        if let reply: Reply<GroupPage> = unsuccessful(answer, effect: .reads, info: info) { return reply }
        guard let body = AnswerBody.read(answer.body) else {
            return lost(answer, "HTTP \(answer.status) without a readable JSON object", info: info)
        }
        if body.success == false { return .refused(refusal(answer, body: body, info: info)) }
        switch body.groups {
        case .groups(let groups):
            let paging = body.paging
            let page = GroupPage(
                groups: groups, number: paging?.number, isLast: paging?.last, size: paging?.size,
                totalElements: paging?.totalElements,
                totalPages: paging?.totalPages)
            return .answered(page, info)
        case .unreadable:
            return lost(answer, "HTTP \(answer.status) with a groupRoList that can't be read", info: info)
        case .absent where body.errorCode != nil:
            return .refused(refusal(answer, body: body, info: info))
        case .absent:
            return lost(answer, "HTTP \(answer.status) without a groupRoList", info: info)
        }
    }

    /// The reply to an answer that isn't a 2xx; nil for a 2xx.
    private func unsuccessful<Value>(
        _ answer: TransportAnswer, effect: Effect, info: ReplyInfo
    ) -> Reply<Value>? {
        if (200...299).contains(answer.status) { return nil }
        let refusal = refusal(answer, body: AnswerBody.read(answer.body), info: info)
        switch answer.status {
        case 503 where refusal.retryAfter != nil:
            return .refused(refusal)
        case ..<200, 408, 500...:
            // 408 too: a proxy may say so after it has passed the request on.
            return effect == .writes ? lost(answer, refusal.description, info: info) : .refused(refusal)
        default:
            return .refused(refusal)
        }
    }

    private func lost<Value>(_ answer: TransportAnswer, _ reason: String, info: ReplyInfo) -> Reply<Value> {
        .lost(Loss(http: answer.status, reason: reason, info: info))
    }

    /// The refusal that an answer amounts to, in the server's words where it has any.
    func refusal(_ answer: TransportAnswer, body: AnswerBody?, info: ReplyInfo) -> Refusal {
        let words = body?.errorMessage.flatMap(Self.shown)
        let isUnauthorized = answer.status == 401 || answer.status == 403
        let message =
            switch answer.status {
            case 300...399: redirectMessage(answer)
            case 401, 403:
                "the target refused the credentials" + (words.map { " (\($0))" } ?? "")
                    + ": \(credentials.environmentHint)"
            default: words ?? "the target answered HTTP \(answer.status) and no message"
            }
        let now = info.date
        return Refusal(
            http: answer.status, code: body?.errorCode, message: message,
            retryAfter: RetryAfter.wait(answer.header("Retry-After"), now: now ?? epochSeconds()),
            isUnauthorized: isUnauthorized, isThrottled: answer.status == 429, info: info)
    }

    /// Only the host of a redirect is shown: the rest may hold what isn't ours to show.
    private func redirectMessage(_ answer: TransportAnswer) -> String {
        let location = answer.header("Location") ?? ""
        var host = "elsewhere"
        if let mark = location.firstRange(of: "//") {
            let authority = location[mark.upperBound...].prefix { !"/?#".contains($0) }
            let name = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
            if let shown = Self.shown(String(name)) { host = "to \(shown)" }
        } else if location.hasPrefix("/") {
            host = "to another path of the same host"
        }
        return "the target redirects \(host), and redirects are never followed with credentials: "
            + "give the API's own address by --target, or its path by --api-prefix"
    }

    /// Text for one line: control characters become blanks, at most 500 characters; nil for none.
    private static func shown(_ text: String) -> String? {
        let line = text.unicodeScalars.prefix(4_000).map { scalar in
            scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        let shown = String(line).prefix(500)
        return shown.allSatisfy(\.isWhitespace) ? nil : String(shown)
    }
}
