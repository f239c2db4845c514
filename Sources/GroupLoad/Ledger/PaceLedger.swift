/// The pace that all processes share which work for one key, whatever run they work on.
package protocol PaceLedger: Sendable {
    /// Reserves the next turns of a key's pace, at even distances, after all that were reserved before.
    ///
    /// - Parameters:
    ///   - key: whose pace it is.
    ///   - turns: how many; 0 only to learn of a pause.
    ///   - interval: from one turn to the next.
    ///   - catchUp: how far in the past the first may be, where nobody has reserved for a while.
    /// - Returns: in how long the first turn is, below zero where it is past; and for how long the target has asked
    ///   all to wait, zero where it hasn't.
    func reserve(
        key: String, turns: Int, interval: Duration, catchUp: Duration
    ) async throws -> (firstIn: Duration, pausedFor: Duration)

    /// Has all who reserve turns of a key learn that the target asks to wait; a longer pause that holds stands.
    func pause(key: String, for duration: Duration, message: String) async throws

    /// Has one process of those that share a key try whether a target that failed is well again.
    ///
    /// - Parameter duration: for how long no other process gets the probe.
    /// - Returns: whether it is this one.
    func takeProbe(key: String, for duration: Duration) async throws -> Bool
}
