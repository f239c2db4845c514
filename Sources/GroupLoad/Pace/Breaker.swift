package import RewardsClient

/// Notices when the target as a whole is in trouble, holds everybody back while it is, and gives up at last. A circuit
/// breaker, pure: its input is how requests ended and the time, its output who may send.
///
/// States, who may send, and what ends them:
/// - untried: everybody; a failure to connect opens it, or gives up where that doesn't pass; any response closes it.
/// - closed: everybody; ``failuresMax`` creates, or look-ups, that failed in a row open it.
/// - open: nobody; it is half open when its pause is over.
/// - half open: one request, as a probe; a create closes it, a look-up puts it on trial, and a failure opens it for
///   twice as long, or gives up.
/// - on trial: everybody; a create, or ``failuresMax`` look-ups, close it, and a failure is one of half open.
///
/// Only a create with a response resets all counts: a server may list groups and fail all creates. Where there is
/// nothing but look-ups to do, they let it work on, but the number of times that it may open goes on counting.
///
/// Pauses are 1, 2, 4, 8 and 16 seconds, so that a target that was down for half a minute is waited for. Refused
/// credentials, responses that are not the API's, and certificates that aren't trusted get two probes: a token may be
/// renewed, but a password doesn't get right by waiting.
package struct Breaker: Sendable {
    /// What is wrong with the target; never with a record.
    package enum Trouble: Sendable, Equatable {
        /// No connection can be made.
        case unreachable
        /// No connection can be made, for a cause that doesn't pass by waiting.
        case unfit
        /// It refuses the credentials, a renewed token's too.
        case unauthorized
        /// It responds with 5xx, or not at all.
        case failing
        /// It responds with something else than the API does: a web page with 200.
        case foreign
    }

    /// Whether a request may be sent.
    package enum Admission: Sendable, Equatable {
        case go
        /// Ask again at that time, or when a response has come.
        case wait(until: MonotonicInstant)
        /// It's no use; the message is for a person.
        case giveUp(Trouble, String)
    }

    private enum State {
        /// There was no response yet: the first failure opens it.
        case untried
        case closed
        case open(until: MonotonicInstant)
        /// The probe that is under way is given up for lost at `deadline`.
        case halfOpen(deadline: MonotonicInstant)
        /// How many look-ups had a response since.
        case onTrial(Int)
        case givenUp
    }

    /// Failures in a row that open it.
    package static let failuresMax = 10
    /// How long a probe is waited for at most; longer than any request takes.
    package static let probeMax = Duration.seconds(1800)

    private var state = State.untried
    /// Failures in a row, of creates and of look-ups.
    private var failures = (creates: 0, lookUps: 0)
    private var failedProbes = 0
    private var last = (trouble: Trouble.failing, message: "")

    /// Makes a breaker that is closed and has seen no request.
    package init() {}

    /// Whether it has opened, and nothing has closed it since.
    package var isOpen: Bool {
        switch state {
        case .untried, .closed: false
        case .open, .halfOpen, .onTrial, .givenUp: true
        }
    }

    /// Whether it has given the target up.
    package var isGivenUp: Bool { if case .givenUp = state { true } else { false } }

    /// Whether a request may be sent at `now`. Where it is the probe, nobody else may until ``succeeded(isCreate:)``,
    /// ``throttled(now:)`` or ``failed(_:_:isCreate:now:)``.
    package mutating func admitsRequest(now: MonotonicInstant) -> Admission {
        switch state {
        case .untried, .closed, .onTrial: return .go
        case .givenUp: return .giveUp(last.trouble, last.message)
        case .open(let until), .halfOpen(let until):
            if now < until { return .wait(until: until) }
            state = .halfOpen(deadline: now.advanced(by: Self.probeMax))
            return .go
        }
    }

    /// Whether the next request would be a probe.
    package func isProbeDue(now: MonotonicInstant) -> Bool {
        switch state {
        case .open(let until), .halfOpen(let until): now >= until
        case .untried, .closed, .onTrial, .givenUp: false
        }
    }

    /// Whether it is open, and only requests are waited for: no time has to pass, and no probe is under way.
    package func isIdle(now: MonotonicInstant) -> Bool {
        if case .onTrial = state { true } else { isProbeDue(now: now) }
    }

    /// Learns that another process probes the same target, which is waited for as long as for a probe of its own. It
    /// isn't given up for that; but where the other's probes had no success, one of its own is enough to.
    package mutating func probedElsewhere(now: MonotonicInstant) {
        guard isProbeDue(now: now) else { return }
        failedProbes = min(failedProbes + 1, probesMax)
        state = .open(until: now.advanced(by: .seconds(1 << failedProbes)))
    }

    /// Failed probes that are forgiven.
    private var probesMax: Int { [.unauthorized, .foreign, .unfit].contains(last.trouble) ? 1 : 4 }

    /// Learns that a request had a response of the API's, even a refusal.
    package mutating func succeeded(isCreate: Bool) {
        switch state {
        case .givenUp: break
        case _ where isCreate: (state, failures, failedProbes) = (.closed, (0, 0), 0)
        case .halfOpen: state = .onTrial(1)
        case .onTrial(Self.failuresMax - 1): (state, failures) = (.closed, (0, 0))
        case .onTrial(let count): state = .onTrial(count + 1)
        case .untried: state = .closed
        case .closed: failures.lookUps = 0
        case .open: break
        }
    }

    /// Learns of a response that says nothing of how the target does, as 429. A probe is then to be
    /// sent again as soon as the pause that the 429 asked for is over.
    package mutating func throttled(now: MonotonicInstant) {
        if case .halfOpen = state { state = .open(until: now) }
    }

    /// Says that a request failed for no fault of the record's.
    package mutating func failed(
        _ trouble: Trouble, _ message: String, isCreate: Bool, now: MonotonicInstant
    ) {
        switch state {
        case .untried where trouble == .unfit:
            last = (trouble, message)
            state = .givenUp
        case .untried where trouble == .unreachable:
            last = (trouble, message)
            state = .open(until: now.advanced(by: .seconds(1)))
        case .untried, .closed:
            if isCreate { failures.creates += 1 } else { failures.lookUps += 1 }
            last = (trouble, message)
            if max(failures.creates, failures.lookUps) >= Self.failuresMax {
                state = .open(until: now.advanced(by: .seconds(1)))
            }
        case .halfOpen, .onTrial:
            failedProbes += 1
            last = (trouble, message)
            if failedProbes > probesMax {
                state = .givenUp
            } else {
                state = .open(until: now.advanced(by: .seconds(1 << failedProbes)))
            }
        case .open, .givenUp:
            // One that was under way when it opened.
            break
        }
    }
}

