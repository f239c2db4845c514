import Foundation
import GroupLoad
import Synchronization
import UnixSignals

/// SIGINT and SIGTERM, in one way for every command that can end in good order.
///
/// The first signal asks the command to end so. The second one, of whichever kind, ends the process at once, with the
/// status that says which it was: nothing is waited for but `--ping`, for seconds at most, and a run's report isn't
/// written. `OutcomesAndExitStatuses.md` says what that is for each command.
///
/// The same signal once more within ``sameSignal`` is the first one, sent twice: coreutils' `timeout` signals its child
/// and then its whole process group, and so do a shell and its terminal.
enum SignalWatch {
    /// How long the first signal may come again without being a second one.
    private static let sameSignal = Duration.seconds(1)
    /// Whether the second signal ends the process: what else ends meanwhile ends nothing.
    private static let isLeaving = Atomic(false)

    /// Runs `body`, which ends when `stop` asks it to; that is what the first signal does, with a message.
    static func run<Value: Sendable>(
        _ stop: StopSwitch, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await run(
            atFirst: { status in
                Console.note("\ngroupload: stopping; what is in flight may finish (again to leave at once)\n")
                stop.stop(.signal(status))
            }, body)
    }

    /// Runs `body`, with which the process ends with this status; a signal ends it at once.
    static func leaving(_ status: Int32, _ body: @escaping @Sendable () async -> Void) async {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await body() }
            group.addTask { for await _ in signals { exit(status) } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Runs `body`, which `atFirst` asks to end; it is called once, with the exit status of the first signal.
    static func run<Value: Sendable>(
        atFirst: @escaping @Sendable (ExitStatus) async -> Void, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                var first: (status: ExitStatus, at: ContinuousClock.Instant)?
                for await signal in signals {
                    let status: ExitStatus = signal == .sigint ? .interrupted : .terminated
                    if let first {
                        if status == first.status, first.at.duration(to: .now) < sameSignal { continue }
                        isLeaving.store(true, ordering: .sequentiallyConsistent)
                        let ended = JSONOutput.end(SummaryError(StopReason.signal(status).error), status.rawValue)
                        await Watching.endAtOnce(ended)
                        exit(ended)
                    }
                    first = (status, .now)
                    Watching.stopping()
                    await atFirst(status)
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = await group.nextResult() {
                if isLeaving.load(ordering: .sequentiallyConsistent) { continue }
                if let value = try result.get() { return value }
            }
            throw RunError(.internal, "the signal watch ended by itself")
        }
    }
}
