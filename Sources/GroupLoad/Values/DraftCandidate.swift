/// A record that is to be compared with the target's list, and the groups there whose names are near its own.
struct DraftCandidate: Sendable {
    var record: Int64
    var source: Int64
    var line: Int64
    var name: String
    /// The rank that the list gives; nil for none.
    var rank: Int64?
    /// Whether the list says that the group is not active.
    var isInactive = false
    /// The outcome of a record that is no draft: ``Outcome/duplicate`` or ``Outcome/invalid``, and what is noted of it.
    var settled: (outcome: Outcome, note: String?)?
    /// Groups of the target, in order of their ids.
    var groups: [TargetGroup] = []
}
