package import RewardsClient

/// Tells records that are refused for their own sake from creates that the target refuses alike whatever they say: a
/// session or a route that is gone, a gateway in between. Pure.
///
/// A refusal is held back until a create succeeds: then it was the record's own. Where ``heldMax`` in a row are
/// refused in the same form, the target is asked for a page of its list. If it refuses that too, or goes on refusing
/// creates without a word of the API's own (a web page, a redirect), the run stops, and what is held back was nobody's
/// fault. Refusals in the API's own words are the records' as long as the list is given.
package struct Brake {
    /// A draft whose refusal is held back.
    package struct Held: Sendable {
        /// The draft, to be sent again if the refusal was not for its own sake.
        package var draft: Draft
        /// The outcome that it gets if the refusal was for its own sake.
        package var outcome: DraftOutcome
        /// In which form it was refused.
        package var kind: Kind

        /// Makes a refusal that is held back.
        package init(draft: Draft, outcome: DraftOutcome, kind: Kind) {
            self.draft = draft
            self.outcome = outcome
            self.kind = kind
        }
    }

    /// What refusals have in common that are alike.
    package struct Kind: Sendable, Equatable {
        /// The HTTP status of the refusal; nil where none was read.
        package var http: Int?
        /// Whether the refusal is in the API's own words, a web page, or something else.
        package var form: Refusal.Form

        /// Makes a kind; refusals of one kind have both in common.
        package init(http: Int?, form: Refusal.Form) {
            self.http = http
            self.form = form
        }
    }

    /// What to do next.
    package enum Step: Equatable {
        case goOn
        /// Ask the target for its list, and send nothing until its response is there.
        case probe
        /// Stop the run: creates are refused whatever they say.
        case giveUp
    }

    /// Refusals in a row that are held back before the target is asked, and before the run stops though it gives its
    /// list.
    package static let heldMax = 10, refusedMax = 20

    /// The refusals that are held back, in the order in which they came; at most about ``refusedMax`` and those in
    /// flight.
    package private(set) var held: [Held] = []
    /// Refusals in a row of the kind that is held back; those that were released count too.
    private var inARow = 0
    private var kind: Kind?
    /// At how many the target is asked.
    private var probeAt = Brake.heldMax
    /// Whether the target's list was asked for, and its response isn't there yet.
    package private(set) var isProbing = false
    private var isLastProbed = false

    /// Holds nothing back.
    package init() {}

    /// Learns that a create succeeded; gives the refusals that were their records' own: those that had come before it
    /// was sent. What succeeded before a session was lost says nothing of the refusals since, though its response may
    /// come later.
    ///
    /// - Parameter sentAt: when the create was sent, in epoch milliseconds.
    package mutating func succeeded(sentAt: Int64) -> [Held] {
        let released = held.filter { $0.outcome.endedAt < sentAt }
        guard !released.isEmpty else { return [] }
        held.removeAll { $0.outcome.endedAt < sentAt }
        (inARow, probeAt) = (held.count, Self.heldMax)
        if held.isEmpty { kind = nil }
        return released
    }

    /// Learns of a refusal; gives those that were their records' own, and what to do.
    package mutating func refused(_ refusal: Held) -> (released: [Held], step: Step) {
        var released: [Held] = []
        if kind != refusal.kind, !isProbing {
            // Refused for different reasons, so each for its own.
            released = release()
            (inARow, probeAt, kind) = (0, Self.heldMax, refusal.kind)
        }
        inARow += 1
        held.append(refusal)
        if isProbing || inARow < probeAt { return (released, .goOn) }
        if refusal.kind.form != .api, probeAt > Self.heldMax { return (released, .giveUp) }
        isProbing = true
        return (released, .probe)
    }

    /// Begins a probe for what is held back when nothing more is to be sent; false where that was done, or nothing is
    /// held back.
    package mutating func beginLastProbe() -> Bool {
        guard !held.isEmpty, !isLastProbed else { return false }
        (isLastProbed, isProbing) = (true, true)
        return true
    }

    /// Learns that more is to be sent after the last probe.
    package mutating func goOn() { isLastProbed = false }

    /// Learns that the list was given; gives the refusals that were their records' own.
    package mutating func listed() -> [Held] {
        isProbing = false
        guard kind?.form == .api else {
            probeAt = max(Self.refusedMax, inARow + 1)
            return []
        }
        probeAt = inARow * 2
        return release()
    }

    /// Learns that the session was renewed; gives the drafts to send again.
    package mutating func renewed() -> [Held] {
        isProbing = false
        (inARow, probeAt, kind) = (0, Self.heldMax, nil)
        return release()
    }

    /// Gives up what is held back.
    package mutating func release() -> [Held] {
        defer { held = [] }
        return held
    }
}
