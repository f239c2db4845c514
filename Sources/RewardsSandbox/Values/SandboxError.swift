/// Why a sandbox can't be opened.
package struct SandboxError: Error, Sendable, CustomStringConvertible {
    /// What kind of thing went wrong.
    package enum Code: String, Sendable {
        /// A configured value is out of bounds or refused.
        case configuration
        /// The address can't be listened on.
        case address
        /// The database can't be opened, or was made under another rule.
        case database
    }

    /// What kind of thing went wrong.
    package let code: Code
    /// The place, the value and the remedy.
    package let message: String

    package var description: String { message }

    static func configuration(_ message: String) -> SandboxError {
        SandboxError(code: .configuration, message: message)
    }

    static func address(_ message: String) -> SandboxError {
        SandboxError(code: .address, message: message)
    }

    static func database(_ message: String) -> SandboxError {
        SandboxError(code: .database, message: message)
    }
}
