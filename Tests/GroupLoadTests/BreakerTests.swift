import GroupLoad
import RewardsClient
import Testing

/// The breaker, on a clock that the tests hold.
@Suite struct BreakerTests {
    private let start = MonotonicInstant.now

    private func at(_ seconds: Double) -> MonotonicInstant { start.advanced(by: .seconds(seconds)) }

    /// A breaker that has opened at second 0.
    private func opened(_ trouble: Breaker.Trouble) -> Breaker {
        var breaker = Breaker()
        breaker.succeeded(isCreate: true)
        for _ in 1...Breaker.failuresMax {
            #expect(breaker.admitsRequest(now: start) == .go)
            breaker.failed(trouble, "down", isCreate: true, now: start)
        }
        return breaker
    }

    @Test("failures in a row hold everybody back; one success among them doesn't let it come to that")
    func opens() {
        var breaker = opened(.failing)
        #expect(breaker.admitsRequest(now: at(0.9)) == .wait(until: at(1)))
        var lucky = Breaker()
        for count in 1...100 {
            lucky.failed(.failing, "down", isCreate: true, now: start)
            if count % (Breaker.failuresMax - 1) == 0 { lucky.succeeded(isCreate: true) }
            lucky.succeeded(isCreate: false)
            #expect(lucky.admitsRequest(now: start) == .go)
        }
    }

    @Test("after its pause one probe may go, and what comes of it decides for all") func probes() {
        var breaker = opened(.unreachable)
        // What was under way when it opened changes nothing.
        breaker.failed(.unreachable, "down", isCreate: true, now: at(0.5))
        #expect(breaker.admitsRequest(now: at(1)) == .go)
        #expect(breaker.admitsRequest(now: at(1)) == .wait(until: at(1).advanced(by: Breaker.probeMax)))
        breaker.failed(.unreachable, "down", isCreate: true, now: at(1.25))
        #expect(breaker.admitsRequest(now: at(3.125)) == .wait(until: at(3.25)))
        #expect(breaker.admitsRequest(now: at(3.25)) == .go)
        breaker.succeeded(isCreate: true)
        #expect(breaker.admitsRequest(now: at(3.3)) == .go)
        #expect(breaker.admitsRequest(now: at(3.3)) == .go)
    }

    @Test("a probe whose response is 429 is sent again, and nobody waits for it any longer") func throttledProbe() {
        var breaker = opened(.failing)
        #expect(breaker.admitsRequest(now: at(1)) == .go)
        breaker.throttled(now: at(1.5))
        #expect(breaker.admitsRequest(now: at(1.5)) == .go)
        #expect(breaker.admitsRequest(now: at(1.5)) == .wait(until: at(1.5).advanced(by: Breaker.probeMax)))
        breaker.succeeded(isCreate: true)
        breaker.throttled(now: at(1.6))
        #expect(breaker.admitsRequest(now: at(1.6)) == .go)
    }

    @Test("a look-up that has a response lets the others try, but creates that go on failing are not forgiven")
    func onTrial() {
        var breaker = opened(.failing)
        for pause in [1.0, 3, 7, 15, 31] {
            #expect(breaker.admitsRequest(now: at(pause)) == .go)
            breaker.succeeded(isCreate: false)
            #expect(breaker.admitsRequest(now: at(pause)) == .go)
            breaker.failed(.failing, "down", isCreate: true, now: at(pause))
        }
        #expect(breaker.admitsRequest(now: at(31)) == .giveUp(.failing, "down"))
    }

    @Test(
        """
        where only look-ups are left to do, some that fail now and then open nothing, and ten that \
        have a response close it
        """
    )
    func lookUpsOnly() {
        var breaker = Breaker()
        for count in 1...1000 {
            if count % 7 == 0 { breaker.failed(.failing, "down", isCreate: false, now: start) }
            breaker.succeeded(isCreate: false)
            #expect(breaker.admitsRequest(now: start) == .go)
        }
        for _ in 1...Breaker.failuresMax { breaker.failed(.failing, "down", isCreate: false, now: start) }
        #expect(breaker.admitsRequest(now: start) == .wait(until: at(1)))
        #expect(breaker.admitsRequest(now: at(1)) == .go)
        for _ in 1...Breaker.failuresMax { breaker.succeeded(isCreate: false) }
        breaker.failed(.failing, "down", isCreate: false, now: at(1))
        #expect(breaker.admitsRequest(now: at(1)) == .go, "it is closed, not on trial")
    }

