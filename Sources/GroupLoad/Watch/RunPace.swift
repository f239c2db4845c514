/// How fast records get their outcomes, from counts that are taken now and then.
package struct RunPace: Sendable {
    /// The pace now is that of so many of the last milliseconds.
    private static let window: Int64 = 10_000
    /// More counts than these are in no window: they are taken once a second.
    private static let samplesMax = 64

    private var samples: [(at: Int64, ended: Int)] = []
    private var sendingSince: (at: Int64, ended: Int)?

    /// Has no count yet.
    package init() {}

    /// Takes a count.
    ///
    /// - Parameter now: in epoch milliseconds.
    package mutating func add(_ counted: RunProgress.Snapshot, now: Int64) {
        let ended = counted.allOutcomes.sum
        if counted.phase == .sending, sendingSince == nil { sendingSince = (now, ended) }
        samples.removeAll { $0.at < now - Self.window || $0.at > now }
        if samples.count == Self.samplesMax { samples.removeFirst() }
        samples.append((now, ended))
    }

    /// Records a second now; nil before two counts.
    package var perSecond: Double? {
        guard let first = samples.first, let last = samples.last else { return nil }
        return Self.rate(from: first, to: last)
    }

    /// In how many seconds so many records have an outcome, at the pace since the first was sent, waits included; nil
    /// where that can't be said.
    package func seconds(for left: Int) -> Int? {
        guard let sendingSince, let last = samples.last,
            let rate = Self.rate(from: sendingSince, to: last), rate > 0
        else { return nil }
        return Int((Double(left) / rate).rounded(.up))
    }

    private static func rate(from first: (at: Int64, ended: Int), to last: (at: Int64, ended: Int)) -> Double? {
        last.at > first.at ? Double(last.ended - first.ended) * 1000 / Double(last.at - first.at) : nil
    }
}
