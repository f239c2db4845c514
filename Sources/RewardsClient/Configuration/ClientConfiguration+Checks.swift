internal import FoundationEssentials
internal import HTTPTypes

/// The checks of ``ClientConfiguration``; each throws `ClientError`.
extension ClientConfiguration {
    /// The target without a final slash.
    ///
    /// - Throws: `ClientError` with `badTarget`, `userInfoInTarget` or `insecureTarget`.
    package static func checkedTarget(_ text: String, allowInsecure: Bool) throws(ClientError) -> String {
        // No message shows the text before the check for user info.
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host,
            !host.isEmpty, scheme == "https" || scheme == "http"
        else {
            throw ClientError(.badTarget, "the target isn't an address: give --target https://host[:port]")
        }
        guard parts.user == nil, parts.password == nil else {
            throw ClientError(
                .userInfoInTarget,
                "the target for host \(host) holds a user or password: leave them out, credentials come from the "
                    + "environment"
            )
        }
        guard parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil else {
            throw ClientError(
                .badTarget,
                "the target has a path of its own: give --target \(scheme)://\(host)"
                    + (parts.port.map { ":\($0)" } ?? "") + ", and the API's path by --api-prefix \(parts.path)")
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

    /// Whether a host, in brackets if it is an IPv6 address, is this machine.
    static func isLoopback(_ host: String) -> Bool {
        let name = host.lowercased()
        if name == "localhost" || name == "::1" || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The prefix without a final slash.
    ///
    /// - Throws: `ClientError` with `badPrefix`.
    package static func checkedPrefix(_ text: String) throws(ClientError) -> String {
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

    static func check(_ credentials: Credentials) throws(ClientError) {
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

    /// Makes sure that a client may carry a header of the user's own.
    ///
    /// - Throws: `ClientError` with `badHeader` or `forbiddenHeader`; no message holds the value.
    package static func requireHeader(_ name: String, _ value: String) throws(ClientError) {
        _ = try checked([(name, value)])
    }

    /// The headers with the syntax of their names and values checked (RFC 9110, 5.6.2 and 5.5).
    static func checked(
        _ headers: [(String, String)], forbidden: Set<String> = headersForbidden
    ) throws(ClientError) -> HTTPFields {
        var fields = HTTPFields()
        for (text, value) in headers {
            guard let name = HTTPField.Name(text) else {
                throw ClientError(
                    .badHeader, "a header's name is empty or holds a character that HTTP doesn't allow in it")
            }
            guard !forbidden.contains(name.canonicalName) else {
                throw ClientError(.forbiddenHeader, "the header \(text) is the client's own to set: leave it out")
            }
            guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 < 0x7f) }) else {
                throw ClientError(.badHeader, "the header \(text) has a value with a control or non-ASCII character")
            }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }
}
