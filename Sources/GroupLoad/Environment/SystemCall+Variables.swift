import Foundation

extension SystemCall {
    /// What this machine is called, `gethostname(2)`.
    static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        // Safe: the call writes at most as many bytes as the array has; the last stays NUL.
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Variables that hold paths.
    private static let pathVariables = ["HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "TMPDIR", "CREDENTIALS_DIRECTORY"]

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
