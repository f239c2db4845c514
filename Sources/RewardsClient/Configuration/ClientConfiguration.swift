internal import FoundationEssentials

/// Where and as whom the client calls, with its limits. Checked when made, so that a value of this type can be used.
package struct ClientConfiguration: Sendable {
    /// The seed's path prefix (reward-groups API, "Hosts and paths").
    package static let apiPrefixDefault = "/api_gateway/core/v1"
    /// The most connections that may be asked for.
    package static let connectionsLimit = 4096

    /// `scheme://host[:port]`, without a path or a final slash.
    package let target: String
    /// The target's `host[:port]`, for messages.
    package var place: String { String(target[(target.firstRange(of: "://")?.upperBound ?? target.startIndex)...]) }
    /// Begins with a slash and doesn't end with one.
    package let apiPrefix: String
    package let credentials: Credentials
    /// Headers of the user's own, sent with every call of the groups API (not with the token call).
    package let headers: [(String, String)]
    package let userAgent: String
    /// How long a connection may take to be made, TLS included.
    package let connectTimeout: Duration
    /// How long a call may take from the first try to connect to the answer's head; its body has as long again.
    package let requestTimeout: Duration
    /// Connections to the target, 1 to 4,096.
    package let connectionsMax: Int
    /// The longest answer body that is read, 1 KiB to 64 MiB.
    package let answerBytesMax: Int
    /// A file of certificates in PEM form that are trusted besides the system's; nil for the system's alone.
    package let certificatesFile: String?
    /// What tunnels the connections to an https target; nil for none.
    package let proxy: ProxyAddress?

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
        answerBytesMax: Int = 4 << 20,
        certificatesFile: String? = nil,
        environment: [String: String] = [:]
    ) throws(ClientError) {
        self.target = try Self.checkedTarget(target, allowInsecure: allowInsecure)
        self.apiPrefix = try Self.checkedPrefix(apiPrefix)
        try Self.check(credentials)
        try Self.check(headers)
        try Self.check([("User-Agent", userAgent)], forbidden: [])
        for (name, value) in [("connect", connectTimeout), ("request", requestTimeout)] {
            guard value > .zero, value <= .seconds(600) else {
                throw ClientError(.badLimit, "the \(name) time-out \(value) isn't above 0 and at most 600 seconds")
            }
        }
        guard (1...Self.connectionsLimit).contains(connectionsMax) else {
            throw ClientError(.badLimit, "\(connectionsMax) connections: give 1 to \(Self.connectionsLimit)")
        }
        guard (1 << 10...64 << 20).contains(answerBytesMax) else {
            throw ClientError(.badLimit, "an answer limit of \(answerBytesMax) bytes: give 1024 to 67108864")
        }
        self.credentials = credentials
        self.headers = headers
        self.userAgent = userAgent
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.connectionsMax = connectionsMax
        self.answerBytesMax = answerBytesMax
        self.certificatesFile = certificatesFile
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

    private static func checkedTarget(_ text: String, allowInsecure: Bool) throws(ClientError) -> String {
        // The text isn't shown before it is known to hold no user info.
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host,
            !host.isEmpty, scheme == "https" || scheme == "http"
        else {
            throw ClientError(.badTarget, "the target isn't an address: give --target https://host[:port]")
        }
        guard parts.user == nil, parts.password == nil else {
            throw ClientError(
                .userInfoInTarget,
                "the target for host \(host) holds a user or password: leave them out, credentials come from the environment"
            )
        }
        guard parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil else {
            throw ClientError(
                .badTarget,
                "the target \(scheme)://\(host) has a path: give --target without it, and the path by --api-prefix")
        }
        if let port = parts.port, !(1...65535).contains(port) {
            throw ClientError(.badTarget, "the target's port \(port) isn't 1 to 65535")
        }
        guard scheme == "https" || allowInsecure || isLoopback(host) else {
            throw ClientError(
                .insecureTarget,
                "http://\(host) would send credentials unencrypted: give an https target, or --allow-insecure")
        }
        let shownHost = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(scheme)://\(shownHost)" + (parts.port.map { ":\($0)" } ?? "")
    }

    private static func isLoopback(_ host: String) -> Bool {
        let name = host.lowercased()
        if name == "localhost" || name == "::1" || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func checkedPrefix(_ text: String) throws(ClientError) -> String {
        let prefix = text.hasSuffix("/") ? String(text.dropLast()) : text
        let isPlain = prefix.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        guard prefix.isEmpty || prefix.hasPrefix("/"), isPlain else {
            throw ClientError(
                .badPrefix, "the API prefix must begin with / and be a plain path: --api-prefix \(apiPrefixDefault)")
        }
        return prefix
    }

    private static func check(_ credentials: Credentials) throws(ClientError) {
        switch credentials {
        case .basic(let till, let passwordMD5, _):
            guard !till.isEmpty, !till.contains(":"), till.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
                throw ClientError(
                    .badCredentials,
                    "the till's name is empty or holds a colon or control character: check GROUPLOAD_TILL")
            }
            let digits = passwordMD5.reveal().utf8
            let isHexadecimal = digits.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
            guard digits.count == 32, isHexadecimal else {
                throw ClientError(
                    .badCredentials,
                    "GROUPLOAD_PASSWORD_MD5 isn't 32 lower-case hexadecimal digits: give the MD5 of the password")
            }
        case .oauth(let key, let secret):
            guard !key.isEmpty, !secret.isEmpty else {
                throw ClientError(
                    .badCredentials, "the key or the secret is empty: check GROUPLOAD_KEY and GROUPLOAD_SECRET")
            }
        }
    }

    /// Headers that the client writes itself, or that would break an HTTP message's framing.
    private static let headersForbidden: Set<String> = [
        "authorization", "proxy-authorization", "x-cap-api-oauth-token", "host", "content-length", "content-type",
        "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect", "accept-encoding", "user-agent",
    ]

    private static func check(
        _ headers: [(String, String)], forbidden: Set<String> = headersForbidden
    ) throws(ClientError) {
        // RFC 9110, 5.6.2: the characters of a token.
        let tokenBytes = Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(tokenBytes.contains) else {
                throw ClientError(
                    .badHeader, "a header's name is empty or holds a character that HTTP doesn't allow in it")
            }
            guard !forbidden.contains(name.lowercased()) else {
                throw ClientError(.forbiddenHeader, "the header \(name) is the client's own to set: leave it out")
            }
            guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 < 0x7f) }) else {
                throw ClientError(.badHeader, "the header \(name) has a value with a control or non-ASCII character")
            }
        }
    }
}
