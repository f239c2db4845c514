/// The fields of a record by the index of their role, stored inline; absent where there is no such role.
package struct RecordFields: Sendable, Equatable {
    /// The field of the first role, which identifies the record.
    package var first = RecordField.absent
    /// The field of the second role.
    package var second = RecordField.absent
    /// The field of the third role.
    package var third = RecordField.absent

    /// The field of a role. Precondition: `role` is 0 to 2.
    package subscript(role: Int) -> RecordField {
        switch role {
        case 0: first
        case 1: second
        case 2: third
        default: preconditionFailure("a record has at most three roles")
        }
    }

    /// Gives a role its only field. Precondition: `role` is 0 to 2.
    mutating func set(_ role: Int, _ field: RecordField) {
        switch role {
        case 0: first = field
        case 1: second = field
        default: third = field
        }
    }

    /// Adds a value that the source has for `member`; a second one makes the field a duplicate.
    @inline(__always)
    mutating func add(_ field: RecordField, as member: RecordMember) {
        switch member {
        case .first: first = first.followed(by: field)
        case .second: second = second.followed(by: field)
        case .third: third = third.followed(by: field)
        case .ignored, .other: break
        }
    }

    /// The fields whose bytes are `offset` further on.
    func moved(by offset: Int) -> RecordFields {
        var fields = self
        fields.first = first.moved(by: offset)
        fields.second = second.moved(by: offset)
        fields.third = third.moved(by: offset)
        return fields
    }
}
