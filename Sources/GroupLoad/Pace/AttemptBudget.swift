package import RewardsClient

/// How often one request may fail before it is given up, and how long to wait before it is sent again. Pure.
///
/// | failure | what it costs |
/// |---|---|
/// | ``Failure/waiting`` | nothing: how long that may go on is up to ``RequestGate`` |
/// | ``Failure/setback`` | one of ``setbacksMax`` |
/// | ``Failure/attempt(after:)`` | one of ``attemptsMax`` |
package struct AttemptBudget: Sendable, Equatable {
    /// What an attempt failed for.
    package enum Failure: Sendable, Equatable {
        /// The target asks everybody to wait (429), or can't be reached by anybody.
        case waiting
        /// The key's or the target's state, as credentials that were refused: no fault of this request.
        case setback
        /// Anything else; the server asks to wait for `after` at least.
        case attempt(after: Duration?)
    }

    /// What to do next.
    package enum Step: Sendable, Equatable {
        /// Send it again, after the back-off for so many retries (0: at once) and for at least `after`.
        case retry(Int, after: Duration?)
        case giveUp
    }

    /// Attempts in all: the last of them is followed by no other.
    package let attemptsMax: Int
    /// Set-backs that are forgiven.
    package let setbacksMax: Int
    /// Attempts that failed so far.
    package private(set) var attempts = 0
    /// Set-backs so far.
    package private(set) var setbacks = 0

    /// - Parameters:
    ///   - attemptsMax: at least 1.
    ///   - setbacksMax: at least 0.
    package init(attemptsMax: Int, setbacksMax: Int = 0) {
        precondition(attemptsMax >= 1 && setbacksMax >= 0, "a budget without an attempt")
        self.attemptsMax = attemptsMax
        self.setbacksMax = setbacksMax
    }

    /// Counts a failure.
    package mutating func failed(_ failure: Failure) -> Step {
        switch failure {
        case .waiting: return .retry(attempts + setbacks, after: nil)
        case .setback:
            guard setbacks < setbacksMax else { return .giveUp }
            setbacks += 1
            return .retry(attempts + setbacks, after: nil)
        case .attempt(let after):
            attempts = min(attempts + 1, attemptsMax)
            return attempts < attemptsMax ? .retry(attempts + setbacks, after: after) : .giveUp
        }
    }

    /// Whether one more attempt may fail without the request being given up for it.
    package var hasAttemptsLeft: Bool { attempts < attemptsMax }

    /// Sets the attempts to 0, as the request had a response; set-backs stay.
    package mutating func succeeded() { attempts = 0 }
}

extension Reply {
    /// Whether no connection could be made, so that nothing was sent.
    package var isUnreachable: Bool {
        if case .unsent(let failure) = self { failure.kind != .cancelled } else { false }
    }

    /// Whether the credentials were refused.
    package var isUnauthorized: Bool {
        if case .refused(let refusal) = self { refusal.isUnauthorized } else { false }
    }
}
