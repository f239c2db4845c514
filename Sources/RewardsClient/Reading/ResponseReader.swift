/// Makes a reply from a whole HTTP response. Pure. ``RetryVerdict`` lists the replies that a create can have, and why.
struct ResponseReader: Sendable {
    /// The group that the response must show.
    enum Expected: Sendable {
        /// A group of this name, created. `before` is the name in the previous request on the same connection: a
        /// response with that name is the previous one, sent twice.
        case create(String, before: String?)
        /// The group of this id, changed.
        case change(Int64)
        /// The group of this id.
        case group(Int64)

        /// Whether the call changes the server's state.
        var writes: Bool { if case .group = self { false } else { true } }
    }

    /// A reply, and whether the response belongs to the call. Where it doesn't, all later responses on its connection
    /// may belong to other calls too.
    struct Reading<Value: Sendable>: Sendable {
        var reply: Reply<Value>
        var matchesRequest = true
    }

    var credentials: Credentials
    var environment: ClientEnvironment
    var redactor: Redactor
    /// The longest body after decompression.
    var bodyBytesMax: Int

    /// Reads a single group's response: a success only with a 2xx, the expected group, and no sign of failure.
    func group(_ response: TransportResponse, _ expected: Expected, info: ReplyInfo) -> Reading<RewardGroup> {
        let content = response.decoded(bytesMax: bodyBytesMax)
        let body = ResponseBody.read(content.body)
        if let reply: Reply<RewardGroup> = unsuccessful(content, body, writes: expected.writes, info: info) {
            return Reading(reply: reply)
        }
        if let trouble = content.trouble { return Reading(reply: lost(content, trouble, info: info)) }
        guard let body else {
            return Reading(reply: lost(content, "without a readable JSON object", info: info))
        }
        guard let group = body.group, group.id > 0 else { return withoutGroup(content, body, info: info) }
        if case .create(let name, let before) = expected {
            if !group.name.isEmpty, !isOwn(group.name, name, before: before) {
                let other = shown(group.name) ?? ""
                return Reading(
                    reply: lost(
                        content, #"with group \#(group.id), "\#(other)", which is another call's"#, group, info: info),
                    matchesRequest: false)
            }
        } else if case .change(let id) = expected, id != group.id {
            return Reading(reply: otherID(content, group, info: info), matchesRequest: false)
        } else if case .group(let id) = expected, id != group.id {
            return Reading(reply: otherID(content, group, info: info), matchesRequest: false)
        }
        if body.reportsFailure {
            let words = body.errorMessage.flatMap(shown).map { " (\($0))" } ?? ""
            return Reading(
                reply: lost(content, "with group \(group.id) and a sign of failure\(words)", group, info: info))
        }
        if case .create = expected, group.name.isEmpty {
            return Reading(reply: lost(content, "with group \(group.id) and no name", group, info: info))
        }
        return Reading(reply: .succeeded(group, info))
    }

    /// Reads a list's response: a success only with a 2xx and a readable `groupRoList`.
    func page(_ response: TransportResponse, info: ReplyInfo) -> Reading<GroupPage> {
        let content = response.decoded(bytesMax: bodyBytesMax)
        let body = ResponseBody.read(content.body)
        if let reply: Reply<GroupPage> = unsuccessful(content, body, writes: false, info: info) {
            return Reading(reply: reply)
        }
        if let trouble = content.trouble { return Reading(reply: lost(content, trouble, info: info)) }
        guard let body else {
            return Reading(reply: lost(content, "without a readable JSON object", info: info), matchesRequest: false)
        }
        if body.success == false { return Reading(reply: .refused(refusal(content, body: body, info: info))) }
        switch body.groups {
        case .groups(let groups):
            let paging = body.paging
            let page = GroupPage(
                groups: groups, number: paging?.number, isLast: paging?.last, size: paging?.size,
                totalElements: paging?.totalElements, totalPages: paging?.totalPages)
            return Reading(reply: .succeeded(page, info))
        case .unreadable:
            return Reading(
                reply: lost(content, "with a groupRoList that can't be read", info: info), matchesRequest: false)
        case .absent where body.errorCode != nil || body.hasErrors:
            return Reading(reply: .refused(refusal(content, body: body, info: info)))
        case .absent:
            return Reading(reply: lost(content, "without a groupRoList", info: info), matchesRequest: false)
        }
    }

    /// Whether a response's name is the one that was sent, or a form of it, and not that of a response that was sent
    /// twice.
    private func isOwn(_ name: String, _ sent: String, before: String?) -> Bool {
        if name.hasBytes(of: sent) { return true }
        if let before, name.hasBytes(of: before) { return false }
        return NameForm.isForm(name, of: sent)
    }

    /// Reads a 2xx without a group whose id is positive. It is a refusal where it reports a failure; with an id of 0 or
    /// less, only where it has an error code.
    private func withoutGroup(
        _ content: DecodedResponse, _ body: ResponseBody, info: ReplyInfo
    ) -> Reading<RewardGroup> {
        if case .absent = body.groups {
        } else {
            return Reading(reply: lost(content, "with a list of groups", info: info), matchesRequest: false)
        }
        if body.reportsFailure, body.group == nil || body.errorCode != nil {
            return Reading(reply: .refused(refusal(content, body: body, info: info)))
        }
        let words = body.errorMessage.flatMap(shown).map { " (\($0))" } ?? ""
        let id = body.group.map { "with the id \($0.id)" } ?? "without an id"
        return Reading(reply: lost(content, id + words, info: info))
    }

    private func otherID<Value>(
        _ content: DecodedResponse, _ group: RewardGroup, info: ReplyInfo
    ) -> Reply<Value> {
        lost(content, "with group \(group.id), which wasn't asked for", group, info: info)
    }

    /// The reply to a response that isn't a 2xx; nil for a 2xx.
    private func unsuccessful<Value>(
        _ content: DecodedResponse, _ body: ResponseBody?, writes: Bool, info: ReplyInfo
    ) -> Reply<Value>? {
        let status = content.response.status
        if (200...299).contains(status) { return nil }
        let refusal = refusal(content, body: body, info: info)
        guard writes else { return .refused(refusal) }
        switch status {
        case ..<200, 300...399, 406, 408, 499, 500...:
            return .lost(
                Loss(http: status, reason: refusal.description, retryAfter: refusal.retryAfter, info: info))
        default:
            return .refused(refusal)
        }
    }

    private func lost<Value>(
        _ content: DecodedResponse, _ reason: String, _ group: RewardGroup? = nil, info: ReplyInfo
    ) -> Reply<Value> {
        let status = content.response.status
        return .lost(Loss(http: status, reason: "HTTP \(status) \(reason)", group: group, info: info))
    }
}
