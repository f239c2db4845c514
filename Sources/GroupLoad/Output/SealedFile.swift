import Synchronization

/// A file that is written whole and synced, and still has the temporary name that ``AtomicFile`` gave it; removed when
/// it goes, unless it was given its own.
final class SealedFile: Sendable {
    private let path: String
    /// Nil once it has its name, and for a device or a pipe.
    private let temporaryPath: Mutex<String?>

    init(_ path: String, _ temporaryPath: String?) {
        self.path = path
        self.temporaryPath = Mutex(temporaryPath)
    }

    deinit {
        temporaryPath.withLock { if let path = $0 { SystemCall.unlink(path) } }
    }

    /// Gives the file its name, in place of an earlier file.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``.
    func place() throws(RunError) {
        try temporaryPath.withLock { temporaryPath throws(RunError) in
            guard let temporary = temporaryPath else { return }
            guard SystemCall.rename(temporary, to: path) else { throw AtomicFile.failure(path) }
            temporaryPath = nil
        }
    }
}
