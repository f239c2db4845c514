import GroupLoad
import Testing

/// How far a run is, and how fast, without a file.
@Suite struct LiveStatusTests {
    private static func counted(_ ended: Int, of read: Int, phase: RunPhase = .sending) -> RunProgress.Snapshot {
        let progress = RunProgress()
        progress.update {
            ($0.phase, $0.read, $0.draftsTotal) = (phase, read, read)
            $0.outcomes[.created] = ended
        }
        return progress.snapshot
    }

    @Test("the pace is that of the last ten seconds, and the time left goes by the whole") func pace() {
        var pace = RunPace()
        #expect(pace.perSecond == nil && pace.seconds(for: 1) == nil)
        for second in 0...20 {
            // 10 a second for ten seconds, then a wait.
            pace.add(Self.counted(min(second, 10) * 10, of: 200), now: Int64(second) * 1000)
        }
        #expect(pace.perSecond == 0)
        #expect(pace.seconds(for: 100) == 20)
        // A clock that was set back.
        pace.add(Self.counted(100, of: 200), now: -5000)
        #expect(pace.perSecond == nil)
    }

    @Test("what is waited for", arguments: [(RunPhase.asking, "answer"), (.sending, "tried again")])
    func waiting(phase: RunPhase, text: String) {
        var counted = Self.counted(3, of: 10, phase: phase)
        counted.trouble = "refused"
        let status = LiveStatus(counted, RunPace(), now: 0)
        #expect(status.waiting_for?.contains(text) == true)
        #expect(status.left == 7 && status.outcomes == ["created": 3])
        counted.pauses.pause(from: 0, until: 90_000, "slow \u{1B}down")
        counted.phase = .sending
        let lines = LiveStatus(counted, RunPace(), now: 0).lines(now: 0)
        #expect(lines.first == "10 records read: 3 done, 0 failed, 7 left")
        #expect(lines.last?.hasSuffix("for the target, which asks for it (slow \\u{1B}down)") == true)
        #expect(LiveStatus(counted, RunPace(), now: 90_000).waiting_until == nil)
    }
}
