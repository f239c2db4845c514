/// What a worker did, for `--json`. The keys are part of the interface that scripts rely on.
package struct WorkSummary: SummaryDocument, Sendable, Equatable {
    /// The run's id.
    package var run: String
    /// The target's URL.
    package var target: String
    /// How many of the records that this worker has settled ended how, by outcome; those whose maker is still to be
    /// judged are in none.
    package var outcomes: [String: Int]
    /// Records of the run that nobody has settled yet.
    package var left: Int
    /// Requests sent, retries included; retries; responses of 429: this worker's alone.
    package var requests: Int, retries: Int, throttled: Int
    /// How long the worker took.
    package var seconds: Double
    /// The exit status.
    package var exit: Int32
    /// What ended it early, or what to do about what is left; nil for nothing.
    package var message: String?
    /// The error that ended it early.
    package var error: SummaryError?

    /// What a person is told at the end.
    package var text: String {
        let counts = Outcome.allCases.compactMap { outcome -> String? in
            guard let count = outcomes[outcome.rawValue], count > 0 else { return nil }
            return "\(Shown.number(count)) \(outcome.rawValue)"
        }
        return """
            run \(run): settled \(Shown.count(outcomes.values.reduce(0, +), "record")) here\
            \(counts.isEmpty ? "" : ": " + counts.joined(separator: ", ")); \(Shown.number(left)) left
            """
    }
}
