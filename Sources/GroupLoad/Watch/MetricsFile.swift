import Foundation
import RecordFormats

/// A file of a run's figures for the textfile collector of Prometheus's node exporter, one a job.
package struct MetricsFile: Sendable {
    /// What the file's name ends with: the collector reads no other.
    package static let suffix = ".prom"

    /// The file's path.
    package let path: String
    /// The job's name: that of the file, without its suffix.
    package let load: String
    /// How the run before ended, and when one last ended well, as the file had it.
    private let end: RunFigures.End?
    private let lastSuccess: Double?

    /// More than any such file has; another isn't read.
    private static let bytesMax = 1 << 20

    /// A file that need not be there yet; what it says of the last run's end is kept.
    package init(_ path: String) {
        self.path = path
        let name = path.split(separator: "/").last.map(String.init) ?? path
        load = Shown.text(name.hasSuffix(Self.suffix) ? String(name.dropLast(Self.suffix.count)) : name)
        let values = Self.values(path)
        let known = ["exit", "finished_timestamp_seconds", "duration_seconds"].map { [load] in
            values[MetricsText.key($0, load: load)]
        }
        if let exit = known[0].flatMap({ Int32(exactly: $0) }), let finished = known[1], let seconds = known[2] {
            end = RunFigures.End(exit: exit, finished: finished, seconds: seconds)
        } else {
            end = nil
        }
        lastSuccess = values[MetricsText.key("last_success_timestamp_seconds", load: load)]
    }

    /// Puts the figures in the file's place, whole, for everybody to read.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``.
    package func write(_ figures: RunFigures) throws {
        var figures = figures
        figures.end = figures.end ?? end
        figures.lastSuccess = figures.lastSuccess ?? lastSuccess
        if let status = FileStatus(path), !status.isFile {
            throw RunError(.cannotWrite, "can't write \(path): it is no file", naming: .path(path))
        }
        let file = try AtomicFile(path, mode: Self.mode, ignoringMask: true)
        try file.append { [text = MetricsText.text(figures, load: load)] in $0.bytes.append(contentsOf: text.utf8) }
        _ = try file.finish()
    }

    /// What differs between the file and what a run's summary says, a line each.
    package func differences(from summary: Summary) -> [String] {
        let found = Self.values(path)
        guard !found.isEmpty else { return ["\(path) can't be read, or holds no metrics"] }
        var figures = RunFigures(RunProgress().snapshot, startedAt: 0, now: 0)
        figures.end(summary)
        figures.responses = [:]
        let expected = MetricsText.values(in: MetricsText.text(figures, load: load))
        // What the summary doesn't say: times of the process, and what it counted for itself.
        let others = ["started_timestamp_seconds", "updated_timestamp_seconds", "throttled_seconds"]
        var keys = Set(expected.keys).subtracting(others.map { MetricsText.key($0, load: load) })
        let rate = MetricsText.key("rate_learned_per_minute", load: load)
        if found[rate] != nil { keys.insert(rate) }
        // A summary has whole seconds.
        let times = Set(["finished", "last_success"].map { MetricsText.key("\($0)_timestamp_seconds", load: load) })
        return keys.sorted().compactMap { key in
            if times.contains(key), found[key]?.rounded(.down) == expected[key] { return nil }
            let (said, own) = (found[key].map { "\($0)" } ?? "nothing", expected[key].map { "\($0)" } ?? "nothing")
            return said == own ? nil : "\(path): \(key) is \(said), and by the report \(own)"
        }
    }

    /// The collector runs as another user.
    private static let mode: mode_t = 0o644

    private static func values(_ path: String) -> [String: Double] {
        guard let data = SystemCall.contents(path, bytesMax: bytesMax) else { return [:] }
        return MetricsText.values(in: String(decoding: data, as: UTF8.self))
    }
}
