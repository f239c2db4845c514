import HTTPTypes
import Hummingbird

/// What a request asks for, from its method and path.
enum Route: Sendable, Equatable {
    case createGroup
    case listGroups
    case getGroup(id: String)
    case updateGroup(id: String)
    case generateToken
    case stored
    case requests
    case unknown

    /// The seed's prefix and that of the vendor's request examples.
    static let prefixes = ["/api_gateway/core/v1", "/api_gateway/rewards/core/v1"]

    /// - Parameter path: without the query.
    init(method: HTTPRequest.Method, path: Substring) {
        switch (method, String(path)) {
        case (.post, "/v3/oauth/token/generate"): self = .generateToken
        case (.get, "/sandbox/stored"): self = .stored
        case (.get, "/sandbox/requests"): self = .requests
        default:
            guard let prefix = Self.prefixes.first(where: { path.hasPrefix($0 + "/group") }) else {
                self = .unknown
                return
            }
            self.init(method: method, groupPath: path.dropFirst(prefix.count + "/group".count))
        }
    }

    private init(method: HTTPRequest.Method, groupPath rest: Substring) {
        let id = rest.dropFirst()
        switch method {
        case .post where rest == "/create": self = .createGroup
        case .get where rest.isEmpty: self = .listGroups
        case .get where rest.first == "/" && !id.isEmpty && !id.contains("/"): self = .getGroup(id: String(id))
        case .put where rest.first == "/" && !id.isEmpty && !id.contains("/"): self = .updateGroup(id: String(id))
        default: self = .unknown
        }
    }

    /// The name under which requests are counted, without the prefix; `nil` for what is not of the API.
    var tallyName: String? {
        switch self {
        case .createGroup: "POST /group/create"
        case .listGroups: "GET /group"
        case .getGroup: "GET /group/{id}"
        case .updateGroup: "PUT /group/{id}"
        case .generateToken: "POST /v3/oauth/token/generate"
        case .unknown: "other"
        case .stored, .requests: nil
        }
    }
}
