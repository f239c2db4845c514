/// How far a run has come, or had come when its process ended. Kept in the ledger by its raw value.
package enum RunPhase: String, Sendable, Codable {
    /// Records are read, validated and indexed.
    case reading
    /// The target is asked for what it has; a run that ends here has sent nothing.
    case asking
    /// Drafts are sent.
    case sending
    /// The report is written.
    case reporting
    /// The report is there, and every record has its outcome.
    case finished
}
