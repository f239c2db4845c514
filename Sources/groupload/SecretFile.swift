import Foundation
import GroupLoad
import Synchronization

/// A file that holds what only its owner may know, or a pipe that brings it.
enum SecretFile {
    /// The longest file.
    private static let bytesMax = 1 << 16
    /// What a pipe's writer may take to write it all.
    private static let timeMax = Duration.seconds(30)

    /// Reads a file, which has to be this user's or root's and to be closed to others.
    ///
    /// - Parameters:
    ///   - what: what it is, as in "can't read the credentials file".
    ///   - guarded: a directory whose files are believed to be guarded as they are: what `CREDENTIALS_DIRECTORY` names,
    ///     which systemd makes.
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``.
    static func text(_ path: String, _ what: String, guarded: String? = nil) throws(RunError) -> String {
        // On a thread of its own: to open a pipe waits for who writes to it.
        let reading = Reading()
        Thread.detachNewThread {
            do throws(RunError) { reading.end(.success(try Self.read(path, what, guarded))) } catch {
                reading.end(.failure(error))
            }
        }
        guard let ended = reading.wait(atMost: timeMax) else {
            throw RunError(
                .credentials, "the \(what) \(Shown.text(path)) had no end within \(WallTime.length(timeMax))",
                naming: .path(path), remedy: "it is a pipe: see that its writer writes and ends, or name a file")
        }
        let bytes = try ended.get()
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        throw RunError(
            .credentials, "the \(what) \(Shown.text(path)) isn't UTF-8", naming: .path(path),
            remedy: bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
                ? "it is UTF-16; save it as UTF-8" : "save it as UTF-8")
    }

    private static func read(_ path: String, _ what: String, _ guarded: String?) throws(RunError) -> [UInt8] {
        let shown = Shown.text(path)
        let descriptor = SystemCall.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw RunError(
                .credentials, "can't read the \(what) \(shown): \(SystemCall.message(errno))",
                naming: .path(path), remedy: "check its path")
        }
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, !isGuarded(path, guarded) {
            guard status.st_uid == geteuid() || status.st_uid == 0 else {
                throw RunError(
                    .untrusted, "the \(what) \(shown) belongs to another user", naming: .path(path),
                    remedy: "make one of your own, with chmod 600 \(shown)")
            }
            guard status.st_mode & 0o066 == 0 else {
                throw RunError(
                    .untrusted, "others can read or write the \(what) \(shown)", naming: .path(path),
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
                    .credentials, "can't read the \(what) \(shown): \(SystemCall.message(errno))",
                    naming: .path(path))
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
        throw RunError(
            .credentials, "the \(what) \(shown) has more than \(bytesMax) bytes", naming: .path(path),
            remedy: "is it the right one?")
    }

    private static func isGuarded(_ path: String, _ guarded: String?) -> Bool {
        guard let guarded, guarded.hasPrefix("/") else { return false }
        return URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
            == URL(fileURLWithPath: guarded).standardizedFileURL.path
    }
}

/// What a thread reads, for another that waits for it.
private final class Reading: Sendable {
    private let result = Mutex<Result<[UInt8], RunError>?>(nil)
    private let isEnded = DispatchSemaphore(value: 0)

    func end(_ result: Result<[UInt8], RunError>) {
        self.result.withLock { $0 = result }
        isEnded.signal()
    }

    /// What was read; nil where that takes longer.
    func wait(atMost timeMax: Duration) -> Result<[UInt8], RunError>? {
        let until = ContinuousClock.now.advanced(by: timeMax)
        while ContinuousClock.now < until {
            if isEnded.wait(timeout: .now() + .milliseconds(100)) == .success { return result.withLock { $0 } }
            Watching.beat()
        }
        return nil
    }
}
