import ArgumentParser
import GroupLoad

/// The flags that say what becomes of groups that the target has already.
struct TargetPolicy: ParsableArguments {
    @Option(
        help: """
            What becomes of a record whose group is there already: skip (existing), fail (failed), or update (its \
            rank and activity are set to the list's; a group is to be active unless its isActive says no).
            """)
    var onExisting: ExistingPolicy = .skip

    @Option(
        help: """
            With --on-existing update: what an empty rank does to a group that is there: keep (the group keeps its \
            rank) or clear (the group has no rank then).
            """)
    var emptyRank: EmptyRank = .keep

    @Flag(
        help: "Also set inactive the active groups of the target that the lists don't name; shown first, and asked for."
    )
    var deactivateMissing = false

    func validate() throws {
        guard emptyRank == .keep || onExisting == .update else {
            throw ValidationError("--empty-rank goes with --on-existing update.")
        }
    }

    /// Puts the settings into a configuration.
    func apply(to configuration: inout RunConfiguration) {
        configuration.existing = onExisting
        configuration.emptyRank = emptyRank
        configuration.deactivatesMissing = deactivateMissing
    }
}

extension ExistingPolicy: ExpressibleByArgument {}
extension EmptyRank: ExpressibleByArgument {}
extension SnapshotUse: ExpressibleByArgument {}
