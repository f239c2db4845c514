package import RewardsClient

/// How a draft ended, as the ledger keeps it.
package struct DraftOutcome: Sendable, Equatable {
    /// The record's number within the run.
    package var recordNumber: Int64
    /// The outcome, unless there is an ``update`` or a ``finding``.
    package var outcome: Outcome
    /// The group's id, where it is known.
    package var id: Int64?
    /// The HTTP status of the last response; nil where none came.
    package var http: Int?
    /// The API's code in the last response; nil where it had none.
    package var code: Int?
    /// What went wrong or is to be noted.
    package var message: String?
    /// Creates sent.
    package var attempts = 0
    /// From the first send to the outcome, in milliseconds.
    package var milliseconds: Int64?
    /// What is to be done to the draft's group before it has an outcome; then the others say nothing.
    @Rare package var update: GroupUpdate?
    /// Whether the change is done that a draft's group was made for, see ``GroupUpdate/made``.
    package var isMadeAndDone = false
    /// A group that was found for the draft, of which it is to be judged who made it; then ``outcome`` says nothing
    /// yet.
    @Rare package var foundGroup: FoundGroup?
    /// The form in which the server keeps the group, where that isn't the one that was sent.
    @Rare package var kept: KeptForm?
    /// When it came, in epoch milliseconds.
    package var endedAt: Int64
}

/// The form in which the server keeps a group that this run made.
package struct KeptForm: Sendable, Equatable {
    /// The group's id.
    package var id: Int64
    /// The name that the server keeps.
    package var name: String
    /// The rank that the server keeps; nil for none.
    package var rank: Int64?

    /// The form of a group; nil where it is the one that was sent.
    ///
    /// - Parameters:
    ///   - name: the name that was sent; compared by its bytes.
    ///   - rank: the rank that was sent.
    package init?(of group: RewardGroup, sentAs name: String, rank: Int64?) {
        guard !group.name.hasBytes(of: name) || group.rank != rank else { return nil }
        id = group.id
        self.name = group.name
        self.rank = group.rank
    }

    /// What is noted on the record.
    ///
    /// - Parameter shown: the server's words, without secrets.
    package func note(sentAs name: String, rank: Int64?, shown: (String) -> String) -> String {
        var notes: [String] = []
        if !self.name.hasBytes(of: name) {
            notes.append("the server keeps the name as \"\(shown(self.name))\"")
        }
        if self.rank != rank {
            notes.append("rank on the server is \(self.rank.map(String.init) ?? "none")")
        }
        return notes.joined(separator: "; ")
    }
}

extension [DraftOutcome] {
    /// Those few of many that a condition holds for; the others are looked at where they stand, without a copy.
    func rare(_ condition: (borrowing DraftOutcome) -> Bool) -> [DraftOutcome] {
        var found: [DraftOutcome] = []
        let outcomes = span
        for index in indices where condition(outcomes[index]) { found.append(outcomes[index]) }
        return found
    }
}

extension DraftOutcome {
    /// An outcome of which no more is known.
    package init(recordNumber: Int64, outcome: Outcome, endedAt: Int64) {
        self.init(recordNumber: recordNumber, outcome: outcome, id: nil, endedAt: endedAt)
    }

    /// What the message of ``taken(by:shown:)`` begins with; the group's id follows.
    package static let takenBy = "the name is taken by group "

    /// The outcome of a draft whose name is taken by a group of another name.
    package func taken(by group: RewardGroup, shown: (String) -> String) -> DraftOutcome {
        var failed = self
        (failed.outcome, failed.id) = (.failed, nil)
        failed.message = """
            \(Self.takenBy)\(group.id) "\(shown(group.name))": the server takes the two for the same, or \
            keeps names in another form; rename it, or take names that differ only in case or form for the same with \
            --name-match folded
            """
        return failed
    }

    /// Notes the form in which the server keeps the group.
    mutating func keep(_ kept: KeptForm, sentAs name: String, rank: Int32?, shown: (String) -> String) {
        self.kept = kept
        message = kept.note(sentAs: name, rank: rank.map(Int64.init), shown: shown)
    }

    /// Whether nothing more is to be done or judged before the record has this outcome.
    package var isLast: Bool { !$update && !$foundGroup }

    /// Has the group that was just made set inactive before the draft has its outcome.
    mutating func setInactive(_ id: Int64, _ name: String, rank: Int32?) {
        setInactive(id, name, rank: rank.map(Int64.init))
    }

    /// As ``setInactive(_:_:rank:)-(_,_,Int32?)``, for a rank as the server keeps it.
    mutating func setInactive(_ id: Int64, _ name: String, rank: Int64?) {
        var change = GroupUpdate(
            recordNumber: recordNumber, id: id, name: name, from: GroupState(rank: rank, isActive: true),
            to: GroupState(rank: rank, isActive: false))
        change.made = outcome
        update = change
    }

    /// Makes the outcome of a change to a group that this run made that of the draft: it is there, whatever became of
    /// the change.
    mutating func isMade(_ made: Outcome) {
        isMadeAndDone = [.updated, .existing].contains(outcome)
        switch outcome {
        case .updated: message = "set inactive, as the list says"
        case .existing: break
        default: message = "it could not be set inactive, as the list says: \(message ?? outcome.rawValue)"
        }
        (outcome, attempts) = (made, attempts + 1)
    }

    /// Outcomes that are noted one by one where they can't be recorded.
    private static let shownMax = 100

    /// Says what was sent but can't be recorded, as far as a check holds it: the ledger has it as claimed, so that
    /// whoever resumes the run looks it up.
    static func tellUnrecorded(_ outcomes: [DraftOutcome], _ note: (String) -> Void) {
        for outcome in outcomes.prefix(shownMax) {
            let id = outcome.id.map { ", group \($0)" } ?? ""
            note("not recorded: record \(outcome.recordNumber): \(outcome.outcome.rawValue)\(id)")
        }
        if outcomes.count > shownMax { note("not recorded: \(outcomes.count - shownMax) more") }
    }
}
