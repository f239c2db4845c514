internal import HTTPTypes
internal import NIOConcurrencyHelpers

/// Replaces the client's secrets in text of others: a server may echo credentials, and reports keep the server's text.
///
/// Secrets shorter than 4 characters are replaced only where they stand as a whole word, for ordinary words contain
/// them.
package final class Redactor: Sendable {
    /// The text in place of a secret.
    package static let mark = "<redacted>"

    /// Tokens that are kept; at this number the older half is dropped.
    private static let tokensMax = 1_024
    private static let shortMax = 3

    /// Longest first, so that no secret is cut by one that it contains.
    private let secrets: [String]
    private let tokens = NIOLockedValueBox<[String]>([])

    init(_ configuration: ClientConfiguration) {
        var secrets: [String] = configuration.proxy?.secrets ?? []
        switch configuration.credentials {
        case .basic(let till, let md5, let password):
            let pair = Credentials.basicPair(till: till, passwordMD5: md5)
            secrets += ["Basic \(pair)", pair, md5.reveal(), md5.reveal().uppercased(), password?.reveal() ?? ""]
        case .oauth(_, let secret): secrets.append(secret.reveal())
        }
        for header in configuration.headers where Self.looksSecret(header.name.rawName) {
            secrets.append(header.value)
            // The credentials after a scheme.
            secrets += header.value.split(separator: " ").dropFirst().map(String.init)
        }
        self.secrets = Set(secrets.filter { !$0.isEmpty }).sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    /// Adds a token that will be sent.
    func add(_ token: Secret) {
        tokens.withLockedValue { tokens in
            if tokens.count >= Self.tokensMax { tokens.removeFirst(Self.tokensMax / 2) }
            tokens.append(token.reveal())
        }
    }

    /// The text with `<redacted>` in place of every known secret.
    package func redacted(_ text: String) -> String {
        var bytes = Array(text.utf8)
        let isChanged = tokens.withLockedValue { tokens in
            var isChanged = false
            for secret in tokens { isChanged = Self.replace(secret, in: &bytes) || isChanged }
            for secret in secrets { isChanged = Self.replace(secret, in: &bytes) || isChanged }
            return isChanged
        }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : text
    }

    /// Whether a header of this name holds a secret.
    static func looksSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["auth", "token", "key", "secret", "cookie", "password", "passwd", "credential"].contains {
            name.contains($0)
        }
    }

    /// Letters of ASCII are compared without regard to case where the secret is hexadecimal.
    private static func replace(_ secret: String, in bytes: inout [UInt8]) -> Bool {
        let wanted = Array(secret.utf8)
        guard bytes.count >= wanted.count else { return false }
        let isHexadecimal = wanted.count >= 32 && secret.allSatisfy(\.isHexDigit)
        let isShort = secret.count <= shortMax
        var isChanged = false
        var index = 0
        while index + wanted.count <= bytes.count {
            let end = index + wanted.count
            let isFound = wanted.indices.allSatisfy { offset in
                let (byte, own) = (bytes[index + offset], wanted[offset])
                return byte == own || isHexadecimal && byte | 0x20 == own | 0x20
            }
            if isFound, !isShort || isWord(bytes, index..<end) {
                bytes.replaceSubrange(index..<end, with: mark.utf8)
                index += mark.utf8.count
                isChanged = true
            } else {
                index += 1
            }
        }
        return isChanged
    }

    private static func isWord(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F || byte >= 0x80
        }
        return (range.lowerBound == 0 || !isLetter(bytes[range.lowerBound - 1]))
            && (range.upperBound == bytes.count || !isLetter(bytes[range.upperBound]))
    }
}

extension Redactor: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "Redactor" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
