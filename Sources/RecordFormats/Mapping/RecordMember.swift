/// What a column, JSON member, element or attribute is to a record: the field of a role, by the role's index, or none.
package enum RecordMember: UInt8, Sendable {
    /// The field of the first role, which identifies the record.
    case first
    /// The field of the second role.
    case second
    /// The field of the third role.
    case third
    /// Its name begins with `_`: the caller wrote it into a report, and it is ignored when the report is read.
    case ignored
    /// None of these.
    case other

    /// The number of roles that a record has room for.
    static let rolesMax = 3

    /// Whether a record keeps the value.
    var isKept: Bool { rawValue <= Self.third.rawValue }

    /// The index of the role whose field this is; nil where it is none.
    var role: Int? { isKept ? Int(rawValue) : nil }

    /// The field of a role. Precondition: `role` is below ``rolesMax``.
    init(role: Int) {
        switch role {
        case 0: self = .first
        case 1: self = .second
        case 2: self = .third
        default: preconditionFailure("a record has at most three roles")
        }
    }
}
