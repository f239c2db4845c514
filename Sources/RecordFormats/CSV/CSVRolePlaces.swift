/// The columns of the roles' fields, from 0; -1 for a role without one.
struct CSVRolePlaces {
    private(set) var first = -1
    private(set) var second = -1
    private(set) var third = -1

    /// Gives the role whose column `column` is, if there is one, a field of text.
    @inline(__always)
    func set(_ column: Int, _ text: ByteSlice, in fields: inout RecordFields) {
        if column == first {
            fields.first = .text(text)
        } else if column == second {
            fields.second = .text(text)
        } else if column == third {
            fields.third = .text(text)
        }
    }

    /// The role whose column `column` is; nil for none.
    func role(at column: Int) -> Int? { column == first ? 0 : column == second ? 1 : column == third ? 2 : nil }

    /// The column of a role; -1 for none.
    subscript(role: Int) -> Int {
        get { role == 0 ? first : role == 1 ? second : third }
        set {
            switch role {
            case 0: first = newValue
            case 1: second = newValue
            default: third = newValue
            }
        }
    }
}
