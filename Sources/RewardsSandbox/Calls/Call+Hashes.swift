extension Call {
    /// A hash of what tells this call from others: its method, path and name.
    var contentHash: UInt64 {
        var hash = ContentHash()
        switch self {
        case .create(let body):
            hash.update("POST /group/create".utf8)
            hash.update((body.name ?? "").utf8)
        case .update(let id, let body):
            hash.update("PUT /group/\(id)".utf8)
            hash.update((body.name ?? "").utf8)
        case .get(let id):
            hash.update("GET /group/\(id)".utf8)
        case .list(let query):
            hash.update("GET /group \(query.page)".utf8)
            hash.update((query.name ?? "").utf8)
        case .generateToken:
            hash.update("POST /token".utf8)
        }
        return hash.finish()
    }

    /// A hash of the group's name in the body; the same for a create and an update.
    var nameHash: UInt64 {
        var hash = ContentHash()
        switch self {
        case .create(let body), .update(_, let body): hash.update((body.name ?? "").utf8)
        case .get, .list, .generateToken: break
        }
        return hash.finish()
    }
}
