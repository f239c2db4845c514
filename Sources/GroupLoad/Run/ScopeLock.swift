import Foundation

/// What keeps two runs of one user from working on the same scope at once: a lock on a file in the ``StateDirectory``,
/// named by the scope's hash. The files stay.
package struct ScopeLock: ~Copyable {
    private let file: LockFile

    /// Takes the lock, or finds that another run holds it.
    ///
    /// - Parameters:
    ///   - scope: see ``Scope``.
    ///   - run: what the holder is called in the other's message.
    /// - Throws: ``RunError`` with ``ExitStatus/busy`` if another run holds it, and with ``ExitStatus/cannotWrite`` if
    ///   there is no place for it.
    package static func acquire(
        scope: String, run: String, environment: [String: String]
    ) throws(RunError) -> ScopeLock {
        let path = try StateDirectory(environment).file(of: scope, "lock")
        do throws(LockFile.Fault) {
            let file = try LockFile(path)
            file.write(run: run)
            return ScopeLock(file)
        } catch { throw failure(error, path) }
    }

    /// Finds that no run holds the lock, and keeps none from taking it.
    ///
    /// - Throws: as ``acquire(scope:run:environment:)``.
    static func look(scope: String, environment: [String: String]) throws(RunError) {
        let path = try StateDirectory(environment).file(of: scope, "lock")
        do throws(LockFile.Fault) { try LockFile.look(path) } catch { throw failure(error, path) }
    }

    private static func failure(_ fault: LockFile.Fault, _ path: String) -> RunError {
        switch fault {
        case .held(let text):
            RunError(
                .busy, "another run works on this target with these credentials\(LockFile.holder(text))",
                remedy: "wait for it to end, or stop it")
        case .foreign:
            RunError(
                .cannotWrite, "the lock \(path) isn't a plain file of this user's own", naming: .path(path),
                remedy: "remove it, or name another place with XDG_STATE_HOME")
        case .system(let code):
            RunError(
                .cannotWrite, "can't lock \(path): \(SystemCall.message(code))", naming: .path(path),
                remedy: "name another place with XDG_STATE_HOME")
        }
    }

    private init(_ file: LockFile) { self.file = file }
}

extension LockFile {
    /// The name of the lock in a run directory.
    static let nameInRun = ".lock"

    /// Locks a run directory for as long as this lives, so that no two processes work on one ledger, also such as
    /// don't share a ``StateDirectory``.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/busy`` if another process holds it, and with
    ///   ``ExitStatus/cannotWrite`` if it can't be locked.
    package static func ofRun(_ directory: String) throws(RunError) -> LockFile {
        let path = directory + "/" + nameInRun
        do throws(Fault) { return try LockFile(path) } catch { throw failure(error, directory, path) }
    }

    /// Finds that no process works on the run, and keeps none from it.
    ///
    /// - Throws: as ``ofRun(_:)``.
    static func lookAtRun(_ directory: String) throws(RunError) {
        let path = directory + "/" + nameInRun
        do throws(Fault) { try look(path) } catch { throw failure(error, directory, path) }
    }

    private static func failure(_ fault: Fault, _ directory: String, _ path: String) -> RunError {
        switch fault {
        case .held(let text):
            RunError(
                .busy, "another process works on the run in \(directory)\(holder(text))", naming: .path(directory),
                remedy: "wait for it to end, or stop it")
        case .foreign:
            RunError(
                .cannotWrite, "the lock \(path) isn't a plain file of this user's own", naming: .path(path),
                remedy: "remove it")
        case .system(let code):
            RunError(
                .cannotWrite, "can't lock \(path): \(SystemCall.message(code))", naming: .path(path),
                remedy: "name another directory with --run-dir")
        }
    }
}
