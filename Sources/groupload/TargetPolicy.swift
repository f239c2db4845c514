import ArgumentParser
import GroupLoad

/// The flags that say what becomes of groups that the target has already.
struct TargetPolicy: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            What happens where a record's group exists already: skip leaves the group as it is; fail makes the record \
            failed; update sets the group's rank and activity to the list's (the group becomes active unless its \
            record says no). Only with update does it count what the list says of activity.
            """, valueName: "policy"))
    var onExisting: ExistingPolicy = .skip

    @Option(
        help: ArgumentHelp(
            """
            With --on-existing update: what an empty rank does to a group that exists: keep (the group keeps its rank) \
            or clear (the group has no rank then).
            """, valueName: "rule"))
    var emptyRank: EmptyRank = .keep

    @Flag(
        help: "Also set inactive the target's active groups that the lists don't name. Shows them and asks first."
    )
    var deactivateMissing = false

    @Option(
        help: ArgumentHelp(
            """
            With --deactivate-missing: stop if more groups than this would be set inactive, as N or N% of the target's \
            active groups (default: 10%).
            """, valueName: "n"),
        transform: parsedLimit)
    var maxDeactivate: ErrorLimit?

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
        applyLimit(to: &configuration)
    }

    /// Puts in how many groups may be set inactive, where that is given.
    func applyLimit(to configuration: inout RunConfiguration) {
        if let maxDeactivate { configuration.deactivateLimit = maxDeactivate }
    }
}

extension ExistingPolicy: ArgumentWord {}
extension EmptyRank: ArgumentWord {}
extension SnapshotUse: ArgumentWord {}
