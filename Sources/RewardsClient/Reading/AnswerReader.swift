/// Decides what a whole HTTP response means. Pure: response in, reply out. Which replies a create may get, and why,
/// says ``RetryVerdict``.
struct AnswerReader: Sendable {
    /// What was asked for, which the response must show.
    enum Asked: Sendable {
        /// A group of this name, created. `before` is the name that the call before sent on the same connection: a
        /// response that names it comes a second time.
        case create(String, before: String?)
        /// The group of this id, changed.
        case change(Int64)
        /// The group of this id.
        case group(Int64)

        /// Whether the server may have been changed although it doesn't say so.
        var writes: Bool { if case .group = self { false } else { true } }
    }

    /// A reply, and whether the response belongs to the call at all. Where it doesn't, all further ones on its
    /// connection may be others' too.
    struct Reading<Value: Sendable>: Sendable {
        var reply: Reply<Value>
        var isInStep = true
    }

    var credentials: Credentials
    var epochSeconds: @Sendable () -> Int64
    var redactor: Redactor
    /// The longest body once it is decompressed.
    var bodyBytesMax: Int

    /// A single group's response: answered only by a 2xx with the group that was asked for, and no word of failure.
    func group(_ answer: TransportAnswer, _ asked: Asked, info: ReplyInfo) -> Reading<RewardGroup> {
        let content = answer.decoded(bytesMax: bodyBytesMax)
        let body = AnswerBody.read(content.body)
        if let reply: Reply<RewardGroup> = unsuccessful(content, body, writes: asked.writes, info: info) {
            return Reading(reply: reply)
        }
        if let trouble = content.trouble { return Reading(reply: lost(content, trouble, info: info)) }
        guard let body else {
            return Reading(reply: lost(content, "without a readable JSON object", info: info))
        }
        guard let group = body.group, group.id > 0 else { return withoutGroup(content, body, info: info) }
        if case .create(let name, let before) = asked {
            if !group.name.isEmpty, !isOwn(group.name, name, before: before) {
                let other = shown(group.name) ?? ""
                return Reading(
                    reply: lost(
                        content, #"with group \#(group.id), "\#(other)", which is another call's"#, group, info: info),
                    isInStep: false)
            }
        } else if case .change(let id) = asked, id != group.id {
            return Reading(reply: otherID(content, group, info: info), isInStep: false)
        } else if case .group(let id) = asked, id != group.id {
            return Reading(reply: otherID(content, group, info: info), isInStep: false)
        }
        if body.saysFailure {
            let words = body.errorMessage.flatMap(shown).map { " (\($0))" } ?? ""
            return Reading(
                reply: lost(content, "with group \(group.id) and a word of failure\(words)", group, info: info))
        }
        if case .create = asked, group.name.isEmpty {
            return Reading(reply: lost(content, "with group \(group.id) and no name", group, info: info))
        }
        return Reading(reply: .answered(group, info))
    }

    /// A list's response: answered only by a 2xx with a readable `groupRoList`.
    func page(_ answer: TransportAnswer, info: ReplyInfo) -> Reading<GroupPage> {
        let content = answer.decoded(bytesMax: bodyBytesMax)
        let body = AnswerBody.read(content.body)
        if let reply: Reply<GroupPage> = unsuccessful(content, body, writes: false, info: info) {
            return Reading(reply: reply)
        }
        if let trouble = content.trouble { return Reading(reply: lost(content, trouble, info: info)) }
        guard let body else {
            return Reading(reply: lost(content, "without a readable JSON object", info: info), isInStep: false)
        }
        if body.success == false { return Reading(reply: .refused(refusal(content, body: body, info: info))) }
        switch body.groups {
        case .groups(let groups):
            let paging = body.paging
            let page = GroupPage(
                groups: groups, number: paging?.number, isLast: paging?.last, size: paging?.size,
                totalElements: paging?.totalElements, totalPages: paging?.totalPages)
            return Reading(reply: .answered(page, info))
        case .unreadable:
            return Reading(
                reply: lost(content, "with a groupRoList that can't be read", info: info), isInStep: false)
        case .absent where body.errorCode != nil || body.hasErrors:
            return Reading(reply: .refused(refusal(content, body: body, info: info)))
        case .absent:
            return Reading(reply: lost(content, "without a groupRoList", info: info), isInStep: false)
        }
    }

    /// Whether a response's name is the one that was sent, or a form of it, and not that of a response that comes
    /// twice.
    private func isOwn(_ name: String, _ sent: String, before: String?) -> Bool {
        if name.utf8.elementsEqual(sent.utf8) { return true }
        if let before, name.utf8.elementsEqual(before.utf8) { return false }
        return NameForm.isForm(name, of: sent)
    }

    /// A 2xx without a group whose id is positive. It is a refusal where it says so, and nothing else could be meant:
    /// with an id of 0 or less only a code says so.
    private func withoutGroup(
        _ content: DecodedAnswer, _ body: AnswerBody, info: ReplyInfo
    ) -> Reading<RewardGroup> {
        if case .absent = body.groups {
        } else {
            return Reading(reply: lost(content, "with a list of groups", info: info), isInStep: false)
        }
        if body.saysFailure, body.group == nil || body.errorCode != nil {
            return Reading(reply: .refused(refusal(content, body: body, info: info)))
        }
        let words = body.errorMessage.flatMap(shown).map { " (\($0))" } ?? ""
        let id = body.group.map { "with the id \($0.id)" } ?? "without an id"
        return Reading(reply: lost(content, id + words, info: info))
    }

    private func otherID<Value>(
        _ content: DecodedAnswer, _ group: RewardGroup, info: ReplyInfo
    ) -> Reply<Value> {
        lost(content, "with group \(group.id), which wasn't asked for", group, info: info)
    }

    /// The reply to a response that isn't a 2xx; nil for a 2xx.
    private func unsuccessful<Value>(
        _ content: DecodedAnswer, _ body: AnswerBody?, writes: Bool, info: ReplyInfo
    ) -> Reply<Value>? {
        let status = content.answer.status
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
        _ content: DecodedAnswer, _ reason: String, _ group: RewardGroup? = nil, info: ReplyInfo
    ) -> Reply<Value> {
        let status = content.answer.status
        return .lost(Loss(http: status, reason: "HTTP \(status) \(reason)", group: group, info: info))
    }
}
