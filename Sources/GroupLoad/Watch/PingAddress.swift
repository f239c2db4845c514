import RewardsClient

/// An address that is told when a run begins and how it ends, as healthchecks.io has it: a GET of `URL/start`, and of
/// `URL/EXITSTATUS`. Who knows the address can ping it, so that it is never shown but for its host.
package struct PingAddress: Sendable, CustomStringConvertible {
    /// How long a ping may take, unless the process is in a hurry.
    package static let timeMax = Duration.seconds(5)

    private let address: WatcherAddress

    /// Reads an address.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/usage``, which doesn't show it.
    package init(_ text: String) throws(RunError) {
        guard let address = WatcherAddress(text) else {
            throw RunError(
                .usage, "the value of --ping isn't an address", remedy: "write https://host/path, without a user")
        }
        self.address = address
    }

    /// The address without what makes it secret.
    package var description: String { address.description }

    /// Tells the address.
    ///
    /// - Parameter word: `start`, or the exit status.
    /// - Returns: what went wrong, in a sentence without the address; nil for nothing.
    package func send(
        _ word: String, userAgent: String, within timeMax: Duration = PingAddress.timeMax
    ) async -> String? {
        let base = address.path.hasSuffix("/") ? String(address.path.dropLast()) : address.path
        return await address.talk(within: timeMax, userAgent: userAgent) { [address] transport, configuration in
            let code = try await transport.status(ofGet: "\(base)/\(word)\(address.query)", by: configuration)
            return (200..<300).contains(code) ? nil : "it responded with HTTP \(code)"
        }
    }
}
