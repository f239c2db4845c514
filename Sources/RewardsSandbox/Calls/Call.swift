import Hummingbird

/// A request of the API, read.
enum Call: Sendable {
    case create(GroupBody)
    case update(id: Int64, GroupBody)
    case get(id: Int64)
    case list(ListQuery)
    case generateToken(TokenBody)

    /// Reads what a route needs.
    /// - Parameter query: what follows the path's `?`.
    /// - Returns: `nil` for a route that is not of the API.
    /// - Throws: ``Refusal``: the body, the id or the query is not what the route takes.
    init?(_ route: Route, query: Substring, request: Request, listSizeMax: Int) async throws {
        switch route {
        case .createGroup: self = .create(try await RequestBodyReader.decode(GroupBody.self, from: request))
        case .updateGroup(let id):
            let id = try Self.groupID(id)
            self = .update(id: id, try await RequestBodyReader.decode(GroupBody.self, from: request))
        case .getGroup(let id): self = .get(id: try Self.groupID(id))
        case .listGroups: self = .list(try ListQuery(query: query, sizeMax: listSizeMax))
        case .generateToken:
            self = .generateToken(try await RequestBodyReader.decode(TokenBody.self, from: request))
        case .stored, .requests, .unknown: return nil
        }
    }

    private static func groupID(_ text: String) throws(Refusal) -> Int64 {
        guard let id = Int64(text) else { throw Refusal(.badRequest, "Group id must be an integer") }
        return id
    }
}
