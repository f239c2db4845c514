/// Something that no sound ledger of a finished run holds.
package enum LedgerFault: Sendable, Equatable {
    case noOutcome(recordNumber: Int64)
    case noRecord(outcomeOf: Int64)
    /// A record was created or confirmed and has no group's id.
    case noID(recordNumber: Int64)
    /// Two records claim to have created one group: the first and the last of those that do.
    case claimedTwice(id: Int64, first: Int64, last: Int64)
    /// The numbers of records have gaps.
    case gaps(last: Int64, count: Int64)
}
