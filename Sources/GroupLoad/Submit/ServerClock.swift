/// What is known of the server's clock: bounds on what is added to this machine's to give the server's. Pure; in milliseconds.
///
/// An answer that names an instant at the server bounds the difference from both sides, for the server wrote it between the
/// request's sending and the answer's coming: `server - answered <= difference <= server - sent`. Each answer narrows the
/// bounds, until they are about as far apart as the fastest answer took.
package struct ServerClock: Sendable, Equatable {
    /// The least and the most that the difference can be.
    package private(set) var difference: ClosedRange<Int64>?

    package init() {}

    /// Takes in an instant that the server wrote, by its clock, while it had a request.
    ///
    /// - Parameters:
    ///   - resolution: how much later the instant may have been than is written: 999 for a whole second's.
    ///   - sent: when the request was sent, or earlier; `answered`: when its answer had come, or later. By this machine's clock.
    package mutating func saw(_ instant: Int64, resolution: Int64, sent: Int64, answered: Int64) {
        guard sent <= answered else { return }
        let found = (instant - answered)...(instant + resolution - sent)
        // Bounds that don't meet the new ones are out of date: one of the clocks was set, or they drift apart.
        guard let known = difference, known.overlaps(found) else {
            difference = found
            return
        }
        difference = known.clamped(to: found)
    }
}
