import Synchronization

/// Drafts that a process had claimed, had begun to send and didn't settle before it stopped, for others to settle.
final class ReturnedDrafts: Sendable {
    private let state = Mutex<[Draft]>([])

    /// Those that may have been sent.
    var inDoubt: [Draft] { state.withLock { $0 } }

    /// Takes one; a draft that surely wasn't sent is as new, and needs no mention.
    func add(_ draft: Draft) { if draft.doubt != nil { state.withLock { $0.append(draft) } } }
}
