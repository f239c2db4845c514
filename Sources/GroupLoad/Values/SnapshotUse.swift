/// `--snapshot`: whether the target's list is read before anything is sent.
package enum SnapshotUse: String, CaseIterable, Sendable, Codable {
    /// Where that takes fewer requests than there are drafts.
    case auto
    case always, never
}
