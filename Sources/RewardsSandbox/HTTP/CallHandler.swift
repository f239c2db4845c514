import Hummingbird

/// Does what a call asks for.
struct CallHandler: Sendable {
    let access: AccessControl
    let writer: GroupWriter
    let reader: GroupReader
    let clock: StampClock
    let form: GroupForm
    let normalisation: NameNormalisation

    /// - Parameters:
    ///   - caller: who sent it; `nil` only for a token.
    ///   - storedBefore: a list leaves out what was stored at or after this millisecond since 1970.
    /// - Throws: ``Refusal``, or the database's error.
    func perform(_ call: Call, caller: AccessControl.Caller?, storedBefore: Int64? = nil) async throws -> Answer {
        switch call {
        case .create(let body):
            let change = GroupChange.Kind.create(try creation(body))
            return try await apply(change, caller: caller, in: .create, content: call.contentHash)
        case .update(let id, let body):
            let name = normalisation.stored(try body.checkedName())
            let rank = normalisation.ignoresRank ? nil : body.rank
            return try await apply(
                .update(id: id, name: name, rank: rank, isActive: body.isActive), caller: caller, in: .update,
                content: call.contentHash)
        case .get(let id):
            guard let group = try await reader.group(id: id) else { throw Self.unknownGroup }
            return form.answer(group, in: .read)
        case .list(let query):
            let page = try await reader.page(query, storedBefore: storedBefore)
            return Answer.list(page, query: query, form: form)
        case .generateToken(let body): return try token(body)
        }
    }

    /// A token for the right key and secret.
    /// - Parameters:
    ///   - lifetimeSeconds: how long it is accepted; nil for as long as all are.
    ///   - saidSeconds: the lifetime that the response gives; nil for the real one.
    func token(_ body: TokenBody, lifetimeSeconds: Int64? = nil, saidSeconds: Int64? = nil) throws(Refusal) -> Answer {
        let token = access.token(
            key: body.key, secret: body.secret, lifetimeSeconds: lifetimeSeconds, saidSeconds: saidSeconds)
        guard let token else { throw Refusal(.unauthorized, "Key or secret is wrong") }
        return Answer.token(token)
    }

    /// Stores a group as if somebody else had created it.
    /// - Parameters:
    ///   - userID: who.
    ///   - ago: how many milliseconds ago.
    /// - Returns: whether it is stored; otherwise the name is there.
    func createForeign(
        _ body: GroupBody, origin: GroupOrigin, userID: Int64, ago: Int64
    ) async throws(Refusal) -> Bool {
        let creation = try creation(body, origin: origin)
        let change = GroupChange(
            kind: .create(creation), userID: userID, timestamp: clock.stamp(before: ago), now: clock.clock.now() - ago)
        if case .stored = await writer.apply(change) { return true }
        return false
    }

    /// What a create's body has stored; somebody else's has another rank.
    private func creation(
        _ body: GroupBody, origin: GroupOrigin = .create
    ) throws(Refusal) -> GroupChange.Creation {
        let name = try body.checkedName()
        let rank = body.rank ?? nil
        let stored = origin == .foreign ? (rank ?? 0) ^ 64 : rank
        return GroupChange.Creation(
            name: normalisation.stored(name), sent: name, rank: normalisation.ignoresRank ? nil : stored, origin: origin
        )
    }

    private func apply(
        _ kind: GroupChange.Kind, caller: AccessControl.Caller?, in place: GroupForm.Place, content: UInt64
    ) async throws -> Answer {
        guard let caller else { throw Refusal(.unauthorized, "Credentials are missing, wrong or expired") }
        let change = GroupChange(
            kind: kind, userID: caller.userID, timestamp: clock.stamp(content: content), now: clock.clock.now())
        switch await writer.apply(change) {
        case .stored(let group):
            if place == .create { clock.creates.add(now: change.now) }
            return form.answer(group, in: place)
        case .found(let group): return form.answer(group, in: place)
        case .nameTaken: throw Refusal(ofName: "Group name must be unique", code: 12012)
        case .unknownID: throw Self.unknownGroup
        case .queueFull:
            var refusal = Refusal(.serviceUnavailable, "Too many changes are waiting; nothing was changed")
            refusal.retryAfterSeconds = 1
            throw refusal
        case .failed: throw Refusal(.internalServerError, "The database failed; nothing was changed")
        }
    }

    /// Every group as NDJSON, read in pages as the client takes them.
    func stored() -> Response {
        let reader = self.reader
        let pageSize = 1_000
        let body = ResponseBody { writer in
            var last: Int64 = 0
            while true {
                let groups = try await reader.groups(after: last, countMax: pageSize)
                guard let final = groups.last else { break }
                last = final.id
                var text = JSONText(capacity: 128 * groups.count)
                for group in groups {
                    text.beginObject()
                    text.member("id", group.id)
                    text.member("name", group.name)
                    if let rank = group.rank { text.member("rank", rank) } else { text.nullMember("rank") }
                    text.member("isActive", group.isActive)
                    text.member("createdOn", group.createdOn)
                    text.member("sent", group.sent)
                    text.member("by", group.createdBy)
                    switch group.origin {
                    case .create: break
                    case .foreign: text.member("foreign", true)
                    case .foreignAfter: text.member("foreignAfter", true)
                    }
                    text.endObject()
                    text.endLine()
                }
                try await writer.write(text.buffer)
                if groups.count < pageSize { break }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    private static var unknownGroup: Refusal { Refusal(.notFound, "Group not found") }
}
