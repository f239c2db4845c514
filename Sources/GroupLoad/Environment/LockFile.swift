import Foundation

/// A file that at most one process holds locked; the system lets it go when the process ends, however it does.
///
/// The lock is `flock(2)`. On Linux it excludes processes of one machine on every file system, and those of other
/// machines where the file system carries locks: NFS (which makes it a lock of the server's, unless mounted with
/// `nolock` or `local_lock`), SMB, CephFS, GFS2. The file is never reached through a link, and is the user's own, with
/// no other name.
package final class LockFile: Sendable {
    private let descriptor: CInt

    /// How often it is tried, at most, where somebody holds it, and where somebody only looks whether it is held; and
    /// how long after one another, in microseconds.
    private static let (tries, triesBesideLook, tryAgain) = (10, 5_000, UInt32(2_000))

    /// Why a file couldn't be locked.
    package enum Fault: Error {
        /// Somebody else holds it, who wrote this there.
        case held(by: String)
        /// It isn't a plain file of the user's own with one name.
        case foreign
        /// The system refuses it, with this `errno`.
        case system(CInt)
    }

    /// Opens the file, makes it where it isn't there, and locks it.
    package convenience init(_ path: String) throws(Fault) {
        try self.init(opening: path)
        var tried = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            guard code == EWOULDBLOCK else { throw .system(code) }
            tried += 1
            // Who only looks lets another look at the same time, and is soon gone.
            let isLookedAt = flock(descriptor, LOCK_SH | LOCK_NB) == 0
            if isLookedAt { flock(descriptor, LOCK_UN) }
            guard tried < (isLookedAt ? Self.triesBesideLook : Self.tries) else { throw .held(by: text) }
            usleep(Self.tryAgain)
        }
    }

    /// Opens the file, and makes it where it isn't there.
    private init(opening path: String) throws(Fault) {
        // Not to block, should somebody have put a pipe there.
        descriptor = SystemCall.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode: 0o600)
        guard descriptor >= 0 else {
            throw errno == ELOOP || errno == EISDIR || errno == ENXIO ? .foreign : .system(errno)
        }
        guard let status = FileStatus(descriptor: descriptor), status.isFile, status.userID == geteuid(),
            status.names == 1
        else { throw .foreign }
    }

    /// Finds that nobody holds the file, as ``init(_:)`` would, and keeps nobody from locking it.
    ///
    /// - Throws: as ``init(_:)``.
    static func look(_ path: String) throws(Fault) {
        let file = try LockFile(opening: path)
        guard flock(file.descriptor, LOCK_SH | LOCK_NB) != 0 else { return }
        throw errno == EWOULDBLOCK ? .held(by: file.text) : .system(errno)
    }

    deinit {
        guard descriptor >= 0 else { return }
        // A process that this one starts has the file too until its program begins; closing alone wouldn't unlock it.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Whether somebody holds the file locked. That is looked at by a lock that others may have at the same time, for
    /// an instant.
    static func isHeld(_ path: String) -> Bool {
        let descriptor = SystemCall.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        // Lets it go, too.
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// What is written there: by whoever holds it, or held it last.
    package var text: String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        // Safe: the system writes at most as many bytes as the array has.
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }

    /// Writes who holds it: the process, and what its run is called.
    package func write(run: String) {
        let text = "\(getpid()) \(run)"
        ftruncate(descriptor, 0)
        // Safe: the text has so many bytes, and is lent for the call.
        _ = unsafe text.withCString { unsafe pwrite(descriptor, $0, text.utf8.count, 0) }
    }

    /// What ``write(run:)`` wrote, for a message; empty where there is nothing.
    package static func holder(_ text: String) -> String {
        let parts = text.split(separator: " ", maxSplits: 1)
        return parts.count == 2 ? " (process \(parts[0]), run \(parts[1]))" : ""
    }
}
