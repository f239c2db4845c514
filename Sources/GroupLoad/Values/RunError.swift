/// An error that ends a run, as opposed to a record's outcome.
///
/// The message is for a person: it names the place, says what is wrong, and what to do.
package struct RunError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the process exits with.
    package var status: ExitStatus
    /// The place, what is wrong, and the remedy; never a secret.
    package var message: String

    /// Makes an error.
    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    package var description: String { message }
}
