/// A record that is to be compared with the target's list, and the groups there whose names are near its own.
package struct DraftCandidate: Sendable {
    /// The record's number within the run.
    package var recordNumber: Int64
    /// The number of its source, from 0.
    package var source: Int64
    /// The line in the source on which the record begins, from 1.
    package var line: Int64
    /// The name that would be sent.
    package var name: String
    /// The rank that the list gives; nil for none.
    package var rank: Int64?
    /// Whether the list says that the group is not active.
    package var isInactive = false
    /// The outcome of a record that is no draft: ``Outcome/duplicate`` or ``Outcome/invalid``, and what is noted of it.
    package var settled: (outcome: Outcome, note: String?)?
    /// Groups of the target, in order of their ids.
    package var groups: [TargetGroup] = []

    /// Makes a candidate without a rank and without groups.
    package init(recordNumber: Int64, source: Int64, line: Int64, name: String) {
        self.recordNumber = recordNumber
        self.source = source
        self.line = line
        self.name = name
    }
}
