internal import FoundationEssentials
package import HTTPTypes

/// The target, the credentials and the limits of a client. The initialiser checks them, so that each value can be used.
package struct ClientConfiguration: Sendable {
    /// The API's path prefix (reward-groups API, "Hosts and paths").
    package static let apiPrefixDefault = "/api_gateway/core/v1"
    /// The upper bound of ``connectionsMax``.
    package static let connectionsLimit = 4096

    /// `scheme://host[:port]`, without a path or a final slash.
    package let target: String
    /// The target's `host[:port]`, for messages.
    package var place: String { String(target[(target.firstRange(of: "://")?.upperBound ?? target.startIndex)...]) }
    /// Begins with a slash and doesn't end with one.
    package let apiPrefix: String
    /// Who calls.
    package let credentials: Credentials
    /// Headers of the user's own, sent with every call of the groups API (not with the token call).
    package let headers: HTTPFields
    /// The value of `User-Agent`.
    package let userAgent: String
    /// The longest time that making a connection takes, TLS included.
    package let connectTimeout: Duration
    /// The longest time from the first try to connect to the response's head; the body has as long again.
    package let requestTimeout: Duration
    /// Connections to the target, 1 to 4,096.
    package let connectionsMax: Int
    /// The longest response body that is read, 1 KiB to 64 MiB.
    package let responseBytesMax: Int
    /// A file of certificates in PEM form that are trusted besides the system's; nil for the system's alone.
    package let certificatesFile: String?
    /// The proxy that tunnels the connections to an https target; nil for none.
    package let proxy: ProxyAddress?
    /// The trace that requests belong to; nil for none, and where ``headers`` name another.
    package let trace: RequestTrace?

    /// - Parameters:
    ///   - target: `https://host[:port]`; `http:` only to this machine, or with `allowInsecure`.
    ///   - connectTimeout: above zero, at most 10 minutes; so too `requestTimeout`.
    ///   - environment: where `HTTPS_PROXY` and `NO_PROXY` are looked for.
    /// - Throws: `ClientError` with the code of the first thing that is wrong.
    package init(
        target: String,
        apiPrefix: String = ClientConfiguration.apiPrefixDefault,
        credentials: Credentials,
        headers: [(String, String)] = [],
        userAgent: String = "groupload",
        connectTimeout: Duration = .seconds(10),
        requestTimeout: Duration = .seconds(30),
        allowInsecure: Bool = false,
        connectionsMax: Int = 64,
        responseBytesMax: Int = 4 << 20,
        certificatesFile: String? = nil,
        trace: RequestTrace? = nil,
        environment: [String: String] = [:]
    ) throws(ClientError) {
        self.target = try Self.checkedTarget(target, allowInsecure: allowInsecure)
        self.apiPrefix = try Self.checkedPrefix(apiPrefix)
        try Self.check(credentials)
        self.headers = try Self.checked(headers)
        _ = try Self.checked([("User-Agent", userAgent)], forbidden: [])
        for (name, value) in [("connect", connectTimeout), ("request", requestTimeout)] {
            guard value > .zero, value <= .seconds(600) else {
                throw ClientError(.badLimit, "the \(name) time-out \(value) isn't above 0 and at most 600 seconds")
            }
        }
        guard (1...Self.connectionsLimit).contains(connectionsMax) else {
            throw ClientError(.badLimit, "\(connectionsMax) connections: give 1 to \(Self.connectionsLimit)")
        }
        guard (1 << 10...64 << 20).contains(responseBytesMax) else {
            throw ClientError(.badLimit, "a response limit of \(responseBytesMax) bytes: give 1024 to 67108864")
        }
        self.credentials = credentials
        self.userAgent = userAgent
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.connectionsMax = connectionsMax
        self.responseBytesMax = responseBytesMax
        self.certificatesFile = certificatesFile
        self.trace = self.headers.contains { $0.name == .traceParent } ? nil : trace
        proxy = try ProxyAddress.fromEnvironment(environment, host: Self.endpoint(of: self.target).host)
    }
}

extension ClientConfiguration {
    /// Whether the target speaks TLS, its host without brackets, and its port.
    var endpoint: (isSecure: Bool, host: String, port: Int) { Self.endpoint(of: target) }

    private static func endpoint(of target: String) -> (isSecure: Bool, host: String, port: Int) {
        let parts = URLComponents(string: target)
        let isSecure = parts?.scheme == "https"
        return (isSecure, ProxyAddress.bare(parts?.host ?? ""), parts?.port ?? (isSecure ? 443 : 80))
    }
}
