package import RecordFormats

/// Which columns of a list, or members of its records, are used, as far as its first records show them.
package struct ColumnUse: Sendable, Codable, Equatable {
    /// The title of what holds the name; nil where nothing does.
    package var name: String?
    /// The title of what holds the rank; nil where nothing does.
    package var rank: String?
    /// The title of what holds the activity; nil where nothing does.
    package var isActive: String?
    /// The titles of what isn't used, in their order; without those that begin with `_`. A column without a title is
    /// called `column 5`, and left out where it is empty.
    package var not_used: [String]
    /// What isn't used and looks as if it should be.
    package var looks_like: Candidates

    /// Whether the activity is nothing but a mark that means yes, as `x`, in some records, and empty in others. A
    /// ledger doesn't keep it.
    package private(set) var hasOnlyTicks = false

    /// The titles of what may be a rank or an activity, where the list has none that is used.
    package struct Candidates: Sendable, Codable, Equatable {
        /// Titles of what may be the rank.
        package var rank: [String] = []
        /// Titles of what may be the activity.
        package var isActive: [String] = []
    }

    /// - Parameters:
    ///   - members: what the first records have, in its order.
    ///   - mapping: by which they are read.
    package init(_ members: [SeenMember], _ mapping: MemberMapping) {
        func title(_ member: RecordMember) -> String? { members.first { $0.member == member }?.name }
        (name, rank, isActive) = (title(.name), title(.rank), title(.active))
        let others = members.filter { $0.member == .other }
        not_used = others.map(\.name)
        looks_like = Candidates()
        hasOnlyTicks = members.contains {
            $0.member == .active && $0.ticks > 0 && $0.ticks == $0.values && $0.blanks > 0
        }
        let titled = others.filter(\.hasTitle)
        if rank == nil { looks_like.rank = Self.ranks(titled, mapping.roles[1]) }
        if isActive == nil {
            looks_like.isActive = titled.filter { mapping.roles[2].isLikely($0.name) && $0.isMostly($0.flags) }
                .map(\.name)
        }
    }

    /// What may be the rank: integers under a title that says so, else the only column of integers.
    private static func ranks(_ others: [SeenMember], _ role: FieldRole) -> [String] {
        let integers = others.filter { !ColumnTitles.isOfAPI($0.name) }.filter {
            $0.integers > 0 && $0.isMostly($0.integers)
        }
        let likely = integers.filter { role.isLikely($0.name) }
        if !likely.isEmpty { return likely.map(\.name) }
        let unknown = integers.filter { !ColumnTitles.isKeyOrCount($0.name) && $0.integers >= 3 }
        return unknown.count == 1 ? unknown.map(\.name) : []
    }

    /// Whether there is something that is likely to be meant and isn't used.
    package var hasCandidates: Bool { !looks_like.rank.isEmpty || !looks_like.isActive.isEmpty }

    /// Whether a person expects just this: a name, perhaps a rank and an activity, under their own names, and nothing
    /// else, unless it is what the API's groups have besides.
    package var isObvious: Bool {
        not_used.allSatisfy(ColumnTitles.isOfAPI)
            && [name, rank, isActive].compactMap(\.self).allSatisfy {
                MemberMapping.groups.member(header: $0) != .other
            }
    }

    /// Writes every key, also where the value is null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(rank, forKey: .rank)
        try container.encode(isActive, forKey: .isActive)
        try container.encode(not_used, forKey: .not_used)
        try container.encode(looks_like, forKey: .looks_like)
    }

    private enum CodingKeys: String, CodingKey { case name, rank, isActive, not_used, looks_like }
}

extension SeenMember {
    /// Whether more than half of what it says is of a kind of which there are `count`.
    fileprivate func isMostly(_ count: Int) -> Bool { count * 2 > values }
}
