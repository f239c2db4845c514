import GroupLoad
import RewardsClient
import Testing

/// The brake: whose fault refusals are.
@Suite struct BrakeTests {
    private static func held(_ recordNumber: Int64, http: Int = 403, form: Refusal.Form = .page) -> Brake.Held {
        var outcome = DraftOutcome(recordNumber: recordNumber, outcome: .failed, endedAt: 0)
        outcome.endedAt = 999 + recordNumber
        return Brake.Held(
            draft: Draft(recordNumber: recordNumber, name: "G\(recordNumber)", rank: nil), outcome: outcome,
            kind: Brake.Kind(http: http, form: form))
    }

    /// A brake that has seen so many refusals in a row; gives the last step.
    private static func refused(_ brake: inout Brake, _ records: ClosedRange<Int64>, form: Refusal.Form) -> Brake.Step {
        records.map { brake.refused(held($0, form: form)).step }.last ?? .goOn
    }

    @Test("a refusal among successes is the record's own") func single() {
        var brake = Brake()
        let step = brake.refused(Self.held(1)).step
        #expect(step == .goOn)
        let records = brake.succeeded(sentAt: 1_001).map(\.draft.recordNumber)
        #expect(records == [1])
        #expect(brake.held.isEmpty)
    }

    @Test("a success that was sent before a refusal came says nothing of that") func crossed() {
        var brake = Brake()
        _ = brake.refused(Self.held(1))
        let early = brake.succeeded(sentAt: 1_000)
        #expect(early.isEmpty && brake.held.count == 1)
        #expect(Self.refused(&brake, 2...10, form: .page) == .probe, "they are in a row")
        let own = brake.succeeded(sentAt: 1_005).map(\.draft.recordNumber)
        #expect(own == [1, 2, 3, 4, 5] && brake.held.count == 5)
    }

    @Test("refusals for different reasons are the records' own") func different() {
        var brake = Brake()
        _ = brake.refused(Self.held(1, http: 403))
        let (released, step) = brake.refused(Self.held(2, http: 400, form: .api))
        #expect(released.map(\.draft.recordNumber) == [1] && step == .goOn)
    }

    @Test("ten alike in a row ask for a probe; in the API's own words they are the records' where the list is given")
    func api() {
        var brake = Brake()
        #expect(Self.refused(&brake, 1...9, form: .api) == .goOn)
        let stepTenth = brake.refused(Self.held(10, form: .api)).step
        #expect(stepTenth == .probe)
        #expect(brake.isProbing)
        let stepFurther = brake.refused(Self.held(11, form: .api)).step
        #expect(stepFurther == .goOn, "one that was under way")
        let count = brake.listed().count
        #expect(count == 11)
        // The next probe is due when there were twice as many.
        #expect(Self.refused(&brake, 12...21, form: .api) == .goOn)
        let stepLater = brake.refused(Self.held(22, form: .api)).step
        #expect(stepLater == .probe)
    }

    @Test(
        "pages and redirects for all creates stop the run though the list is given",
        arguments: [
            Refusal.Form.page, .redirect, .none,
        ])
    func gone(form: Refusal.Form) {
        var brake = Brake()
        #expect(Self.refused(&brake, 1...10, form: form) == .probe)
        let released = brake.listed()
        #expect(released.isEmpty)
        #expect(Self.refused(&brake, 11...19, form: form) == .goOn)
        let stepLast = brake.refused(Self.held(20, form: form)).step
        #expect(stepLast == .giveUp)
        let count = brake.release().count
        #expect(count == 20)
    }

    @Test("after the session was renewed they are sent again") func renewed() {
        var brake = Brake()
        #expect(Self.refused(&brake, 1...10, form: .redirect) == .probe)
        let count = brake.renewed().count
        #expect(count == 10)
        #expect(brake.held.isEmpty && !brake.isProbing)
    }

    @Test("what is held back at the end is probed once") func atTheEnd() {
        var brake = Brake()
        let isBegunEmpty = brake.beginLastProbe()
        #expect(!isBegunEmpty, "nothing is held back")
        _ = brake.refused(Self.held(1))
        let isBegun = brake.beginLastProbe()
        #expect(isBegun && brake.isProbing)
        _ = brake.listed()
        let isBegunAgain = brake.beginLastProbe()
        let count = brake.release().count
        #expect(!isBegunAgain && count == 1)
    }
}
