import Crypto
import Foundation

/// Where runs that may not know of each other find each other: `$XDG_STATE_HOME/groupload`, else
/// `~/.local/state/groupload`, see ``UserDirectory``.
struct StateDirectory: Sendable {
    let path: String

    /// Makes the directory, readable by its owner only, or makes sure that nobody else can put anything there.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` if there is no place for it, or it isn't the user's
    ///   alone.
    init(_ environment: [String: String]) throws(RunError) {
        guard let path = Self.place(environment) else {
            throw RunError(
                .cannotWrite, "there is no place for locks: this user has no home directory",
                remedy: "name one with XDG_STATE_HOME")
        }
        do {
            try SystemCall.makeDirectory(path)
        } catch {
            throw RunError(
                .cannotWrite, "can't make \(path) for locks: \(error)", naming: .path(path),
                remedy: "name another place with XDG_STATE_HOME")
        }
        guard Self.isOwn(path) else {
            throw RunError(
                .cannotWrite,
                "\(path), the place for locks, isn't a directory of this user's own that nobody else may write to",
                naming: .path(path),
                remedy: "name another place with XDG_STATE_HOME, or chown and chmod go-w it")
        }
        self.path = path
    }

    /// The directory as it is; nil where there is none, or it isn't this user's alone.
    init?(existing environment: [String: String]) {
        guard let path = Self.place(environment), Self.isOwn(path) else { return nil }
        self.path = path
    }

    /// The paths of all scopes' files with this suffix.
    func files(_ suffix: String) -> [String] {
        do {
            return try SystemCall.names(in: path)
                .filter { $0.hasSuffix("." + suffix) }.map { "\(path)/\($0)" }
        } catch {
            return []
        }
    }

    /// The path of a scope's file with this suffix.
    func file(of scope: String, _ suffix: String) -> String {
        let canonical = Scope(text: scope).canonical
        return "\(path)/\(SHA256.hash(data: Data(canonical.utf8)).hexadecimal.prefix(32)).\(suffix)"
    }

    /// Whether a path is a directory of this user's own that nobody else may write to.
    private static func isOwn(_ path: String) -> Bool {
        guard let status = FileStatus(ofLink: path) else { return false }
        return status.kind == S_IFDIR && status.userID == geteuid() && !status.isWritableByOthers
    }

    /// The path, whether it is there or not; nil where there is none.
    private static func place(_ environment: [String: String]) -> String? {
        UserDirectory.groupload(environment, "XDG_STATE_HOME", else: ".local/state")
    }
}
