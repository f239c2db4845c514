import GroupLoad

/// Paths as the user gives them.
enum Paths {
    /// The absolute path of what `path` names from the current directory; `-` stays.
    static func absolute(_ path: String) -> String {
        if path == "-" || path.hasPrefix("/") { return path }
        let directory = SystemCall.currentDirectory
        return directory + (directory.hasSuffix("/") ? "" : "/") + path
    }
}
