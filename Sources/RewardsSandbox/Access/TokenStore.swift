import Crypto
import Foundation
import Synchronization

/// The tokens that were issued and have not expired, kept as digests. At most `countMax`; the oldest goes first.
final class TokenStore: Sendable {
    /// A token as the response to the OAuth call gives it.
    struct Token: Sendable {
        let text: String
        let lifetimeSeconds: Int64
    }

    static let countMax = 1_000

    private let lifetimeSeconds: Int64
    private let clock: SandboxClock
    /// Digest of a token to the millisecond from which it is refused.
    private let expiries = Mutex<[SHA256Digest: Int64]>([:])

    init(lifetimeSeconds: Int64, clock: SandboxClock) {
        self.lifetimeSeconds = lifetimeSeconds
        self.clock = clock
    }

    /// Issues a token of 256 random bits.
    /// - Parameters:
    ///   - lifetimeSeconds: how long it is accepted; nil for as long as all are.
    ///   - saidSeconds: the lifetime that the response gives; nil for the real one.
    func issue(lifetimeSeconds given: Int64? = nil, saidSeconds: Int64? = nil) -> Token {
        let lifetimeSeconds = given ?? self.lifetimeSeconds
        let text = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
        let now = clock.now()
        expiries.withLock { expiries in
            if expiries.count >= Self.countMax {
                expiries = expiries.filter { $0.value > now }
            }
            if expiries.count >= Self.countMax, let oldest = expiries.min(by: { $0.value < $1.value }) {
                expiries[oldest.key] = nil
            }
            expiries[SHA256.hash(data: Data(text.utf8))] = now + lifetimeSeconds * 1000
        }
        return Token(text: text, lifetimeSeconds: saidSeconds ?? lifetimeSeconds)
    }

    /// Whether a token was issued here and has not expired. Only digests are compared.
    func accepts(_ text: String) -> Bool {
        let digest = SHA256.hash(data: Data(text.utf8))
        let now = clock.now()
        return expiries.withLock { ($0[digest] ?? .min) > now }
    }
}
