import HTTPTypes
package import Hummingbird
import Logging

/// Answers every request: who is it, may it, what does it ask; then counts the answer.
package struct SandboxResponder: HTTPResponder {
    package typealias Context = BasicRequestContext

    let configuration: SandboxConfiguration
    let access: AccessControl
    let allowance: RequestAllowance
    let writer: GroupWriter
    let reader: GroupReader
    let tally: RequestTally
    let clock: SandboxClock

    package func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let route = Route(method: request.method, path: parts.first ?? "/")
        let response: Response
        do {
            response = try await answer(route, query: parts.count > 1 ? parts[1] : "", request: request)
        } catch let refusal as Refusal {
            response = Answer.refusal(refusal.status, code: refusal.code, refusal.message)
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            response = Answer.refusal(.internalServerError, "The sandbox failed; see its log")
        }
        tally.count(route, status: response.status.code)
        return response
    }

    private func answer(_ route: Route, query: Substring, request: Request) async throws -> Response {
        switch route {
        case .stored where configuration.isLoopback: return stored()
        case .requests where configuration.isLoopback: return Answer.json(tally.json())
        case .stored, .requests: throw Refusal(.notFound, "Served on loopback only")
        case .unknown: throw Refusal(.notFound, "No such resource; groups are under \(Route.prefixes[0])/group")
        case .generateToken:
            try await delay()
            let body = try await RequestBodyReader.decode(TokenBody.self, from: request)
            guard let token = access.token(key: body.key, secret: body.secret) else {
                throw Refusal(.unauthorized, "Key or secret is wrong")
            }
            return Answer.token(token)
        case .createGroup, .listGroups, .getGroup, .updateGroup: break
        }
        guard let caller = access.caller(request.headers) else {
            throw Refusal(.unauthorized, "Credentials are missing, wrong or expired")
        }
        if let seconds = allowance.take(for: caller) {
            return Answer.tooMany(retryAfterSeconds: seconds)
        }
        try await delay()
        switch route {
        case .createGroup: return try await create(request, caller: caller)
        case .updateGroup(let id): return try await update(request, id: id, caller: caller)
        case .getGroup(let id): return try await get(id: id)
        default:
            let list = try ListQuery(query: query, sizeMax: configuration.listSizeMax)
            return Answer.list(
                try await reader.page(list), query: list, organisation: configuration.organisation)
        }
    }

    private func create(_ request: Request, caller: AccessControl.Caller) async throws -> Response {
        let body = try await RequestBodyReader.decode(GroupBody.self, from: request)
        let kind = GroupChange.Kind.create(name: try body.checkedName(), rank: body.rank ?? nil)
        return try await apply(kind, caller: caller)
    }

    private func update(_ request: Request, id: String, caller: AccessControl.Caller) async throws -> Response {
        let id = try groupID(id)
        let body = try await RequestBodyReader.decode(GroupBody.self, from: request)
        let name = try body.checkedName()
        return try await apply(.update(id: id, name: name, rank: body.rank, isActive: body.isActive), caller: caller)
    }

    private func get(id: String) async throws -> Response {
        guard let group = try await reader.group(id: groupID(id)) else { throw Self.unknownGroup }
        return Answer.group(group, organisation: configuration.organisation)
    }

    private func apply(_ kind: GroupChange.Kind, caller: AccessControl.Caller) async throws -> Response {
        let change = GroupChange(kind: kind, userID: caller.userID, timestamp: clock.now())
        switch await writer.apply(change) {
        case .stored(let group): return Answer.group(group, organisation: configuration.organisation)
        case .nameTaken: throw Refusal(.badRequest, code: 12012, "Group name must be unique")
        case .unknownID: throw Self.unknownGroup
        case .queueFull:
            var response = Answer.refusal(.serviceUnavailable, "Too many changes are waiting; nothing was changed")
            response.headers[.retryAfter] = "1"
            return response
        case .failed: throw Refusal(.internalServerError, "The database failed; nothing was changed")
        }
    }

    /// Every group as NDJSON, read in pages as the client takes them.
    private func stored() -> Response {
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

    private func groupID(_ text: String) throws(Refusal) -> Int64 {
        guard let id = Int64(text) else { throw Refusal(.badRequest, "Group id must be an integer") }
        return id
    }

    private func delay() async throws {
        if configuration.latency > .zero {
            try await Task.sleep(for: configuration.latency)
        }
    }

    private static var unknownGroup: Refusal { Refusal(.notFound, "Group not found") }
}
