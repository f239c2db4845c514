/// A group that was found for a draft where it isn't known at once who made the group. It is judged by
/// ``Provenance`` once all that the run can measure is known.
package struct FoundGroup: Sendable, Equatable {
    /// Where the group's members were read: in the response to the create itself, or in the list. The two may give
    /// `createdOn` by other clocks, and to another grain.
    package enum Place: String, Sendable { case create, list }

    /// The draft's record.
    package var recordNumber: Int64
    /// The group's id.
    package var id: Int64
    /// The name as the server keeps it.
    package var name: String
    /// The rank and the activity as the server keeps them.
    package var state: GroupState
    /// `createdOn` in epoch milliseconds of the server's clock; nil where the server doesn't say.
    package var createdOn: Int64?
    /// `createdBy`, a user's id; nil where the server doesn't say.
    package var createdBy: Int64?
    /// Where the group was read.
    package var place: Place
    /// When a create of this run for it can have been carried out, in epoch milliseconds of this machine's clock.
    package var sent: ClosedRange<Int64>
    /// From when on it can have been created by this run alone: when the create was sent that followed the last
    /// look-up which did not find the name.
    package var sureFrom: Int64
    /// Whether a create was sent again after a look-up that didn't find the name, so that somebody else may have made
    /// the group in between.
    package var isSentAgain: Bool { sureFrom > sent.lowerBound }
    /// When the response came that showed the group, in epoch milliseconds of this machine's clock.
    package var seenAt: Int64
    /// Whether it has another rank than was sent, though the server keeps ranks as they are sent.
    package var isOtherwise = false
    /// Whether its name is the draft's, rather than a form of it; known once it is judged.
    package var isSameName = false
    /// Whether the server said that the name is taken, to the only create that was sent: so it was there before,
    /// unless a gateway sent that twice.
    package var isTaken = false
    /// The record of this run that surely created the group; nil where none did.
    package var maker: Int64?
    /// Whether the response to a create of this run named this group, though it did not prove the create.
    package var isNamed = false
    /// When the list was read, before anything was sent, that didn't have the name; nil where it wasn't.
    package var absentAt: Int64?

    /// Makes a found group whose create is the only one so far: ``sureFrom`` and ``seenAt`` are the bounds of `sent`.
    package init(
        recordNumber: Int64, id: Int64, name: String, state: GroupState, createdOn: Int64?, createdBy: Int64?,
        place: Place,
        sent: ClosedRange<Int64>
    ) {
        self.recordNumber = recordNumber
        self.id = id
        self.name = name
        self.state = state
        self.createdOn = createdOn
        self.createdBy = createdBy
        self.place = place
        self.sent = sent
        sureFrom = sent.lowerBound
        seenAt = sent.upperBound
    }
}