extension Breaker {
    /// What a reply says of the target.
    package enum Effect: Sendable, Equatable {
        case trouble(Trouble)
        /// The target did its part, if only by refusing what it was asked for.
        case success
        /// Nothing: it was cancelled, or refused in a way that may be for the request's own sake (``Brake`` looks at
        /// those).
        case none

        /// Judges a reply.
        ///
        /// - Parameter isCreate: whether the request was a create; else it was a look-up or a page of the list.
        package init<Value>(_ reply: Reply<Value>, isCreate: Bool) {
            switch reply {
            case .succeeded: self = .success
            case .unsent(let failure):
                self =
                    switch failure.kind {
                    case .cancelled: .none
                    case .unfit: .trouble(.unfit)
                    default: .trouble(.unreachable)
                    }
            // It named a group: it did something, and a look-up will tell what.
            case .lost(let loss) where isCreate && loss.group != nil: self = .success
            case .lost(let loss):
                let isRedirect = loss.http.map { (300...499).contains($0) } ?? false
                let isSuccess = loss.http.map { (200...299).contains($0) } ?? false
                self = isRedirect && isCreate ? .none : .trouble(isSuccess ? .foreign : .failing)
            case .refused(let refusal):
                if refusal.isUnauthorized, !(isCreate && refusal.http == 403) {
                    self = .trouble(.unauthorized)
                } else if refusal.http >= 500 {
                    self = .trouble(.failing)
                } else if refusal.form == .api {
                    self = .success
                } else {
                    // A list is never refused with a page for its own sake.
                    self = isCreate ? .none : .trouble(.foreign)
                }
            }
        }
    }
}
