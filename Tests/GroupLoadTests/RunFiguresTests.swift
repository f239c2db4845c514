import GroupLoad
import Testing

/// What a monitoring system is told of a run, without a file.
@Suite struct RunFiguresTests {
    @Test(
        "pauses count as long as they lasted, and what two have in common once",
        arguments: [
            ([(0, 100)], 40, 40), ([(0, 100)], 200, 100), ([(0, 100), (50, 120)], 200, 120),
            ([(0, 100), (20, 60)], 200, 100), ([(0, 10), (90, 100)], 95, 15), ([], 50, 0),
        ] as [([(Int64, Int64)], Int64, Int64)])
    func pauses(given: [(Int64, Int64)], now: Int64, paused: Int64) {
        var pauses = RequestPauses()
        for (start, end) in given { pauses.pause(from: start, until: end, "wait") }
        #expect(pauses.milliseconds(at: now) == paused)
        #expect(pauses.until == given.map(\.1).max())
    }

    @Test("a job's name can hold any character, and values are read as they were written") func text() {
        let progress = RunProgress()
        progress.update {
            $0.read = 5
            $0.outcomes[.created] = 3
            for status in [200, 429, 200, 0] { $0.responses.add(status) }
            $0.pauses.pause(from: 1_000, until: 2_500, "wait")
        }
        let text = MetricsText.text(
            RunFigures(progress.snapshot, startedAt: 500, now: 2_000), load: "a \"b\"\\\nc")
        let label = #"load="a \"b\"\\\nc""#
        let values = MetricsText.values(in: text)
        #expect(values["groupload_run_records{\(label),outcome=\"created\"}"] == 3)
        #expect(values["groupload_run_records_left{\(label)}"] == 2)
        #expect(values["groupload_run_responses{\(label),status=\"200\"}"] == 2)
        #expect(values["groupload_run_responses{\(label),status=\"none\"}"] == 1)
        #expect(values["groupload_run_throttled_seconds{\(label)}"] == 1)
        #expect(values["groupload_run_started_timestamp_seconds{\(label)}"] == 0.5)
        #expect(values["groupload_run_exit{\(label)}"] == nil)
    }

    @Test(
        "what is waited for is one series of three, and none once the run has ended",
        arguments: [
            (RunPhase.asking, 0, nil, "answer"), (.sending, 90_000, "refused", "pause"),
            (.sending, 10, "refused", "trouble"), (.sending, 10, nil, nil),
        ] as [(RunPhase, Int64, String?, String?)])
    func waiting(phase: RunPhase, pausedUntil: Int64, trouble: String?, reason: String?) {
        let progress = RunProgress()
        progress.update {
            ($0.phase, $0.trouble) = (phase, trouble)
            $0.pauses.pause(from: 0, until: pausedUntil, "wait")
        }
        var figures = RunFigures(progress.snapshot, startedAt: 0, now: 1_000)
        func waits() -> [String: Double] {
            MetricsText.values(in: MetricsText.text(figures, load: "a")).filter { $0.key.contains("_waiting{") }
        }
        #expect(waits().count == 3)
        #expect(
            waits().filter { $0.value == 1 }.map(\.key)
                == (reason.map { ["groupload_run_waiting{load=\"a\",reason=\"\($0)\"}"] } ?? []))
        figures.end(2)
        #expect(waits().values.allSatisfy { $0 == 0 } && waits().count == 3)
    }

    @Test("the gate tells pauses, and trouble until the target is well") func gate() async {
        let (time, progress) = (VirtualTime(), RunProgress())
        let gate = RequestGate(
            rate: nil, environment: time.environment(), stop: StopSwitch(), progress: progress)
        let now = time.environment().epochMilliseconds
        gate.throttled(retryAfter: .seconds(30), "slow down")
        #expect(progress.snapshot.pauses.until == now + 30_000)
        #expect(progress.snapshot.pauses.reason == "slow down")
        #expect(progress.snapshot.trouble == nil)
    }
}
