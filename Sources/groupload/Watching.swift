import Foundation
import GroupLoad
import RewardsClient
import Synchronization

/// What this process tells of its run to those who watch it from outside. One a process, as the exit status is.
///
/// Nothing of it stops a run or changes an exit status: what can't be told is said once on standard error.
enum Watching {
    private struct State {
        var metrics: MetricsFile?
        var ping: PingAddress?
        var manager: ServiceManager?
        var telemetry: RunTelemetry?
        /// Whether the process's figures are those of a run.
        var hasFigures = false
        var progress = RunProgress()
        var summary: Summary?
        /// What has been said on standard error.
        var said: Set<String> = []
    }

    /// How often the figures are written while a run goes on.
    private static let metricsInterval = Duration.seconds(15)
    /// How long the end of a process that is to leave at once may be told.
    private static let leaveMax = Duration.seconds(2)
    /// How often the status is written.
    private static let statusInterval = Duration.seconds(1)

    private static let state = Mutex(State())
    private static let startedAt = milliseconds

    private static var milliseconds: Int64 { SystemClock.epochMilliseconds }

    /// The id of the run; nil before it has one.
    static var run: String? { state.withLock { $0.progress }.snapshot.run }

    /// The trace that the process's requests belong to; nil for none. Whoever asks sends requests: from then on the
    /// process is told of to OpenTelemetry.
    static var trace: RequestTrace? { telemetry.trace }
    /// The id of that trace, where it was asked for.
    static var traceID: String? { state.withLock { $0.telemetry }?.trace?.id }

    private static let telemetry: RunTelemetry = {
        let telemetry = RunTelemetry(
            SystemCall.environment, command: command, version: Version.text, startedAt: startedAt,
            note: { say($0, onceFor: $0) })
        state.withLock { $0.telemetry = telemetry }
        return telemetry
    }()

    /// The subcommand that was given.
    private static var command: String {
        Arguments.given.first { word in KnownCommand.all.contains { $0.name == word } } ?? ""
    }

    /// Begins to tell the service manager that started the process, where one did, and that it is ready.
    static func begin() {
        _ = startedAt
        let manager = ServiceManager(SystemCall.environment)
        state.withLock { $0.manager = manager }
        manager?.tellReady()
    }

    /// Begins to tell the service manager, and whom the options name.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/usage`` for an address that isn't one.
    static func begin(_ options: WatchOptions) throws(RunError) {
        begin()
        _ = telemetry
        state.withLock { $0.hasFigures = true }
        if let path = options.metricsFile {
            state.withLock { $0.metrics = MetricsFile(path) }
        }
        guard let text = options.ping else { return }
        let address = try PingAddress(text)
        state.withLock { $0.ping = address }
    }

    /// Runs `body`, which counts in `progress`, and tells meanwhile how far it is.
    static func whileRunning<Value: Sendable>(
        _ progress: RunProgress, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        state.withLock { $0.progress = progress }
        progress.watch(by: telemetry.watcher)
        let value = try await {
            async let _ = tell()
            async let _ = tellAlive()
            // The end is told after the start.
            async let started: Void = ping("start")
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            await started
            return try result.get()
        }()
        if let directory = progress.snapshot.runDirectory { LiveStatus.remove(from: directory) }
        return value
    }

    /// Runs `body`, which serves, and tells meanwhile that the process is alive.
    static func whileServing(_ body: () async throws -> Void) async throws {
        async let _ = tellAlive()
        try await body()
    }

    /// Tells a service manager that watches the process that it is alive. For what blocks, a few times a second.
    static func beat() {
        let manager = state.withLock { $0.manager }
        if manager?.watchdog != nil { manager?.tellAlive() }
    }

    /// Tells that the process serves now.
    static func serving(at url: String) {
        begin()
        state.withLock { $0.manager }?.tell(status: "serving \(url)")
    }

    /// Tells that the process was asked to end.
    static func stopping() { state.withLock { $0.manager }?.tellStopping() }

