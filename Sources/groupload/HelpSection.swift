/// The sections of a command's help, by the titles of its groups of options.
///
/// Groups of the same title make one section. A section stands where a command declares its first group.
enum HelpSection {
    /// Lists, and how they are read.
    static let reading = "What is read"
    /// The run that a command works on.
    static let run = "Run"
    /// Where requests go, and as whom.
    static let target = "Target"
    /// How many requests are sent, and how long something is waited for.
    static let pace = "Pace"
    /// What may happen to groups, and when a run stops.
    static let safety = "Safety"
    /// What is written and shown.
    static let output = "Output"
}
