import GroupLoad

/// The credentials that a file of `NAME=value` lines holds, read as a shell would read it.
///
/// A line is blank, a comment (`# …`), or holds assignments with or without `export` before them, and perhaps `; `
/// behind them; `export NAME` and `set -a` are passed over. A value is what a shell makes of it: as it stands up to
/// white space, in single quotes, in double quotes (with `\"`, `\\`, `\$` and `` \` ``), or these side by side; a
/// backslash outside quotes stands for the character behind it. Nothing is expanded or run: where a shell would do
/// that, the file is refused. A byte order mark and CR before the line's end are passed over. No message holds a value.
struct CredentialsFile {
    /// The variables that are known.
    static let names = [
        "GROUPLOAD_TILL", "GROUPLOAD_PASSWORD", "GROUPLOAD_PASSWORD_MD5", "GROUPLOAD_KEY", "GROUPLOAD_SECRET",
    ]
    /// The values by their names; of a name that is given twice the last.
    let values: [String: String]

    /// - Parameter guarded: a directory whose files are believed to be guarded as they are: what
    ///   `CREDENTIALS_DIRECTORY` names, which systemd makes.
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``.
    init(_ path: String, guarded: String? = nil) throws(RunError) {
        values = try Self.parse(try SecretFile.text(path, "credentials file", guarded: guarded), path)
    }

    /// The assignments of a file's text.
    ///
    /// - Parameter path: the file, for errors.
    /// - Throws: as ``init(_:guarded:)``.
    static func parse(_ text: String, _ path: String) throws(RunError) -> [String: String] {
        var values: [String: String] = [:]
        var scalars = text.unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars = scalars.dropFirst() }
        let lines = scalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let bare = line.last == "\r" ? line.dropLast() : line
            do throws(ShellAssignment.Fault) {
                for assignment in try ShellAssignment.line(bare) where assignment.name.hasPrefix("GROUPLOAD_") {
                    guard names.contains(assignment.name) else {
                        throw .unknown(assignment.name, nearest(assignment.name))
                    }
                    values[assignment.name] = assignment.value
                }
            } catch {
                throw RunError(
                    .credentials,
                    "the credentials file \(Shown.text(path)), line \(index + 1): \(error.message)",
                    naming: RunError.Place(path: path, line: Int64(index + 1)))
            }
        }
        return values
    }

    /// The known name that is the least changes away.
    private static func nearest(_ name: String) -> String {
        names.min { NearestWord.distance($0, name) < NearestWord.distance($1, name) } ?? ""
    }
}
