import Foundation
import GroupLoad

/// Shows a run's progress on standard error: on a terminal one line that is written over and fits its width, as it is
/// resized, and elsewhere a plain line every few seconds.
struct ProgressLine: Sendable {
    let progress: RunProgress

    /// Runs `body` with its progress shown.
    func whileRunning<Value: Sendable>(
        _ isShown: Bool, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard isShown else { return try await body() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                await show()
                return nil
            }
            defer {
                group.cancelAll()
                Console.clearProgress()
            }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    private func show() async {
        let interval = Duration.milliseconds(Screen.isControlled ? 200 : 5000)
        var sendingSince: (start: ContinuousClock.Instant, ended: Int)?
        while true {
            do { try await Task.sleep(for: interval) } catch { return }
            let now = progress.snapshot
            if now.phase == .sending, sendingSince == nil { sendingSince = (.now, now.outcomes.sum) }
            if now.phase == .asking { continue }
            let text = ProgressText(now, sending: sendingSince.map { (Self.seconds(since: $0.start), $0.ended) })
            // A terminal may break the line behind its last column.
            let columns =
                Screen.isTerminal && LogFormat.current == .text ? Screen.columns(of: STDERR_FILENO) - 1 : Int.max
            Console.progress(text.fitted(columns), JSONLog.attributes(of: now))
        }
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = start.duration(to: .now).components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
