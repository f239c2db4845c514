import Foundation
import Glibc
import Synchronization

/// A process that posix_spawn(3) started, waited for on a thread of its own.
///
/// It inherits none of this one's open files: what other tests have open is none of its.
final class ChildProcess: Sendable {
    /// Its process id, which is its own until ``end()`` has returned.
    let identifier: pid_t
    private let isReaped = Mutex(false)
    /// More files than the tests have open at once, where the system allows as many.
    private static let filesMax = {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(min(limit.rlim_cur, 1024))
    }()

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the program's path, then its arguments.
    ///   - environment: all of its environment.
    ///   - directory: where it runs; this process's directory where there is none.
    ///   - streams: the files that are its standard input, output and error, of which the last two are made.
    init(_ arguments: [String], environment: [String: String], directory: String?, streams: [String]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, path) in streams.enumerated() {
            let flags = descriptor == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
            posix_spawn_file_actions_addopen(&actions, Int32(descriptor), path, flags, 0o600)
        }
        for descriptor in streams.count..<Self.filesMax {
            posix_spawn_file_actions_addclose(&actions, Int32(descriptor))
        }

        // What this process ignores or blocks is its own affair.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let arguments = (directory.map { ["/usr/bin/env", "-C", $0] } ?? []) + arguments
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var identifier: pid_t = 0
        let failure = posix_spawn(&identifier, arguments[0], &actions, &attributes, words, variables)
        guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
        self.identifier = identifier
    }

    /// A process ended before what was waited for.
    struct Ended: Error {}

    /// Waits until `condition` holds while a child of this process runs.
    ///
    /// - Throws: ``Ended`` where the child ends before; what `condition` throws.
    static func wait(for identifier: pid_t, until condition: () async throws -> Bool) async throws {
        while try await !condition() {
            guard isRunning(identifier) else { throw Ended() }
            await Task.yield()
        }
    }

    /// Whether it hasn't ended.
    var isRunning: Bool { Self.isRunning(identifier) }

    private static func isRunning(_ identifier: pid_t) -> Bool {
        // Whoever ends it waits for it, too.
        var information = siginfo_t()
        return waitid(P_PID, id_t(identifier), &information, Int32(WEXITED | WNOHANG | WNOWAIT)) == 0
            && information.si_signo == 0
    }

    /// Waits until it has ended, and gives its exit status; 128 and the signal's number where a signal ended it.
    func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                var information = siginfo_t()
                while waitid(P_PID, id_t(identifier), &information, Int32(WEXITED | WNOWAIT)) != 0, errno == EINTR {}
                var status: Int32 = 0
                isReaped.withLock {
                    $0 = true
                    _ = waitpid(identifier, &status, 0)
                }
                let signal = status & 0x7f
                continuation.resume(returning: signal == 0 ? status >> 8 & 0xff : 128 + signal)
            }
        }
    }

    /// Kills it, unless it has ended.
    func kill() {
        isReaped.withLock { isReaped in
            if !isReaped { _ = Glibc.kill(identifier, SIGKILL) }
        }
    }

    /// Kills it, and waits for its end here, which is soon.
    func killAndReap() {
        kill()
        isReaped.withLock { isReaped in
            var status: Int32 = 0
            if !isReaped { while waitpid(identifier, &status, 0) < 0, errno == EINTR {} }
            isReaped = true
        }
    }
}
