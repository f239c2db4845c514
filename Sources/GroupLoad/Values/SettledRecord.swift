/// The outcome of a record that needs no sending: a duplicate or an invalid one.
package struct SettledRecord: Sendable, Equatable {
    /// The record's number within the run.
    package var recordNumber: Int64
    /// ``Outcome/duplicate`` or ``Outcome/invalid``.
    package var outcome: Outcome
    /// What is noted of it.
    package var message: String?
    /// The record that its name stood in before, for a duplicate.
    package var duplicateOf: Int64?

    /// Whether the record was settled with an earlier batch, so that only the message is added to what is noted of it.
    package var isAddition = false

    /// Makes an outcome.
    package init(recordNumber: Int64, outcome: Outcome, message: String? = nil, duplicateOf: Int64? = nil) {
        self.recordNumber = recordNumber
        self.outcome = outcome
        self.message = message
        self.duplicateOf = duplicateOf
    }

    /// Adds to what is noted of an invalid record.
    package static func addition(to recordNumber: Int64, _ message: String) -> Self {
        var settled = Self(recordNumber: recordNumber, outcome: .invalid, message: message)
        settled.isAddition = true
        return settled
    }
}
