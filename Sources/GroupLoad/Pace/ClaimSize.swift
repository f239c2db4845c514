/// How many drafts to claim at once: about what is sent in a fifth of a second. Pure.
///
/// Each claim costs a write to disk. But whatever is claimed and has no outcome when a run is killed must be looked up
/// by the next, a request for each.
package struct ClaimSize: Sendable {
    private static let least = 16, most = 8_192

    /// Drafts of the next claim.
    package private(set) var value = 256

    /// Begins with claims of 256 drafts.
    package init() {}

    /// Learns how long the last claim lasted.
    package mutating func lasted(_ duration: Duration) {
        if duration < .milliseconds(100) {
            value = min(value * 2, Self.most)
        } else if duration > .milliseconds(400) {
            value = max(value / 2, Self.least)
        }
    }
}
