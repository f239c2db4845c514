/// What became of a list as a whole: of the records of the run that read it, and of what later runs made of those that
/// were to be corrected. The keys are part of the interface that scripts rely on.
package struct WholeList: Sendable, Codable, Equatable {
    /// The ids of the runs that correct the first one, or one another, in the order of their start.
    package var runs: [String]
    /// The count of every outcome that occurs: each record of the first run once, as it ended last. What is done stays
    /// done.
    package var outcomes: [String: Int]
    /// The records of the first run that are not done, and that no correction has: they were taken out, or are still to
    /// be corrected. They count in ``outcomes`` as the first run left them.
    package var left_out: Int
    /// The count of every outcome of records that the corrections have and the first run hadn't: lines that were added.
    package var added: [String: Int]
}
