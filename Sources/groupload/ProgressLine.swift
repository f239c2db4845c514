import Foundation
import GroupLoad

/// Shows a run's progress on standard error: one line written over on a terminal, a plain line every few seconds
/// elsewhere.
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
                if Console.isTerminal { Console.note("\r\u{1b}[K") }
            }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    private func show() async {
        let isTerminal = Console.isTerminal
        let interval = Duration.milliseconds(isTerminal ? 200 : 5000)
        var sendingSince: (ContinuousClock.Instant, Int)?
        while true {
            do { try await Task.sleep(for: interval) } catch { return }
            let now = progress.snapshot
            if now.phase == .sending, sendingSince == nil { sendingSince = (.now, now.outcomes.sum) }
            if now.phase == .asking { continue }
            let text = line(now, sendingSince)
            Console.note(isTerminal ? "\r\u{1b}[K\(text)" : "\(text)\n")
        }
    }

    /// Records read, done, failed, rate, time left.
    private func line(_ now: RunProgress.Snapshot, _ since: (ContinuousClock.Instant, Int)?) -> String {
        var parts = ["\(now.read) read"]
        if now.phase == .reading, let total = now.bytesTotal, total > 0 {
            parts.append("\(min(100, now.bytesRead * 100 / total))% of the input")
        }
        let failed = now.outcomes[.failed] + now.outcomes[.invalid] + now.outcomes[.unresolved]
        parts += ["\(now.outcomes.done) done", "\(failed) failed"]
        if let (start, before) = since {
            let elapsed = start.duration(to: .now)
            let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
            let ended = now.outcomes.sum - before
            let rate = seconds > 0 ? Double(ended) / seconds : 0
            parts.append("\(Int(rate)) a second")
            if now.draftsTotal != nil, rate > 0 {
                let left = max(0, Double(now.read - now.outcomes.sum) / rate)
                parts.append("\(Self.time(left)) left")
            }
        }
        return parts.joined(separator: ", ")
    }

    private static func time(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
