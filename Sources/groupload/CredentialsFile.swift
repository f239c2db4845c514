import Foundation
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
    /// The longest file.
    private static let bytesMax = 1 << 16

    /// The values by their names; of a name that is given twice the last.
    let values: [String: String]

    /// - Parameter guarded: a directory whose files are believed to be guarded as they are: what
    ///   `CREDENTIALS_DIRECTORY` names, which systemd makes.
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``.
    init(_ path: String, guarded: String? = nil) throws(RunError) {
        let bytes = try Self.read(path, guarded)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw RunError(
                .credentials, "the credentials file \(Shown.text(path)) isn't UTF-8", naming: .path(path),
                remedy: bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
                    ? "it is UTF-16; save it as UTF-8" : "save it as UTF-8")
        }
        values = try Self.parse(text, path)
    }

    private static func read(_ path: String, _ guarded: String?) throws(RunError) -> [UInt8] {
        let shown = Shown.text(path)
        let descriptor = SystemCall.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw RunError(
                .credentials, "can't read the credentials file \(shown): \(String(cString: strerror(errno)))",
                naming: .path(path), remedy: "check its path")
        }
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, !isGuarded(path, guarded) {
            guard status.st_uid == geteuid() || status.st_uid == 0 else {
                throw RunError(
                    .untrusted, "the credentials file \(shown) belongs to another user", naming: .path(path),
                    remedy: "make one of your own, with chmod 600 \(shown)")
            }
            guard status.st_mode & 0o066 == 0 else {
                throw RunError(
                    .untrusted, "others can read or write the credentials file \(shown)", naming: .path(path),
                    remedy: "chmod 600 \(shown)")
            }
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= bytesMax {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw RunError(
                    .credentials, "can't read the credentials file \(shown): \(String(cString: strerror(errno)))",
                    naming: .path(path))
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
        throw RunError(
            .credentials, "the credentials file \(shown) has more than \(bytesMax) bytes", naming: .path(path),
            remedy: "is it the right one?")
    }

    private static func isGuarded(_ path: String, _ guarded: String?) -> Bool {
        guard let guarded, guarded.hasPrefix("/") else { return false }
        return URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
            == URL(fileURLWithPath: guarded).standardizedFileURL.path
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
