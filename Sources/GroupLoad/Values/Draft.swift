/// A record that passed validation: a name and an optional rank, not yet created.
package struct Draft: Sendable, Equatable {
    /// The record's number within the run.
    package var recordNumber: Int64
    /// The trimmed name.
    package var name: String
    /// The rank; nil where the record has none, so that the create has none either.
    package var rank: Int32?
    /// Whether the list says that the group isn't in use.
    package var isInactive = false
    /// When a process that ended may have had it carried out, in epoch milliseconds: from its claim until the
    /// process's last sign of life and the time that a request may take. Nil for one that surely wasn't sent.
    package var doubt: ClosedRange<Int64>?
    /// The id of its create's span; 0 where requests belong to no trace.
    package var span: Int64 = 0

    /// Makes a draft whose group is to be active.
    package init(recordNumber: Int64, name: String, rank: Int32?, doubt: ClosedRange<Int64>? = nil) {
        self.recordNumber = recordNumber
        self.name = name
        self.rank = rank
        self.doubt = doubt
    }
}