    @Test(
        "a target that stays in trouble is given up, and that is final",
        arguments: [
            (Breaker.Trouble.unreachable, [1.0, 2, 4, 8, 16]), (.failing, [1, 2, 4, 8, 16]), (.unauthorized, [1, 2]),
            (.foreign, [1, 2]), (.unfit, [1, 2]),
        ])
    func givesUp(trouble: Breaker.Trouble, pauses: [Double]) {
        var breaker = opened(trouble)
        var now = 0.0
        for pause in pauses {
            now += pause
            #expect(breaker.admitsRequest(now: at(now)) == .go)
            breaker.failed(trouble, "still", isCreate: true, now: at(now))
        }
        #expect(breaker.admitsRequest(now: at(now)) == .giveUp(trouble, "still"))
        breaker.succeeded(isCreate: true)
        #expect(breaker.admitsRequest(now: at(now + 1000)) == .giveUp(trouble, "still"))
    }

    @Test("a target that was never reached is waited for from the first failure on") func untried() {
        var breaker = Breaker()
        breaker.failed(.unreachable, "down", isCreate: false, now: start)
        #expect(breaker.admitsRequest(now: start) == .wait(until: at(1)))
        #expect(breaker.isOpen)
        var unfit = Breaker()
        unfit.failed(.unfit, "expired", isCreate: false, now: start)
        #expect(unfit.admitsRequest(now: start) == .giveUp(.unfit, "expired"), "waiting doesn't mend it")
        #expect(unfit.isGivenUp && !breaker.isGivenUp)
        var lost = Breaker()
        lost.failed(.failing, "lost", isCreate: false, now: start)
        #expect(lost.admitsRequest(now: start) == .go)
        var reached = Breaker()
        reached.succeeded(isCreate: false)
        reached.failed(.unreachable, "down", isCreate: false, now: start)
        #expect(reached.admitsRequest(now: start) == .go)
    }

    @Test("what a reply says of the target: a refusal of the record says nothing against it")
    func effect() {
        let info = ReplyInfo(http: 400, latency: .zero, requests: 1)
        func refused(_ http: Int, isUnauthorized: Bool = false, form: Refusal.Form = .api) -> Reply<Int> {
            .refused(Refusal(http: http, message: "no", isUnauthorized: isUnauthorized, form: form, info: info))
        }
        func unsent(_ kind: TransportFailure.Kind) -> Reply<Int> {
            .unsent(TransportFailure(delivery: .nothingSent, kind: kind, message: "no"))
        }
        func lost(_ http: Int?) -> Reply<Int> { .lost(Loss(http: http, reason: "closed", info: info)) }
        func effect(_ reply: Reply<Int>, isCreate: Bool = true) -> Breaker.Effect { .init(reply, isCreate: isCreate) }
        #expect(effect(.succeeded(1, info)) == .success)
        #expect(effect(refused(400)) == .success)
        #expect(effect(refused(404, form: .page)) == .none)
        #expect(effect(refused(404, form: .page), isCreate: false) == .trouble(.foreign))
        #expect(effect(refused(503)) == .trouble(.failing))
        #expect(effect(refused(401, isUnauthorized: true)) == .trouble(.unauthorized))
        #expect(effect(refused(403, isUnauthorized: true, form: .page)) == .none)
        #expect(effect(refused(403, isUnauthorized: true), isCreate: false) == .trouble(.unauthorized))
        #expect(effect(unsent(.connect)) == .trouble(.unreachable))
        #expect(effect(unsent(.unfit)) == .trouble(.unfit))
        #expect(effect(unsent(.cancelled)) == .none)
        #expect(effect(lost(nil)) == .trouble(.failing))
        #expect(effect(lost(302)) == .none)
        #expect(effect(lost(200)) == .trouble(.foreign))
    }
}
