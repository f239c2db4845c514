/// `--on-existing`: what becomes of a draft whose group is on the target already.
package enum ExistingPolicy: String, CaseIterable, Sendable, Codable {
    /// It is `existing`; a difference is noted.
    case skip
    /// It is `failed`.
    case fail
    /// The group's rank and activity are set to the list's, where they differ. What an empty rank says is
    /// ``EmptyRank``'s; a group that the list doesn't call inactive is to be active, as it would be if the list created
    /// it.
    case update
}
