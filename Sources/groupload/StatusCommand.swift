import ArgumentParser
import GroupLoad
import RewardsClient

/// `groupload status RUN`: what a run is doing, from another terminal.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what a run is doing: how far it is, how fast, and what it waits for.",
        discussion: """
            Examples:
              groupload status --last --watch
              groupload status groupload-runs/monday --json

            A run in its own directory says once a second how far it is. Of a run that was killed, the command says \
            when it was last seen. With --ledger it says which processes work on the run. The run is not disturbed. \
            Exit status 0 while the run goes on and once it has finished, 1 if nobody works on it and records are left.
            """)

    @OptionGroup(title: HelpSection.run) var run: PlacedRunOptions
    @OptionGroup(title: HelpSection.output) var output: StatusOutput

    /// How often it is looked again.
    private static let interval = Duration.seconds(1)

    func run() async throws {
        let location = try run.location()
        let stop = StopSwitch()
        let state = try await SignalWatch.run(stop) { [output] in
            try await Self.show(location, output, until: stop)
        }
        if let reason = stop.reason { throw ExitCode(reason.status.rawValue) }
        if state == .interrupted { throw ExitCode(ExitStatus.finishedWithFailures.rawValue) }
    }

    /// Shows the status, with `--watch` again and again, until the run ends or it is asked to stop.
    ///
    /// - Returns: what was said last.
    private static func show(
        _ location: RunLocation, _ output: StatusOutput, until stop: StopSwitch
    ) async throws -> RunStatus.State {
        var (shown, last) = (0, [""])
        while true {
            let now = SystemClock.epochMilliseconds
            let status = try await RunStatus(location, now: now)
            if output.json {
                try JSONOutput.print(status)
            } else {
                let lines = status.lines(now: now)
                let over = output.watch && Screen.isOverwritable && shown > 0
                if over || lines != last {
                    let text = (over ? Screen.clearing(lines: shown) : "") + lines.map { $0 + "\n" }.joined()
                    guard try Console.data(text) else { return status.state }
                }
                (shown, last) = (lines.count, lines)
            }
            guard output.watch, status.state == .running, stop.reason == nil else { return status.state }
            await RunEnvironment.system.wait(for: interval, wokenBy: stop)
        }
    }
}

/// The flags that say how a status is shown.
struct StatusOutput: ParsableArguments {
    @Flag(help: "Show it again every second until the run has ended.")
    var watch = false

    @Flag(help: "Print the status as one JSON object on standard output; with --watch, one after the other.")
    var json = false
}