    /// Keeps what the run says at its end.
    static func keep(_ summary: Summary) { state.withLock { $0.summary = summary } }

    /// Tells that the process ends with this status.
    static func end(_ status: Int32) async {
        tellEnd(status)
        let hasToWait = state.withLock { $0.ping != nil || $0.telemetry != nil }
        guard hasToWait else { return }
        await SignalWatch.leaving(status) {
            async let pinged: Void = ping("\(status)")
            await export(status)
            await pinged
        }
    }

    private static func export(_ status: Int32) async {
        let (telemetry, hasFigures, progress, summary) = state.withLock {
            ($0.telemetry, $0.hasFigures, $0.progress.snapshot, $0.summary)
        }
        guard let telemetry else { return }
        let figures = hasFigures ? figures(at: status) : nil
        for failure in await telemetry.end(status, run: progress.run, summary, figures) {
            say(failure, onceFor: failure)
        }
    }

    /// The figures of the run, which ends with this status.
    private static func figures(at status: Int32) -> RunFigures {
        let (progress, summary) = state.withLock { ($0.progress.snapshot, $0.summary) }
        var figures = RunFigures(progress, startedAt: startedAt, now: milliseconds)
        if let summary, summary.exit == status { figures.end(summary) } else { figures.end(status) }
        return figures
    }

    /// Tells that the process ends with this status: a ping within ``leaveMax``, and nobody else who has to be waited
    /// for.
    static func endAtOnce(_ status: Int32) async {
        tellEnd(status)
        await ping("\(status)", within: leaveMax)
    }

    private static func tellEnd(_ status: Int32) {
        let manager = state.withLock { $0.manager }
        manager?.tellStopping()
        manager?.tell(status: "ended with exit status \(status)")
        // Where another process works on the target or the run, the file is that one's.
        if status != ExitStatus.busy.rawValue || run != nil { write(figures(at: status)) }
    }

    private static func tell() async {
        var (pace, told) = (RunPace(), ContinuousClock.Instant?.none)
        while true {
            do { try await Task.sleep(for: statusInterval) } catch { return }
            let (progress, manager) = state.withLock { ($0.progress, $0.manager) }
            let (counted, now) = (progress.snapshot, milliseconds)
            pace.add(counted, now: now)
            let status = LiveStatus(counted, pace, now: now)
            manager?.tell(status: "\(status.phase): \(status.lines(now: now).joined(separator: "; "))")
            if let directory = counted.runDirectory {
                // Whoever looks on then sees an older one; a disk that is full is noted by others.
                do { try status.write(in: directory) } catch {}
            }
            // Until it has its run, another process may be at work, whose figures the file has.
            if counted.run != nil, told.map({ $0.duration(to: .now) >= metricsInterval }) ?? true {
                writeMetrics()
                told = .now
            }
        }
    }

    /// Tells a service manager that watches the process that it is alive, twice as often as it must.
    private static func tellAlive() async {
        while true {
            beat()
            let manager = state.withLock { $0.manager }
            do {
                try await Task.sleep(for: min(statusInterval, manager?.watchdog.map { $0 / 2 } ?? statusInterval))
            } catch { return }
        }
    }

    private static func writeMetrics() {
        write(RunFigures(state.withLock { $0.progress.snapshot }, startedAt: startedAt, now: milliseconds))
    }

    private static func write(_ figures: RunFigures) {
        guard let metrics = state.withLock({ $0.metrics }) else { return }
        do { try metrics.write(figures) } catch { say("the metrics aren't written: \(error)", onceFor: "metrics") }
    }

    private static func ping(_ word: String, within timeMax: Duration = PingAddress.timeMax) async {
        guard let address = state.withLock({ $0.ping }) else { return }
        let failure = await address.send(word, userAgent: "groupload/\(Version.text)", within: timeMax)
        guard let failure else { return }
        say("the ping to \(address) failed: \(failure)", onceFor: "ping")
    }

    private static func say(_ message: String, onceFor subject: String) {
        if state.withLock({ $0.said.insert(subject).inserted }) { Console.error(message) }
    }
}
