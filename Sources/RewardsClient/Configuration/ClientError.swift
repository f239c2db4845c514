/// A configuration that can't be used: nothing was sent.
package struct ClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The cause, for tests and for the exit status.
    package enum Code: String, Sendable {
        case badTarget, userInfoInTarget, insecureTarget, badPrefix, badCredentials, forbiddenHeader, badHeader,
            badLimit, badProxy, badCertificates
    }

    /// The cause.
    package let code: Code
    /// A sentence with the value, where it is safe to show, and the remedy.
    package let message: String

    /// An error with its message.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
