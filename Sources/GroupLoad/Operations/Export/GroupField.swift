import Foundation
package import RecordFormats
package import RewardsClient

/// A member of the group object that can be exported, under the API's own name.
package enum GroupField: String, CaseIterable, Sendable {
    case id, orgId, name, rank, isActive, createdBy, createdOn, createdOnDateTime, lastUpdatedBy, lastUpdatedOn,
        lastUpdatedOnDateTime

    /// What is exported by default: what an import takes, and the id.
    package static let standard: [GroupField] = [.id, .name, .rank, .isActive]

    /// Its value in a group; instants as ISO 8601 in UTC, with milliseconds where there are any, and `…DateTime` as the
    /// server writes it.
    package func value(of group: RewardGroup) -> TableEncoder.Value {
        switch self {
        case .id: .integer(group.id)
        case .orgId: Self.integer(group.orgId)
        case .name: .text(group.name)
        case .rank: Self.integer(group.rank)
        case .isActive: group.isActive.map { .boolean($0) } ?? .absent
        case .createdBy: Self.integer(group.createdBy)
        case .createdOn: Self.instant(group.createdOn)
        case .createdOnDateTime: Self.text(group.createdOnDateTime)
        case .lastUpdatedBy: Self.integer(group.lastUpdatedBy)
        case .lastUpdatedOn: Self.instant(group.lastUpdatedOn)
        case .lastUpdatedOnDateTime: Self.text(group.lastUpdatedOnDateTime)
        }
    }

    private static func text(_ value: String?) -> TableEncoder.Value { value.map { .text($0) } ?? .absent }

    private static func integer(_ value: Int64?) -> TableEncoder.Value { value.map { .integer($0) } ?? .absent }

    private static func instant(_ epochMilliseconds: Int64?) -> TableEncoder.Value {
        guard let epochMilliseconds else { return .absent }
        let (seconds, milliseconds) = epochMilliseconds.quotientAndRemainder(dividingBy: 1000)
        let date = Date(timeIntervalSince1970: Double(milliseconds < 0 ? seconds - 1 : seconds))
        let text = date.formatted(.iso8601)
        guard milliseconds != 0 else { return .text(text) }
        let digits = String((milliseconds + 1000) % 1000)
        return .text(text.dropLast() + "." + String(repeating: "0", count: 3 - digits.count) + digits + "Z")
    }
}
