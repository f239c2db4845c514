/// How columns, JSON members, elements and attributes are told to be a group's name, rank and activity: by the standard names, or
/// by those that the user gave.
package struct MemberNames: Sendable, Equatable {
    /// The names as given; nil for the standard one.
    package let name: String?
    package let rank: String?
    package let active: String?
    private let foldedName: [UInt8]?
    private let foldedRank: [UInt8]?
    private let foldedActive: [UInt8]?
    /// Whether none was given.
    private let isStandard: Bool

    /// - Parameters:
    ///   - name: what the name stands under; nil for `name` and its like.
    ///   - rank: what the rank stands under; nil for `rank` and its like.
    ///   - active: what the activity stands under; nil for `active` and `isActive`.
    package init(name: String? = nil, rank: String? = nil, active: String? = nil) {
        (self.name, self.rank, self.active) = (name, rank, active)
        foldedName = name.map { Self.folded($0) }
        foldedRank = rank.map { Self.folded($0) }
        foldedActive = active.map { Self.folded($0) }
        isStandard = name == nil && rank == nil && active == nil
    }

    /// What stands under the text `written`. A given name takes the place of the standard one; both are compared without
    /// regard to ASCII case, blanks, `_` and `-`.
    func member(_ written: Span<UInt8>) -> MemberName {
        if isStandard { return MemberName(of: written) }
        if let foldedName, Self.matches(written, foldedName) { return .name }
        if let foldedRank, Self.matches(written, foldedRank) { return .rank }
        if let foldedActive, Self.matches(written, foldedActive) { return .active }
        switch MemberName(of: written) {
        case .name: return foldedName == nil ? .name : .other
        case .rank: return foldedRank == nil ? .rank : .other
        case .active: return foldedActive == nil ? .active : .other
        case let member: return member
        }
    }

    /// What stands under a text of four bytes, the first of which is the word's highest; nil where that takes all of the
    /// rules. It never has a byte that JSON or XML would write otherwise.
    @inline(__always)
    func member(fourBytes word: UInt32) -> MemberName? {
        isStandard ? MemberName(fourBytes: word) : nil
    }

    /// What stands under the header text `written`.
    package func member(header written: String) -> MemberName { member(written.utf8.span) }

    /// The columns of a header by standard names: those of name, rank and activity are called that, and others that would pass for
    /// them are called `original …`.
    package func standardColumns(_ columns: [String]) -> [String] {
        if isStandard { return columns }
        return columns.map { column in
            switch member(header: column) {
            case .name: return "name"
            case .rank: return "rank"
            case .active: return "isActive"
            case .ignored: return column
            case .other:
                let isStandard = [.name, .rank, .active].contains(MemberName(header: column))
                return isStandard ? "original " + column : column
            }
        }
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.compactMap { byte in isPassedOver(byte) ? nil : lowercase(byte) }
    }

    private static func matches(_ written: Span<UInt8>, _ folded: [UInt8]) -> Bool {
        var count = 0
        for index in 0..<written.count where !isPassedOver(written[index]) {
            guard count < folded.count, lowercase(written[index]) == folded[count] else { return false }
            count += 1
        }
        return count == folded.count
    }

    private static func isPassedOver(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
