/// How many drafts to claim at once: about what is sent in a fifth of a second. Pure.
///
/// Each claim costs a write to disk. But whatever is claimed and has no outcome when a run is killed must be looked up
/// by the next, a request for each. Where several processes share the run, what one has claimed the others can't send:
/// it begins with fewer then, and may go down to one, so that far less is claimed than is sent within a lease.
package struct ClaimSize: Sendable {
    private static let most = 8_192
    private let least: Int

    /// Drafts of the next claim.
    package private(set) var value: Int

    /// - Parameter isShared: whether other processes claim drafts of the same run.
    package init(isShared: Bool = false) { (least, value) = isShared ? (1, 16) : (16, 256) }

    /// Learns how long the last claim lasted.
    package mutating func lasted(_ duration: Duration) {
        if duration < .milliseconds(100) {
            value = min(value * 2, Self.most)
        } else if duration > .milliseconds(400) {
            value = max(value / 2, least)
        }
    }
}
