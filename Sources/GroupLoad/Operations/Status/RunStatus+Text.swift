extension RunStatus {
    /// A process that says nothing for longer, in milliseconds, is stopped, or its machine is busy.
    private static let silenceMax: Int64 = 10_000

    /// The status in lines for a person.
    ///
    /// - Parameter now: in epoch milliseconds.
    package func lines(now: Int64) -> [String] {
        var lines = ["\(run)  \(stateText(now: now))  \(Shown.text(target))  \(Shown.text(place, limit: 1000))"]
        lines += countLines(now: now)
        for process in processes ?? [] {
            let seen = WallTime.text(at: process.seen, now: now)
            lines.append(
                """
                \(process.role) \(Shown.text(process.name)): \(Shown.count(process.requests, "request")), \
                \(process.is_live ? "seen \(seen)" : "silent since \(seen)")
                """)
        }
        if state == .interrupted, exit != nil, phase == RunPhase.reading.rawValue {
            lines.append("The lists were read only in part.")
        }
        if state == .interrupted { lines.append("To finish it: groupload resume \(resumption)") }
        return lines
    }

    private var place: String { directory.isEmpty ? ledger ?? "" : directory }

    private var resumption: String {
        directory.isEmpty ? "\(run) --ledger URL" : PathText.shellWord(directory)
    }

    private func stateText(now: Int64) -> String {
        let last = seen.map { WallTime.text(at: $0, now: now) }
        switch state {
        case .running:
            let silent = seen.map { now - $0 > Self.silenceMax } == true
            return "running (\(phase)\(silent ? ", silent since \(last ?? "")" : ""))"
        case .interrupted:
            if let exit { return "ended with exit \(exit), and records are left" }
            return "not running (\(phase)); " + (last.map { "last seen \($0)" } ?? "never seen")
        case .finished: return "finished, exit \(exit ?? 0)"
        }
    }

    private func countLines(now: Int64) -> [String] {
        var live = LiveStatus(RunProgress().snapshot, RunPace(), now: now)
        (live.read, live.left, live.outcomes) = (read, left, outcomes)
        // Told as left, not as failed.
        if state == .interrupted {
            for outcome in [Outcome.unprocessed, .unresolved] { live.outcomes[outcome.rawValue] = nil }
        }
        (live.rate_per_second, live.seconds_left) = (rate_per_second, seconds_left)
        (live.waiting_until, live.waiting_for) = (waiting_until, waiting_for)
        return live.lines(now: now)
    }
}
