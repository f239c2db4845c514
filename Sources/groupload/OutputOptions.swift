import ArgumentParser

/// The flag that leaves only errors on the screen.
struct QuietOptions: ParsableArguments {
    @Flag(help: "Show errors only: no progress, no messages and no summary.")
    var quiet = false

    /// Whether progress, messages and the summary are shown.
    var isShown: Bool { !quiet }
}

/// The flags that say what is shown.
struct ScreenOptions: ParsableArguments {
    @OptionGroup var quietness: QuietOptions

    @Flag(help: "Print the summary as one JSON object on standard output.")
    var json = false

    /// Whether progress, messages and the summary are shown.
    var isShown: Bool { quietness.isShown }
}
