/// A line that shows how far a run is, for a terminal of any width.
package struct ProgressText: Sendable {
    /// A part of the line.
    private struct Part {
        let text: String
        /// The lower, the sooner it is left out.
        let weight: Int
    }

    private let parts: [Part]

    /// - Parameters:
    ///   - now: the counts.
    ///   - sending: how long drafts have been sent, in seconds, and how many records had ended before; nil until then.
    package init(_ now: RunProgress.Snapshot, sending: (seconds: Double, endedBefore: Int)?) {
        var parts = [Part(text: "\(Shown.number(now.read)) read", weight: 2)]
        if now.phase == .reading, let total = now.bytesTotal, total > 0 {
            parts.append(Part(text: "\(min(100, now.bytesRead * 100 / total))% of the input", weight: 1))
        }
        let outcomes = now.allOutcomes
        let failed = outcomes[.failed] + outcomes[.invalid] + outcomes[.unresolved]
        parts.append(Part(text: "\(Shown.number(outcomes.done)) done", weight: 5))
        parts.append(Part(text: "\(Shown.number(failed)) failed", weight: 4))
        if let sending {
            let ended = outcomes.sum - sending.endedBefore
            let rate = sending.seconds > 0 ? Double(ended) / sending.seconds : 0
            parts.append(Part(text: "\(Shown.number(Int(rate))) a second", weight: 0))
            if now.draftsTotal != nil, rate > 0 {
                let left = max(0, Double(now.read - outcomes.sum) / rate)
                parts.append(Part(text: "\(Self.time(left)) left", weight: 3))
            }
        }
        self.parts = parts
    }

    /// The line in at most `columns` columns (all its characters have one): whole parts, the weightiest of them, and
    /// at worst the beginning of one.
    package func fitted(_ columns: Int) -> String {
        var kept = parts
        while true {
            let line = kept.map(\.text).joined(separator: ", ")
            if line.utf8.count <= columns { return line }
            guard kept.count > 1, let light = kept.indices.min(by: { kept[$0].weight < kept[$1].weight }) else {
                return String(line.prefix(max(0, columns)))
            }
            kept.remove(at: light)
        }
    }

    /// A length of time: `38 s`, `2 min 5 s` or `3 h 20 min`.
    static func time(_ seconds: Double) -> String {
        guard seconds < 1e7 else { return "many days" }
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
