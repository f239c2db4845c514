/// What a run waits for. The raw values are the label `reason` of a metric, see ``RunMetric``.
package enum RunWait: String, Sendable, CaseIterable {
    /// Somebody's answer at its terminal.
    case answer
    /// The end of a pause that the target asked for.
    case pause
    /// A target that only fails, and is tried again now and then.
    case trouble

    /// What is waited for at `now`, in epoch milliseconds; nil for nothing.
    package init?(_ counted: RunProgress.Snapshot, now: Int64) {
        if counted.phase == .asking {
            self = .answer
        } else if let until = counted.pauses.until, until > now {
            self = .pause
        } else if counted.trouble != nil {
            self = .trouble
        } else {
            return nil
        }
    }
}
