internal import FoundationEssentials
internal import Glibc
internal import NIOHTTP1

/// An HTTP proxy that makes tunnels by CONNECT (RFC 9110, 9.3.6).
package struct ProxyAddress: Sendable {
    /// The proxy's host, without brackets.
    package let host: String
    /// The proxy's port.
    package let port: Int
    /// The value of `Proxy-Authorization`; nil without a user.
    private let authorization: Secret?
    /// The password alone, for ``Redactor``.
    private let password: Secret?

    /// Reads `[http://][user:password@]host[:port]`.
    ///
    /// - Throws: `ClientError` with `badProxy`; its message doesn't show the text, which may hold a password.
    package init(_ text: String) throws(ClientError) {
        let parts = URLComponents(string: text.contains("://") ? text : "http://\(text)")
        guard let parts, parts.scheme?.lowercased() == "http", let host = parts.host, !host.isEmpty,
            (1...65535).contains(parts.port ?? 80), parts.path.isEmpty || parts.path == "/"
        else {
            throw ClientError(.badProxy, "HTTPS_PROXY is not an HTTP proxy's address: give http://host:port")
        }
        self.host = Self.bare(host)
        port = parts.port ?? 80
        password = parts.password.map { Secret($0) }
        authorization = parts.user.map { user in
            Secret("Basic \(Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString())")
        }
    }

    /// The proxy that the environment names for `host`: `https_proxy` or `HTTPS_PROXY`, unless `no_proxy` or `NO_PROXY`
    /// lists the host, a domain that it belongs to, or `*`. As in curl, the lower-case name has precedence, and an
    /// empty value is none.
    ///
    /// - Throws: as ``init(_:)``.
    package static func fromEnvironment(
        _ environment: [String: String], host: String
    ) throws(ClientError) -> ProxyAddress? {
        guard let text = environment["https_proxy"] ?? environment["HTTPS_PROXY"], !text.isEmpty else { return nil }
        let bare = bare(host).lowercased()
        let exempt = (environment["no_proxy"] ?? environment["NO_PROXY"] ?? "").lowercased()
        for entry in exempt.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let domain = entry.drop { $0 == "." }
            if entry == "*" || bare == domain || bare.hasSuffix(".\(domain)") && !domain.isEmpty { return nil }
        }
        return try ProxyAddress(text)
    }

    /// The texts that must not be shown.
    var secrets: [String] {
        let value = authorization?.reveal() ?? ""
        return [password?.reveal() ?? "", value, String(value.dropFirst("Basic ".count))].filter { !$0.isEmpty }
    }

    /// The headers of the CONNECT request.
    var headers: HTTPHeaders {
        authorization.map { ["Proxy-Authorization": $0.reveal()] } ?? [:]
    }

    /// Whether `host` is a numeric address, for which TLS sends no server name.
    static func isIPAddress(_ host: String) -> Bool {
        var address = in6_addr()
        // SAFETY: the pointer is to text that ends with NUL, and is used within the closure alone; `in6_addr` has room
        // for an address of either family.
        return unsafe host.withCString { host in
            unsafe inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
        }
    }

    /// An IPv6 address without its brackets.
    static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}
