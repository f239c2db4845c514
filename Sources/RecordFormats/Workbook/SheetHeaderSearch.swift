/// What is said where no row of a sheet is its header.
enum SheetHeaderSearch {
    /// - Parameter rows: the first rows of the sheet.
    static func missing(_ rows: [SheetRow], sheet: String, _ mapping: MemberMapping) -> DecodingFailure {
        let role = mapping.roles[0]
        let column = mapping.givenNames[0] ?? role.name
        guard let first = rows.first(where: { !$0.isBlank }) else {
            return DecodingFailure(
                code: .missingColumn,
                message: "the sheet \"\(sheet)\" holds nothing, not even a header; export it again")
        }
        let widest = rows.prefix(20).max { $0.cells.count < $1.cells.count } ?? first
        let cells = widest.cells.prefix(20).map { "\"\(widest.string($0).prefix(60))\"" }.joined(separator: ", ")
        return DecodingFailure(
            code: .missingColumn, line: widest.number,
            message: "none of the first rows of the sheet \"\(sheet)\" has a column \"\(column)\"; row "
                + "\(widest.number) has \(cells): say which column is the \(role.option) with "
                + "--map \(role.option)=COLUMN, or that there is no header with --no-header")
    }
}
