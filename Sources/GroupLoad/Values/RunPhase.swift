/// How far a run has come, or had come when its process ended. Kept in the ledger by its raw value.
package enum RunPhase: String, Sendable, Codable {
    /// Records are read, validated and indexed.
    case reading
    /// The user is asked to agree to what would be done. For the display alone: never kept.
    case asking
    /// Drafts are sent.
    case sending
    /// The report is written.
    case reporting
    /// The report is there, and every record has its outcome.
    case finished
}
