import Foundation

extension PlanLine {
    /// A line's members, as ``bytes(of:)`` writes them.
    private struct Members: Decodable {
        struct State: Decodable {
            var rank: Int64?
            var isActive: Bool

            var state: GroupState { GroupState(rank: rank, isActive: isActive) }
        }

        /// `[id, name]`.
        struct Near: Decodable {
            var near: PlanEntry.Near

            init(from decoder: any Decoder) throws {
                var values = try decoder.unkeyedContainer()
                near = PlanEntry.Near(id: try values.decode(Int64.self), name: try values.decode(String.self))
            }
        }

        var action: String
        var name: String
        var recordNumber: Int64?
        var id: Int64?
        var rank: Int64?
        var isActive: Bool?
        var from: State?
        var to: State?
        var near: [Near]?
        var info: String?

        private enum CodingKeys: String, CodingKey {
            case action, name, id, rank, isActive, from, to, near, info
            case recordNumber = "record"
        }
    }

    /// The entry that a line of a plan holds; nil where it holds none.
    static func entry(of line: String) -> PlanEntry? {
        let text = line.hasSuffix(",") ? line.dropLast() : line[...]
        let members: Members
        do { members = try JSONDecoder().decode(Members.self, from: Data(text.utf8)) } catch { return nil }
        guard let action = Decision.Action(rawValue: members.action) else { return nil }
        var entry = PlanEntry(action: action.rawValue, name: members.name)
        (entry.recordNumber, entry.id, entry.rank) = (members.recordNumber, members.id, members.rank)
        entry.isInactive = members.isActive == false
        (entry.from, entry.to, entry.note) = (members.from?.state, members.to?.state, members.info)
        entry.near = members.near?.map(\.near) ?? []
        return entry
    }
}
