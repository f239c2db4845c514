import Synchronization

/// Why a run stops before its input is used up.
package enum StopReason: Sendable, Equatable {
    /// A signal asked for it; the payload is what the process exits with.
    case signal(ExitStatus)
    /// The time is over that the process was given; others go on.
    case timeIsOver
    /// Too many records failed, see ``ErrorLimit``.
    case tooManyErrors(String)
    /// The target can't be used any more (unreachable, or it refuses the credentials), or the ledger can't be.
    case unusable(String)
    /// The target can't be used as it is named, and neither waiting nor resuming changes that.
    case unfit(String)
    /// The target fails whatever it is asked, see ``Breaker``.
    case failing(String)

    /// What happened, as the code of an error.
    package var code: RunError.Code {
        switch self {
        case .signal(.terminated): .terminated
        case .signal: .interrupted
        case .timeIsOver: .timeIsOver
        case .tooManyErrors: .tooManyErrors
        case .failing: .targetFailing
        case .unusable: .targetUnusable
        case .unfit: .targetUnfit
        }
    }

    /// Whether it says nothing of the run, so that it means nothing to one that has nothing left to do.
    var isFromOutside: Bool {
        switch self {
        case .signal, .timeIsOver: true
        case .tooManyErrors, .unusable, .unfit, .failing: false
        }
    }

    /// What the run exits with.
    package var status: ExitStatus { code.status }

    /// The error of work that gives nothing where it is stopped.
    package var error: RunError { RunError(code, message ?? "stopped by a signal") }

    /// What to say of it; nil where the user knows.
    package var message: String? {
        switch self {
        case .signal: nil
        case .timeIsOver: "the time that --for gives is over"
        case .tooManyErrors(let message), .unusable(let message), .unfit(let message), .failing(let message): message
        }
    }

    /// Whether the target may still be asked what became of what was sent.
    var leavesTimeToLookUp: Bool {
        switch self {
        case .signal, .timeIsOver, .tooManyErrors: true
        case .unusable, .unfit, .failing: false
        }
    }
}

/// Set once, read everywhere: the first reason to stop stands.
package final class StopSwitch: Sendable {
    private let state = Mutex<StopReason?>(nil)
    /// Open once the run was asked to stop; what waits is woken by it.
    package let asked = Latch()

    /// Makes a switch that has no reason yet.
    package init() {}

    /// The reason, or nil while the run should go on.
    package var reason: StopReason? { state.withLock { $0 } }

    /// Ends work that gives nothing where it is stopped.
    ///
    /// - Throws: the reason's ``StopReason/error`` where there is one.
    func requireNoReason() throws(RunError) { if let reason { throw reason.error } }

    /// Asks the run to stop. Later calls change nothing.
    package func stop(_ reason: StopReason) {
        state.withLock { if $0 == nil { $0 = reason } }
        asked.open()
    }
}
