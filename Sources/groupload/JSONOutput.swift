import Foundation
import GroupLoad
import Synchronization

/// What a command with `--json` prints: one object, whatever the exit status, and whole or not at all.
///
/// A command prints its own summary. Where it ends without one, ``end(_:_:)`` prints what went wrong.
enum JSONOutput {
    private struct State {
        var target: String?
        var runDirectory: String?
        var isPrinted = false
    }

    private static let state = Mutex(State())
    private static let began = ContinuousClock.now

    /// Whether `--json` is among the arguments, also of a command line that can't be parsed.
    private static let isWanted = CommandLine.arguments.dropFirst().prefix { $0 != "--" }.contains("--json")

    /// Takes the time of the process's start.
    static func begin() { _ = began }

    /// The seconds since the process's start, to the millisecond.
    static var seconds: Double {
        let (seconds, attoseconds) = began.duration(to: .now).components
        return Double(seconds) + Double(attoseconds / 1_000_000_000_000_000) / 1000
    }

    /// Keeps which target the command works on.
    static func name(target: String) { state.withLock { $0.target = target.isEmpty ? nil : target } }

    /// Keeps where the command's run stands.
    static func name(runDirectory: String) { state.withLock { $0.runDirectory = Paths.absolute(runDirectory) } }

    /// Prints the command's summary.
    ///
    /// - Throws: as ``Console/data(_:)``.
    static func print(_ document: some SummaryDocument) throws { try print(document.json()) }

    /// Prints the command's result as JSON text.
    ///
    /// - Throws: as ``Console/data(_:)``.
    static func print(_ text: String) throws {
        state.withLock { $0.isPrinted = true }
        try Console.data(text)
    }

    /// Prints why the command ended, if `--json` is given and nothing was printed.
    ///
    /// - Returns: the status to exit with: `status`, or that of an output that can't be written.
    static func end(_ error: SummaryError, _ status: Int32) -> Int32 {
        let (isDue, known) = state.withLock { state in
            defer { state.isPrinted = true }
            return (isWanted && !state.isPrinted, state)
        }
        guard isDue else { return status }
        let summary = ErrorSummary(
            exit: status, error: error, target: known.target, run_dir: known.runDirectory, seconds: seconds)
        do {
            try print(summary)
            return status
        } catch let error as RunError {
            Console.error("\(error)")
            return error.status.rawValue
        } catch {
            Console.error("internal error: \(error)")
            return ExitStatus.internalError.rawValue
        }
    }
}
