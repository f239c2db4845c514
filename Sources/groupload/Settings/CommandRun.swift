import Foundation
import GroupLoad

/// A program that is run for what it prints, with an empty standard input.
///
/// It is in a process group of its own, so that what it starts there ends with it where it has to end early. Where this
/// process has the terminal, the program has it meanwhile, as a shell lends it: it may ask somebody for a passphrase.
/// It hears nothing of the service manager, which waits for this process.
struct CommandRun {
    /// How it ended.
    enum End {
        /// By itself, with what it printed, and what `waitpid(2)` says.
        case ended([UInt8], status: CInt)
        /// It can't be run, for this `errno`.
        case unable(CInt)
        /// It took too long, or printed too much.
        case late
        /// A signal asked this process to end.
        case stopped(ExitStatus)
    }

    /// The longest output, in bytes.
    private static let bytesMax = 1 << 16
    /// How often it is looked whether there is something to be done.
    private static let tick: CInt = 100
    /// How long what was asked to end may take to do so.
    private static let endMax = Duration.seconds(1)
    /// What the service manager says to this process alone.
    private static let ownVariables: Set = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

    /// The program and its arguments.
    let words: [String]
    /// How long it may take.
    let timeMax: Duration
    /// Is given each line of its standard error; nil where that is this process's.
    let errorLine: ((String) -> Void)?
    /// Is called about every ``tick`` milliseconds.
    let beat: () -> Void

    /// Runs it to its end. What it leaves running is not waited for, unless that may still print.
    func end() -> End {
        let (output, errors) = (Pipe(), errorLine.map { _ in Pipe() })
        let terminal = Terminal()
        let signals = CaughtSignals()
        let (failure, process) = start(output, errors)
        guard failure == 0 else { return .unable(failure) }
        terminal?.lend(to: process)
        defer { terminal?.takeBack() }
        output.fileHandleForWriting.closeFile()
        errors?.fileHandleForWriting.closeFile()
        var reader = LineCutter(errors?.fileHandleForReading.fileDescriptor, errorLine)
        defer { reader.finish() }
        let end = read(output.fileHandleForReading.fileDescriptor, of: process, &reader, signals)
        guard case .ended(_, let status) = end else {
            stop(process)
            return end
        }
        // The terminal's signals were the program's alone.
        let isInterrupted = terminal != nil && status & 0x7F == SIGINT
        return isInterrupted ? .stopped(.interrupted) : end
    }

    /// Reads what it prints until it has ended; the process is waited for where it has.
    private func read(
        _ descriptor: CInt, of process: pid_t, _ errors: inout LineCutter, _ signals: CaughtSignals
    ) -> End {
        let until = ContinuousClock.now.advanced(by: timeMax)
        var (bytes, isOpen, status) = ([UInt8](), true, CInt?.none)
        while isOpen || status == nil {
            beat()
            if let signal = signals.last { return .stopped(signal) }
            guard ContinuousClock.now < until, bytes.count <= Self.bytesMax else { return .late }
            var waits = [
                pollfd(fd: isOpen ? descriptor : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&waits, 2, Self.tick)
            if ready > 0, waits[0].revents != 0 {
                let chunk = PipeChunk.read(descriptor)
                bytes += chunk ?? []
                isOpen = chunk != []
            }
            if ready > 0, waits[1].revents != 0 { errors.read() }
            var ended: CInt = 0
            if status == nil, waitpid(process, &ended, WNOHANG) == process { status = ended }
        }
        errors.readRest()
        return .ended(bytes, status: status ?? 0)
    }

    /// Ends the program and all of its process group, by force where asking isn't enough.
    private func stop(_ process: pid_t) {
        let until = ContinuousClock.now.advanced(by: Self.endMax)
        kill(-process, SIGTERM)
        var status: CInt = 0
        while ContinuousClock.now < until {
            beat()
            _ = waitpid(process, &status, WNOHANG)
            if kill(-process, 0) != 0 { return }
            usleep(10_000)
        }
        kill(-process, SIGKILL)
        _ = waitpid(process, &status, 0)
    }

    /// What this process has open; one that lists them is among them, and closed meanwhile.
    private static var openDescriptors: [CInt] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { CInt($0) }
        } catch {
            return []
        }
    }

    /// Starts it.
    ///
    /// - Returns: the `errno`, 0 for none, and the process's id.
    private func start(_ output: Pipe, _ errors: Pipe?) -> (CInt, pid_t) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.fileHandleForWriting.fileDescriptor, STDOUT_FILENO)
        if let errors {
            posix_spawn_file_actions_adddup2(&actions, errors.fileHandleForWriting.fileDescriptor, STDERR_FILENO)
        }
        // Nothing that this process has open is held open by what the program leaves running.
        for descriptor in Self.openDescriptors where descriptor > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, descriptor)
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
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        let variables = ProcessInfo.processInfo.environment.filter { !Self.ownVariables.contains($0.key) }
        let arguments = words.map { strdup($0) } + [nil]
        let environment = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var process: pid_t = 0
        let failure = posix_spawnp(&process, words.first ?? "", &actions, &attributes, arguments, environment)
        return (failure, process)
    }
}

/// The terminal that this process has, while it is lent to another.
private struct Terminal {
    let descriptor: CInt

    /// Nil where this process has none, or is in its background.
    init?() {
        descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard tcgetpgrp(descriptor) == getpgrp() else {
            close(descriptor)
            return nil
        }
    }

    /// Gives it to a process group.
    func lend(to group: pid_t) {
        give(to: group)
        // Who asked for it before that was stopped.
        kill(-group, SIGCONT)
    }

    /// Gives it back to this process.
    func takeBack() {
        give(to: getpgrp())
        close(descriptor)
    }

    private func give(to group: pid_t) {
        var (signals, before) = (sigset_t(), sigset_t())
        sigemptyset(&signals)
        sigaddset(&signals, SIGTTOU)
        // Who isn't in the foreground may do so only with the signal blocked.
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        tcsetpgrp(descriptor, group)
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
