import Crypto
import Foundation

/// What keeps two runs from working on the same scope at once: a lock on a file that the system lets go when the process ends,
/// however it does.
///
/// The files stand in `$XDG_STATE_HOME/groupload` (else `~/.local/state/groupload`), named by the scope's hash; they stay.
struct ScopeLock: ~Copyable {
    private let descriptor: CInt

    /// Takes the lock, or finds that another run holds it.
    ///
    /// - Parameters:
    ///   - scope: the target, and the till or key; never a secret.
    ///   - run: what the holder is called in the other's message.
    /// - Throws: ``RunError`` with ``ExitStatus/busy`` if another run holds it, and with ``ExitStatus/cannotWrite`` if there is no
    ///   place for it.
    static func acquire(
        scope: String, run: String, environment: [String: String]
    ) throws(RunError) -> ScopeLock {
        let directory = directory(environment)
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw RunError(
                .cannotWrite, "can't make \(directory) for locks; name another place with XDG_STATE_HOME")
        }
        let name = String(SHA256.hash(data: Data(scope.utf8)).hexadecimal.prefix(32))
        let path = "\(directory)/\(name).lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RunError(
                .cannotWrite,
                "can't open the lock \(path): \(String(cString: strerror(errno))); name another place with XDG_STATE_HOME"
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = text(of: descriptor)
            close(descriptor)
            throw RunError(
                .busy,
                "another run works on this target with these credentials\(holder); wait for it to end, or stop it")
        }
        let text = "\(getpid()) \(run)"
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, text.utf8.count, 0) }
        return ScopeLock(descriptor)
    }

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    private static func directory(_ environment: [String: String]) -> String {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/groupload" }
        if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.local/state/groupload" }
        return "/tmp/groupload-\(getuid())"
    }

    /// Who holds it, as they wrote there.
    private static func text(of descriptor: CInt) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return "" }
        let parts = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ", maxSplits: 1)
        return parts.count == 2 ? " (process \(parts[0]), run \(parts[1]))" : ""
    }
}
