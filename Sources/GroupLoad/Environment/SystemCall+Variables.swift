import Foundation

extension SystemCall {
    /// Variables that hold paths.
    private static let pathVariables = ["HOME", "XDG_STATE_HOME", "TMPDIR", "CREDENTIALS_DIRECTORY"]

    /// The process's environment; a path in it is text as ``PathText`` has it.
    package static var environment: [String: String] {
        var variables = ProcessInfo.processInfo.environment
        for name in pathVariables {
            // Safe: the text is the environment's, ends with NUL, and is copied at once; nothing here changes it.
            if let value = unsafe getenv(name) { variables[name] = unsafe PathText.text(value) }
        }
        return variables
    }

    /// The directory for temporary files: `TMPDIR`, else `/tmp`.
    static var temporaryDirectory: String {
        environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }
}
