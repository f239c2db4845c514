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
    func perform(_ call: Call, caller: AccessControl.Caller?, storedBefore: Int64? = nil) async throws
        -> BufferedResponse
    {
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
            return form.response(group, in: .read)
        case .list(let query):
            let page = try await reader.page(query, storedBefore: storedBefore)
            return BufferedResponse.list(page, query: query, form: form)
        case .generateToken(let body): return try token(body)
        }
    }

    /// A token for the right key and secret.
    /// - Parameters:
    ///   - lifetimeSeconds: how long it is accepted; nil for as long as all are.
    ///   - saidSeconds: the lifetime that the response gives; nil for the real one.
    func token(_ body: TokenBody, lifetimeSeconds: Int64? = nil, saidSeconds: Int64? = nil) throws(Refusal)
        -> BufferedResponse
    {
        let token = access.token(
            key: body.key, secret: body.secret, lifetimeSeconds: lifetimeSeconds, saidSeconds: saidSeconds)
        guard let token else { throw Refusal(.unauthorized, "Key or secret is wrong") }
        return BufferedResponse.token(token)
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
    ) async throws -> BufferedResponse {
        guard let caller else { throw Refusal(.unauthorized, "Credentials are missing, wrong or expired") }
        let change = GroupChange(
            kind: kind, userID: caller.userID, timestamp: clock.stamp(content: content), now: clock.clock.now())
        switch await writer.apply(change) {
        case .stored(let group):
            if place == .create { clock.creates.add(now: change.now) }
            return form.response(group, in: place)
        case .found(let group): return form.response(group, in: place)
        case .nameTaken: throw Refusal(ofName: "Group name must be unique", code: 12012)
        case .unknownID: throw Self.unknownGroup
        case .queueFull:
            var refusal = Refusal(.serviceUnavailable, "Too many changes are waiting; nothing was changed")
            refusal.retryAfterSeconds = 1
            throw refusal
        case .failed: throw Refusal(.internalServerError, "The database failed; nothing was changed")
        }
    }

    private static var unknownGroup: Refusal { Refusal(.notFound, "Group not found") }
}
