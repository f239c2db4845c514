internal import Crypto
internal import FoundationEssentials

/// Who calls the API. The till and the key are identities, not secrets; descriptions leave out the password, its MD5
/// and the secret.
package enum Credentials: Sendable {
    /// `Authorization: Basic base64(till ":" md5)`; `passwordMD5` is 32 lower-case hexadecimal digits. The password
    /// itself, where it is known, serves ``Redactor`` alone.
    case basic(till: String, passwordMD5: Secret, password: Secret? = nil)
    /// A key and secret that the token call exchanges for a token with a lifetime.
    case oauth(key: String, secret: Secret)

    /// Basic credentials from the till's password, which is hashed here.
    package static func basic(till: String, password: Secret) -> Credentials {
        let digest = Insecure.MD5.hash(data: Array(password.reveal().utf8))
        return .basic(till: till, passwordMD5: Secret(Hexadecimal.text(digest)), password: password)
    }

    /// The till or the key; may be shown and stored.
    package var keyID: String {
        switch self {
        case .basic(let till, _, _): till
        case .oauth(let key, _): key
        }
    }

    /// The environment variables that a person should look at when the target refuses these credentials.
    package var environmentHint: String {
        switch self {
        case .basic: "check GROUPLOAD_TILL and GROUPLOAD_PASSWORD (or GROUPLOAD_PASSWORD_MD5)"
        case .oauth: "check GROUPLOAD_KEY and GROUPLOAD_SECRET"
        }
    }

    /// What `Authorization: Basic` has after the scheme.
    static func basicPair(till: String, passwordMD5: Secret) -> String {
        Data("\(till):\(passwordMD5.reveal())".utf8).base64EncodedString()
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        switch self {
        case .basic(let till, _, _): "Basic, till \(till), password <redacted>"
        case .oauth(let key, _): "OAuth, key \(key), secret <redacted>"
        }
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
