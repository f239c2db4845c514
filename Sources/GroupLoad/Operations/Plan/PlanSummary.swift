/// The counts of a plan, as `--json` prints them. The keys are part of the interface that scripts rely on.
package struct PlanSummary: SummaryDocument, Sendable, Equatable {
    /// Records read, duplicates and invalid ones included.
    package var read: Int
    /// Groups that the target has, active or not.
    package var groups: Int
    /// Records by what would become of them; groups that would be set inactive count besides.
    package var counts: [String: Int]
    /// Records whose name is nearly that of another group.
    package var near: Int
    /// Names that have the near form of an earlier one of the lists (``NearName``).
    package var near_duplicates: Int
    /// Drafts whose names are rather a program's slip (``NameSuspicion``).
    package var suspicious: Int
    /// Drafts whose groups are to be inactive by the list, which counts only with `--on-existing update`.
    package var activity_unheeded: Int
    /// Records of one name of which one is invalid and the other would be loaded in its place.
    package var substitutes: Int
    /// Duplicates that say another rank or activity than the first record of their name.
    package var differing_duplicates: Int
    /// Lists that are likely to be in another encoding than they were read in.
    package var misread: [Misread]
    /// Lists that seem to be one page of a longer one.
    package var partial: [PartialList]
    /// What was passed over and is no record, by kind, also where it is 0.
    package var skipped: [String: Int]
    /// Where the first of each kind of those stand.
    package var skipped_places: [KindCounts.Place]
    /// What was accepted though its form is unusual, by kind, also where it is 0.
    package var tolerated: [String: Int]
    /// Which columns of each list are used, by its path as given.
    package var columns: [String: ColumnUse]
    /// Records and groups of which something else would become than an earlier plan says; absent where it wasn't
    /// compared.
    package var differences: Int?
    /// Why an import with these settings would do nothing of this; absent where it would do it.
    package var refusal: String?
    /// Requests sent to the target, retries included.
    package var requests: Int
    /// The target's URL.
    package var target: String
    /// Seconds that it took.
    package var seconds = 0.0
    /// The status to exit with.
    package var exit: Int32

    /// What was passed over, in a line for a person; nil where nothing was.
    package var skippedText: String? { KindCounts(counts: skipped, places: skipped_places).skippedText }
}
