import Foundation
import RecordFormats

/// What the process that works on a run says of it once a second, in a file of the run directory, for whoever looks on
/// from outside. It is removed at the run's end, and stays where the process is killed: it then says when that was.
package struct LiveStatus: Sendable, Codable, Equatable {
    /// The file's name in the run directory.
    static let fileName = "status.json"
    /// More than such a file has; another isn't read.
    private static let bytesMax = 1 << 16

    /// When it was written, in epoch milliseconds.
    package var seen: Int64
    /// What the run is at, as ``RunPhase`` has it.
    package var phase: String
    /// Records read, and those of them that have no outcome.
    package var read: Int, left: Int
    /// The count of each outcome that has occurred.
    package var outcomes: [String: Int]
    /// Requests sent, retries, and responses of 429, as far as this process knows.
    package var requests: Int, retries: Int, throttled: Int
    /// Records a second that got their outcomes in the last seconds; nil where that isn't known yet.
    package var rate_per_second: Double?
    /// Seconds until all have one, at the pace so far; nil where that can't be said.
    package var seconds_left: Int?
    /// Until when nothing is sent, in epoch milliseconds; nil where that isn't so.
    package var waiting_until: Int64?
    /// What is waited for, in a sentence; nil for nothing.
    package var waiting_for: String?

    /// What a process has counted at `now`, in epoch milliseconds.
    package init(_ counted: RunProgress.Snapshot, _ pace: RunPace, now: Int64) {
        let all = counted.allOutcomes
        (seen, phase, read) = (now, counted.phase.rawValue, counted.read)
        left = max(0, read - all.sum)
        outcomes = Outcome.allCases.reduce(into: [:]) { if all[$1] > 0 { $0[$1.rawValue] = all[$1] } }
        (requests, retries, throttled) = (counted.requests, counted.retries, counted.throttled)
        if counted.phase == .sending {
            rate_per_second = pace.perSecond.map { ($0 * 10).rounded() / 10 }
            seconds_left = counted.draftsTotal == nil ? nil : pace.seconds(for: left)
        }
        switch RunWait(counted, now: now) {
        case .answer: waiting_for = "an answer at its terminal"
        case .pause:
            waiting_until = counted.pauses.until
            waiting_for = "the target, which asks for it (\(counted.pauses.reason))"
        case .trouble: waiting_for = "the target, which is tried again now and then (\(counted.trouble ?? ""))"
        case nil: break
        }
    }

    /// Reads what the run directory says; nil where it says nothing.
    init?(in directory: String) {
        guard let data = SystemCall.contents("\(directory)/\(Self.fileName)", bytesMax: Self.bytesMax) else {
            return nil
        }
        do { self = try JSONDecoder().decode(LiveStatus.self, from: data) } catch { return nil }
    }

    /// Puts it into the run directory, whole. It need not outlast the machine, so it isn't synced.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``.
    package func write(in directory: String) throws {
        let file = try AtomicFile("\(directory)/\(Self.fileName)")
        let json = try JSONEncoder().encode(self)
        try file.append { $0.bytes.append(contentsOf: json) }
        _ = try file.finish(isSynced: false)
    }

    /// Removes it from the run directory.
    package static func remove(from directory: String) { SystemCall.unlink("\(directory)/\(fileName)") }
}

extension LiveStatus {
    /// How far the run is, in lines for a person.
    ///
    /// - Parameter now: in epoch milliseconds.
    package func lines(now: Int64) -> [String] {
        let counts = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, outcomes[$0.rawValue] ?? 0) })
        let done = counts.reduce(0) { $1.key.isDone ? $0 + $1.value : $0 }
        let failed = counts.values.reduce(0, +) - done
        var lines = [
            """
            \(Shown.count(read, "record")) read: \(Shown.number(done)) done, \(Shown.number(failed)) failed, \
            \(Shown.number(left)) left
            """
        ]
        var speed = rate_per_second.map { ["\(Shown.number(Int($0.rounded()))) a second"] } ?? []
        if let seconds_left { speed.append("\(ProgressText.time(Double(seconds_left))) left") }
        if !speed.isEmpty { lines.append(speed.joined(separator: ", ")) }
        if let waiting_for {
            let until = waiting_until.map { " until \(WallTime.text(at: $0, now: now))" } ?? ""
            lines.append("waiting\(until) for \(Shown.text(waiting_for))")
        }
        return lines
    }
}
