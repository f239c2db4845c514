/// A record that claims to have created a group which another record claims too, or may.
package struct GroupClaim: Sendable, Equatable {
    /// The record's number within the run.
    package var recordNumber: Int64
    /// The group's id.
    package var id: Int64
    /// ``Outcome/created`` or ``Outcome/confirmed``.
    package var outcome: Outcome
    /// Whether the group was neither found for the record nor is kept in another form than was sent.
    package var isExact: Bool
    /// When the record ended, in epoch milliseconds.
    package var endedAt: Int64?

    /// Makes a claim.
    package init(recordNumber: Int64, id: Int64, outcome: Outcome, isExact: Bool, endedAt: Int64?) {
        self.recordNumber = recordNumber
        self.id = id
        self.outcome = outcome
        self.isExact = isExact
        self.endedAt = endedAt
    }
}

/// A group that two runs claim to have created.
package struct SharedClaim: Sendable, Equatable {
    /// The group's id.
    package var id: Int64
    /// The record of the one run.
    package var own: Int64
    /// The record of the other run.
    package var other: Int64

    /// Makes a claim of two runs.
    package init(id: Int64, own: Int64, other: Int64) {
        self.id = id
        self.own = own
        self.other = other
    }
}
