internal import FoundationEssentials

/// The two times that the client reads, as parameters so that tests hold them.
package struct ClientClock: Sendable {
    /// Time since some fixed instant; never goes back.
    package var uptime: @Sendable () -> Duration
    /// Epoch seconds, to set beside HTTP dates.
    package var epochSeconds: @Sendable () -> Int64

    package init(uptime: @escaping @Sendable () -> Duration, epochSeconds: @escaping @Sendable () -> Int64) {
        self.uptime = uptime
        self.epochSeconds = epochSeconds
    }

    /// The machine's epoch time in milliseconds.
    package static var epochMilliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    /// The machine's own.
    package static let system: ClientClock = {
        let start = ContinuousClock.now
        return ClientClock(
            uptime: { ContinuousClock.now - start },
            epochSeconds: { Int64(Date().timeIntervalSince1970) })
    }()
}
