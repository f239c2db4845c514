import Foundation

/// This user's own directories for programs' files (XDG Base Directory Specification).
package enum UserDirectory {
    /// Where this user's settings are; nil where there is no place for them.
    package static func settings(_ environment: [String: String]) -> String? {
        groupload(environment, "XDG_CONFIG_HOME", else: ".config")
    }

    /// `groupload` under the directory that a variable names, else under one of the home directory: that of `HOME`, or
    /// of the system's user database where `HOME` names no directory. Nil where there is none.
    static func groupload(
        _ environment: [String: String], _ variable: String, else standard: String
    ) -> String? {
        if let given = environment[variable], given.hasPrefix("/") { return given + "/groupload" }
        let own = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let homes = [own, entry].compactMap(\.self)
        // One that isn't there may still be made.
        let home = homes.first { FileStatus($0)?.kind == S_IFDIR } ?? own
        return home.map { $0 + ($0.hasSuffix("/") ? "" : "/") + standard + "/groupload" }
    }

    /// The user's home directory by the system's user database.
    private static var entry: String? {
        // Safe: the entry is the system's until the next call, and its text, which ends with NUL, is copied at once.
        guard let entry = unsafe getpwuid(geteuid()), let directory = unsafe entry.pointee.pw_dir else { return nil }
        let text = unsafe PathText.text(directory)
        return text.hasPrefix("/") ? text : nil
    }
}
