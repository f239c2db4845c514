/// What is noted of records that have no outcome at a run's end, by how far they had come.
package struct RestReasons: Sendable, Equatable {
    /// A group that this run made, and that is to be set inactive.
    package var leftActive: String
    /// A group that was found, of which it was not judged who made it.
    package var unjudged: String
    /// A draft that may have been sent by an earlier process.
    package var inDoubt: String
    /// A draft that was not sent.
    package var unsent: String

    /// Makes the notes.
    package init(leftActive: String, unjudged: String, inDoubt: String, unsent: String) {
        self.leftActive = leftActive
        self.unjudged = unjudged
        self.inDoubt = inDoubt
        self.unsent = unsent
    }
}
