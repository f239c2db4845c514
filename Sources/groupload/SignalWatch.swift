import Foundation
import GroupLoad
import UnixSignals

/// Turns SIGINT and SIGTERM into a request to stop; a second one ends the process at once.
enum SignalWatch {
    /// Runs `body` with the signals watched.
    static func run<Value: Sendable>(
        _ stop: StopSwitch, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await signal in signals {
                    let status: ExitStatus = signal == .sigint ? .interrupted : .terminated
                    if stop.reason != nil {
                        exit(JSONOutput.end(SummaryError(StopReason.signal(status).error), status.rawValue))
                    }
                    Console.note("\ngroupload: stopping; what is in flight may finish (again to leave at once)\n")
                    stop.stop(.signal(status))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw RunError(.internal, "the signal watch ended by itself")
        }
    }
}
