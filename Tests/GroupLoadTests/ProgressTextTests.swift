import GroupLoad
import Testing

@Suite struct ProgressTextTests {
    private static func text(_ read: Int, done: Int, failed: Int = 0) -> ProgressText {
        let progress = RunProgress()
        progress.update { now in
            now.phase = .sending
            (now.read, now.draftsTotal) = (read, read)
            now.outcomes[.created] = done
            now.outcomes[.failed] = failed
        }
        return ProgressText(progress.snapshot, sending: (seconds: 10, endedBefore: 0))
    }

    @Test(
        "what matters most is kept",
        arguments: [
            (200, "12,050 read, 1,000 done, 20 failed, 102 a second, 1 min 49 s left"),
            (65, "12,050 read, 1,000 done, 20 failed, 102 a second, 1 min 49 s left"),
            (64, "12,050 read, 1,000 done, 20 failed, 1 min 49 s left"),
            (39, "1,000 done, 20 failed, 1 min 49 s left"), (30, "1,000 done, 20 failed"), (12, "1,000 done"),
            (4, "1,00"), (0, ""), (-1, ""),
        ])
    func fits(columns: Int, line: String) {
        #expect(Self.text(12_050, done: 1_000, failed: 20).fitted(columns) == line)
    }

    @Test("what other processes have settled of the run counts, too") func elsewhere() {
        let progress = RunProgress()
        progress.update { now in
            (now.phase, now.read, now.draftsTotal) = (.sending, 100, 100)
            now.outcomes[.created] = 20
        }
        var known = OutcomeCounts()
        (known[.created], known[.failed]) = (50, 3)
        progress.learn(known)
        let text = ProgressText(progress.snapshot, sending: (seconds: 10, endedBefore: 0))
        #expect(text.fitted(80) == "100 read, 50 done, 3 failed, 5 a second, 9 s left")
        // What the ledger doesn't have yet of this process's own isn't taken off.
        progress.update { $0.outcomes[.created] = 60 }
        progress.learn(known)
        #expect(progress.snapshot.allOutcomes[.created] == 60 && progress.snapshot.allOutcomes.sum == 63)
    }

    @Test("no figure makes it longer than the screen", arguments: 0...120)
    func neverLonger(columns: Int) {
        for count in [0, 1, 999_999_999] {
            #expect(Self.text(count, done: count / 2, failed: count / 3).fitted(columns).count <= columns)
        }
    }

    @Test(
        "counts have their word in the right number, and commas",
        arguments: [
            (0, "0 records"), (1, "1 record"), (2, "2 records"), (999, "999 records"), (1_000, "1,000 records"),
            (12_050, "12,050 records"), (1_234_567, "1,234,567 records"), (-1_000, "-1,000 records"),
        ])
    func counts(number: Int, text: String) {
        #expect(Shown.count(number, "record") == text)
    }

    @Test func irregularPlural() {
        #expect(Shown.count(1, "retry", "retries") == "1 retry")
        #expect(Shown.count(0, "retry", "retries") == "0 retries")
    }
}
