/// A group that was found for a draft and is to be judged, with what is known of the draft.
package struct PendingJudgement: Sendable, Equatable {
    /// The group that was found.
    package var found: FoundGroup
    /// The outcome as far as it is known: its response, attempts and times.
    package var outcome: DraftOutcome
    /// The draft that the group was found for.
    package var draft: Draft

    /// Makes what is to be judged.
    package init(found: FoundGroup, outcome: DraftOutcome, draft: Draft) {
        self.found = found
        self.outcome = outcome
        self.draft = draft
    }
}
