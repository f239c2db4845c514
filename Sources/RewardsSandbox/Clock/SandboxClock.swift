import Foundation

/// The time that the sandbox goes by: stamps, token expiry and rate windows. A parameter, so that tests need no sleeps.
package struct SandboxClock: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let now: @Sendable () -> Int64

    /// A clock that reads the time through `now`, in milliseconds since 1970.
    package init(now: @escaping @Sendable () -> Int64) {
        self.now = now
    }

    /// The machine's own clock.
    package static let system = SandboxClock { Int64(Date().timeIntervalSince1970 * 1000) }
}
