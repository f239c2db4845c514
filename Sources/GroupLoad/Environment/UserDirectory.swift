import Foundation

/// This user's own directories for programs' files (XDG Base Directory Specification).
package enum UserDirectory {
    /// Where this user's settings are; nil where there is no place for them.
    package static func settings(_ environment: [String: String]) -> String? {
        groupload(environment, "XDG_CONFIG_HOME", else: ".config")
    }

    /// `groupload` under the directory that a variable names, else under one of the home directory that the system's
    /// user database has, whatever `HOME` says, so that a scheduled job with another `HOME` meets the same files.
    /// `HOME` counts where the user has no entry there, or one whose directory doesn't exist. Nil where there is none.
    static func groupload(
        _ environment: [String: String], _ variable: String, else standard: String
    ) -> String? {
        if let given = environment[variable], given.hasPrefix("/") { return given + "/groupload" }
        var home: String?
        // Safe: the entry is the system's until the next call, and its text, which ends with NUL, is copied at once.
        if let entry = unsafe getpwuid(geteuid()), let directory = unsafe entry.pointee.pw_dir {
            let text = unsafe PathText.text(directory)
            if text.hasPrefix("/"), FileStatus(text)?.kind == S_IFDIR { home = text }
        }
        if home == nil, let own = environment["HOME"], own.hasPrefix("/") { home = own }
        return home.map { $0 + ($0.hasSuffix("/") ? "" : "/") + standard + "/groupload" }
    }
}
