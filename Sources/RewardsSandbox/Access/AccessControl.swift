import Crypto
import Foundation
import Hummingbird

/// Says who sent a request: the till (Basic) or the OAuth client (token), or nobody.
///
/// Secrets are compared as SHA-256 digests, whose comparison takes the same time for every pair, so neither the
/// length nor the place of the first wrong byte shows.
struct AccessControl: Sendable {
    /// Who sent a request; each has its own allowance.
    enum Caller: Int, Sendable, Hashable {
        case till = 1
        case oauthClient = 2

        /// The `createdBy` and `lastUpdatedBy` of what this caller does.
        var userID: Int64 { 100_000 + Int64(rawValue) }
    }

    /// What callers prove who they are with.
    struct Credentials: Sendable {
        /// The user name and the password, in clear, of Basic authentication.
        let till, password: String
        /// The key and the secret of the OAuth client.
        let key, secret: String
    }

    /// The `createdBy` of groups that somebody else created.
    static let foreignUserID: Int64 = 100_009

    private let basic: SHA256Digest
    private let client: SHA256Digest
    private let tokens: TokenStore

    /// - Parameter tokenLifetime: how long a token is accepted; whole seconds.
    init(credentials: Credentials, tokenLifetime: Duration, clock: SandboxClock) {
        let md5 = Insecure.MD5.hash(data: Data(credentials.password.utf8))
        let password = md5.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        basic = SHA256.hash(data: Data("\(credentials.till):\(password)".utf8))
        client = Self.digest(key: credentials.key, secret: credentials.secret)
        tokens = TokenStore(lifetimeSeconds: tokenLifetime.components.seconds, clock: clock)
    }

    /// Who sent a request with these headers; `nil` when they prove nothing. A token goes before Basic.
    func caller(_ headers: HTTPFields) -> Caller? {
        for field in headers where field.name.canonicalName == "x-cap-api-oauth-token" {
            return tokens.accepts(field.value) ? .oauthClient : nil
        }
        for field in headers where field.name.canonicalName == "authorization" {
            let parts = field.value.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "basic",
                let credentials = Data(base64Encoded: String(parts[1]))
            else { return nil }
            return SHA256.hash(data: credentials) == basic ? .till : nil
        }
        return nil
    }

    /// A new token for the right key and secret, else `nil`.
    /// - Parameters:
    ///   - lifetimeSeconds: how long it is accepted; nil for as long as all are.
    ///   - saidSeconds: the lifetime that the response gives; nil for the real one.
    func token(
        key: String, secret: String, lifetimeSeconds: Int64? = nil, saidSeconds: Int64? = nil
    ) -> TokenStore.Token? {
        guard Self.digest(key: key, secret: secret) == client else { return nil }
        return tokens.issue(lifetimeSeconds: lifetimeSeconds, saidSeconds: saidSeconds)
    }

    /// The digest of both digests, so that no shift of bytes between key and secret gives the same one.
    private static func digest(key: String, secret: String) -> SHA256Digest {
        var hash = SHA256()
        hash.update(data: Data(SHA256.hash(data: Data(key.utf8))))
        hash.update(data: Data(SHA256.hash(data: Data(secret.utf8))))
        return hash.finalize()
    }
}
