/// The standard names of four bytes, one a role: a fast way to match the names that most records have.
struct FourByteNames: Sendable, Equatable {
    /// The roles' names by index, ASCII letters in lower case; 0, which no name equals, where a role has none.
    private let first: UInt32
    private let second: UInt32
    private let third: UInt32

    /// No names: nothing matches.
    static var none: FourByteNames { FourByteNames([]) }

    /// The first name of four bytes of each role.
    init(_ roles: [FieldRole]) {
        func word(_ index: Int) -> UInt32 {
            index < roles.count ? roles[index].standardNames.lazy.compactMap(\.fourBytes).first ?? 0 : 0
        }
        (first, second, third) = (word(0), word(1), word(2))
    }

    /// The member that a name of four bytes stands for; nil where none of these names equals it. The first byte is the
    /// word's highest.
    @inline(__always)
    func member(_ word: UInt32) -> RecordMember? {
        // The bit set here maps no byte onto a lower-case letter but that letter and the upper-case one.
        let folded = word | 0x2020_2020
        if folded == first { return .first }
        if folded == second { return .second }
        return folded == third ? .third : nil
    }
}
