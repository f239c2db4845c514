import Hummingbird

/// Does what a call asks for.
struct CallHandler: Sendable {
    let access: AccessControl
    let writer: GroupWriter
    let reader: GroupReader
    let clock: SandboxClock
    let organisation: Int

    /// - Parameters:
    ///   - caller: who sent it; `nil` only for a token.
    ///   - storedBefore: a list leaves out what was stored at or after this millisecond since 1970.
    /// - Throws: ``Refusal``, or the database's error.
    func perform(_ call: Call, caller: AccessControl.Caller?, storedBefore: Int64? = nil) async throws -> Answer {
        switch call {
        case .create(let body):
            return try await apply(.create(name: try body.checkedName(), rank: body.rank ?? nil), caller: caller)
        case .update(let id, let body):
            let name = try body.checkedName()
            return try await apply(
                .update(id: id, name: name, rank: body.rank, isActive: body.isActive), caller: caller)
        case .get(let id):
            guard let group = try await reader.group(id: id) else { throw Self.unknownGroup }
            return Answer.group(group, organisation: organisation)
        case .list(let query):
            let page = try await reader.page(query, storedBefore: storedBefore)
            return Answer.list(page, query: query, organisation: organisation)
        case .generateToken(let body):
            guard let token = access.token(key: body.key, secret: body.secret) else {
                throw Refusal(.unauthorized, "Key or secret is wrong")
            }
            return Answer.token(token)
        }
    }

    private func apply(_ kind: GroupChange.Kind, caller: AccessControl.Caller?) async throws -> Answer {
        guard let caller else { throw Refusal(.unauthorized, "Credentials are missing, wrong or expired") }
        let change = GroupChange(kind: kind, userID: caller.userID, timestamp: clock.now())
        switch await writer.apply(change) {
        case .stored(let group): return Answer.group(group, organisation: organisation)
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
