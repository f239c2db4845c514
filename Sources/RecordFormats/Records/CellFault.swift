/// Why a cell of a workbook can't be read as a name, a rank or an activity.
package enum CellFault: UInt8, CaseIterable, Sendable {
    /// A date or a time, which the program that edits the sheet made of what was typed.
    case date
    /// An error such as `#N/A`.
    case error
    /// A formula that was saved without its value.
    case bareFormula

    /// What is wrong in a few words.
    package var title: String {
        switch self {
        case .date: "a cell is a date"
        case .error: "a cell is an error"
        case .bareFormula: "a formula without its value"
        }
    }

    /// What is wrong in a few words, behind the field's name.
    private var verdict: String {
        switch self {
        case .date: "is a date"
        case .error: "is an error"
        case .bareFormula: "is a formula without its value"
        }
    }

    /// What stands in a field too many of a record that can't be read from the texts of its cells alone, so that it is
    /// invalid wherever it is fed back.
    package func surplus(of role: FieldRole) -> String { "\(role.name) \(verdict); correct it and remove this field" }

    /// The fault and the role's index that a field too many speaks of; nil for another field.
    package static func inSurplus(_ text: String, of roles: [FieldRole]) -> (fault: CellFault, role: Int)? {
        for fault in allCases {
            if let role = roles.firstIndex(where: { fault.surplus(of: $0) == text }) { return (fault, role) }
        }
        return nil
    }

    /// What is wrong and what to do, behind the cell's name.
    package var message: String {
        switch self {
        case .date:
            "is a date, which the spreadsheet made of what was typed; format the column as Text and type it again"
        case .error: "is an error of a formula, such as #N/A; correct the formula, or type the value"
        case .bareFormula:
            "holds a formula whose value was not saved; open the workbook in a spreadsheet program and save it, or "
                + "type the value"
        }
    }

    /// What a cell is called: `B7`, or `the cell in column B` where the row is unknown.
    static func cell(_ column: Int32, _ row: Int64?) -> String {
        let letters = letters(Int(column))
        return row.map { "\(letters)\($0)" } ?? "the cell in column \(letters)"
    }

    /// The letters of a column, from 0: A, B, …, Z, AA.
    static func letters(_ column: Int) -> String {
        var letters = ""
        var rest = column + 1
        while rest > 0 {
            rest -= 1
            letters = String(UnicodeScalar(UInt8(0x41 + rest % 26))) + letters
            rest /= 26
        }
        return letters
    }
}
