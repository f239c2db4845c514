/// The first record of a CSV source, and the columns of the roles' fields.
struct CSVHeader {
    /// The cells as written, unquoted.
    let columns: [String]
    /// The roles' columns.
    let places: CSVRolePlaces

    /// Matches the cells of a record.
    /// - Throws: `invalidUTF8`, `missingColumn`, `duplicateColumn`, all at `line`.
    init(
        _ header: CSVCells, mapping: MemberMapping, line: Int64, encoding: TextEncoding
    ) throws(DecodingFailure) {
        var columns: [String] = []
        for (index, slice) in header.cells.enumerated() {
            guard let text = String(validating: header.bytes[slice.start..<slice.end], as: UTF8.self) else {
                throw DecodingFailure(
                    code: .invalidUTF8, line: line,
                    message: "column \(index + 1) of the header \(encoding.faultMessage)")
            }
            columns.append(text)
        }
        try self.init(columns: columns, mapping: mapping, line: line)
    }

    /// Matches the texts of a header.
    /// - Throws: `missingColumn`, `duplicateColumn`, at `line`.
    init(columns: [String], mapping: MemberMapping, line: Int64) throws(DecodingFailure) {
        var places = CSVRolePlaces()
        for (index, text) in columns.enumerated() {
            guard let role = mapping.member(header: text).role else { continue }
            guard places[role] < 0 else {
                throw Self.duplicate(mapping.roles[role], columns[places[role]], text, line)
            }
            places[role] = index
        }
        for (index, role) in mapping.roles.enumerated() where places[index] < 0 {
            // The first role identifies the record; the others' columns may be missing where no name was given.
            guard index == 0 || mapping.givenNames[index] != nil else { continue }
            throw Self.missing(mapping.givenNames[index] ?? role.name, role, columns, line)
        }
        self.columns = columns
        self.places = places
    }

    private static func missing(
        _ column: String, _ role: FieldRole, _ columns: [String], _ line: Int64
    ) -> DecodingFailure {
        let found = columns.prefix(20).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
        let option = role.option
        return DecodingFailure(
            code: .missingColumn, line: line,
            message: "the header has no column \"\(column)\", only \(found); say which column is the \(option) with "
                + "--map \(option)=COLUMN, what separates columns with --delimiter, or that there is no header with "
                + "--no-header"
        )
    }

    private static func duplicate(
        _ role: FieldRole, _ first: String, _ second: String, _ line: Int64
    ) -> DecodingFailure {
        DecodingFailure(
            code: .duplicateColumn, line: line,
            message: "the columns \"\(first.prefix(60))\" and \"\(second.prefix(60))\" would both be the "
                + "\(role.title); rename one, or begin its header with _ to have it ignored"
        )
    }
}
