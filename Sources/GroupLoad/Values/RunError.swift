/// An error that ends a run, as opposed to a record's outcome: what happened, where, and what to do.
///
/// Programs and tests tell errors apart by ``code`` and ``place``; the text is for a person. No part of it holds a
/// secret.
package struct RunError: Error, Sendable, Equatable {
    /// What happened, for programs and tests.
    package let code: Code
    /// What happened, for a person. It names ``place`` itself where the error was made with `naming`.
    package let message: String
    /// Where it happened; nil where that is no file, line or record.
    package private(set) var place: Place?
    /// What to do about it; nil where there is nothing to be done.
    package let remedy: String?
    /// What was found, one line each; shown below the rest.
    package let details: [String]
    /// Whether ``place`` stands before the message in ``description``.
    private var isPlaceFirst: Bool

    /// An error whose text begins with its place: `groups.csv:3: record 2: the record is too long`.
    package init(_ code: Code, _ message: String, at place: Place? = nil, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.remedy = remedy
        details = []
        isPlaceFirst = place != nil
    }

    /// An error whose message names its place itself: `can't open groups.csv: No such file or directory`.
    package init(
        _ code: Code, _ message: String, naming place: Place?, remedy: String? = nil, details: [String] = []
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.remedy = remedy
        self.details = details
        isPlaceFirst = false
    }

    /// What the process exits with.
    package var status: ExitStatus { code.status }

    /// The same error at `place`; an error that has a place keeps its own.
    package func at(_ place: Place) -> RunError {
        guard self.place == nil else { return self }
        var error = self
        (error.place, error.isPlaceFirst) = (place, true)
        return error
    }
}

extension RunError: CustomStringConvertible {
    /// The text that a person sees: `PLACE: MESSAGE; REMEDY`, and the details below it.
    package var description: String { headline + details.map { "\n  \($0)" }.joined() }

    /// The text without the details.
    package var headline: String {
        let start = isPlaceFirst ? place.map { "\($0): " } ?? "" : ""
        return start + message + (remedy.map { "; \($0)" } ?? "")
    }
}
