/// What is known of the server's clock: bounds on what is added to this machine's to give the server's. Pure; in milliseconds.
///
/// An answer that names an instant at the server bounds the difference from both sides, for the server wrote it between the
/// request's sending and the answer's coming: `server - answered <= difference <= server - sent`. Each answer narrows the
/// bounds, until they are about as far apart as the fastest answer took.
package struct ServerClock: Sendable, Equatable {
    /// The least and the most that the difference can be.
    package private(set) var difference: ClosedRange<Int64>?

    package init(difference: ClosedRange<Int64>? = nil) { self.difference = difference }

    /// Takes in an instant that the server wrote, by its clock, while it had a request.
    ///
    /// - Parameters:
    ///   - resolution: how much later the instant may have been than is written: 1 for milliseconds; for `Date`, a whole second, and
    ///     another one, for servers write it once a second.
    ///   - sent: when the request was sent, or earlier; `answered`: when its answer had come, or later. By this machine's clock.
    package mutating func saw(_ instant: Int64, resolution: Int64, sent: Int64, answered: Int64) {
        guard sent <= answered else { return }
        let found = (instant - answered)...(instant + resolution - sent)
        guard let known = difference else { return difference = found }
        if known.overlaps(found) {
            difference = known.clamped(to: found)
        } else if Self.width(found) <= max(Self.width(known), Self.fine) {
            // Bounds that don't meet the new ones are out of date: one of the clocks was set, or they drift apart. But coarse ones
            // don't tell that: a server that was slow to look at its clock would widen what is known to a second.
            difference = found
        }
    }

    /// Bounds as near to each other as this always count.
    private static let fine: Int64 = 100

    private static func width(_ range: ClosedRange<Int64>) -> Int64 { range.upperBound - range.lowerBound }
}
