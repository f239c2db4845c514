import ArgumentParser
import GroupLoad

/// The flags that say what becomes of groups that the target has already.
struct TargetPolicy: ParsableArguments {
    @Option(
        help: """
            What becomes of a record whose group is there already: skip (existing), fail (failed), or update (its \
            rank and activity are set to the list's; an empty rank leaves the group's, and a group is to be active \
            unless its isActive says no).
            """)
    var onExisting: ExistingPolicy = .skip

    @Flag(
        help: "Also set inactive the active groups of the target that the lists don't name; shown first, and asked for."
    )
    var deactivateMissing = false

    /// Puts the settings into a configuration.
    func apply(to configuration: inout RunConfiguration) {
        configuration.existing = onExisting
        configuration.deactivatesMissing = deactivateMissing
    }
}

extension ExistingPolicy: ExpressibleByArgument {}
extension SnapshotUse: ExpressibleByArgument {}
