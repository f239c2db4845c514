import Foundation

/// What the terminal behind standard error can do, if there is one.
enum Screen {
    /// Whether standard error is a terminal.
    static let isTerminal = isatty(STDERR_FILENO) == 1
    /// Whether it acts on control sequences, so that a line can be written over: not where messages are JSON, with
    /// `TERM=dumb`, nor without a `TERM`.
    static let isControlled = isTerminal && LogFormat.current == .text && !["", "dumb"].contains(variable("TERM"))
    /// Whether lines have colours: not with a `NO_COLOR` that isn't empty (no-color.org).
    static let hasColours = isControlled && variable("NO_COLOR").isEmpty
    /// What goes before a line to write it over a progress line.
    static let lineStart = isControlled ? "\r\u{1b}[K" : ""

    /// Whether lines on standard output can be written over.
    static let isOverwritable = isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(variable("TERM"))

    /// What goes before lines to write them over so many.
    static func clearing(lines: Int) -> String { "\u{1b}[\(lines)F\u{1b}[J" }

    /// Columns where nothing says how many there are.
    private static let columnsDefault = 80

    /// What `COLUMNS` was when the process began.
    private static let columnsGiven = Int(variable("COLUMNS"))

    /// Has help wrapped to the columns of standard output, and to 60 at least, which its two columns need: the parser
    /// goes by `COLUMNS`, and stops at a width that leaves no room for text.
    static func setHelpWidth() {
        _ = columnsGiven
        setenv("COLUMNS", "\(max(60, columns(of: STDOUT_FILENO)))", 1)
    }

    /// The columns of the terminal behind a descriptor now, for it may be resized; else `COLUMNS`, else 80.
    static func columns(of descriptor: CInt) -> Int {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        let given = columnsGiven ?? columnsDefault
        return (1...10_000).contains(given) ? given : columnsDefault
    }

    private static func variable(_ name: String) -> String { ProcessInfo.processInfo.environment[name] ?? "" }
}
