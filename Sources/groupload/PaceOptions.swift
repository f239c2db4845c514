import ArgumentParser
import GroupLoad

/// The flags that say how many requests are sent, and how long the target may take.
struct PaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            How many requests to send, evenly spread: N/min or N/s. auto finds out from the target's 429 responses \
            how many it allows (default: auto).
            """, valueName: "rate"),
        transform: parsedPace)
    var rate = Rate.auto

    @OptionGroup var waits: WaitOptions
}

/// The flags that bound how long something is waited for.
struct WaitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long a connection may take to open, TLS included, in seconds (default: 10).", valueName: "seconds"),
        transform: parsedSeconds)
    var connectTimeout = 10.0

    @Option(
        help: ArgumentHelp(
            """
            How long a response may take to begin, in seconds (default: 30). The whole response may take twice as long.
            """, valueName: "seconds"),
        transform: parsedSeconds)
    var requestTimeout = 30.0

    @Option(
        help: ArgumentHelp(
            """
            How long the target may make a run wait (429, 503), in all and without a success in between, before the \
            run stops: 90s, 15m or 2h (default: 15m). A single wait lasts at most 1h.
            """, valueName: "time"),
        transform: parsedWait)
    var waitMax: Duration = WaitLength.standard

    /// Puts the settings into those of a target.
    func apply(to settings: inout RunConfiguration.Target) {
        settings.connectSeconds = connectTimeout
        settings.requestSeconds = requestTimeout
        settings.waitMaxSeconds = waitMax.components.seconds
    }
}

/// The flag that gives a run that exists another pace.
struct OtherPaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Another pace than the run was started with: N/min, N/s or auto.", valueName: "rate"),
        transform: parsedPace)
    var rate: Rate?
}

/// What `--rate` may be.
enum Rate: CustomStringConvertible {
    case auto
    case given(RequestRate)

    /// The rate that was given; nil to find it out.
    var limit: RequestRate? { if case .given(let rate) = self { rate } else { nil } }

    /// As it is given.
    var description: String { limit?.text ?? "auto" }
}

/// Reads `auto` or a rate.
private func parsedPace(_ text: String) throws -> Rate {
    text.lowercased() == "auto" ? .auto : .given(try parsedRate(text))
}
