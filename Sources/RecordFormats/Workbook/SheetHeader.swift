/// The header of a sheet: the row or the two rows of it that name the columns, and the columns of the roles' fields.
struct SheetHeader {
    /// The number of its last row, from 1; 0 where the columns were given.
    let row: Int64
    /// The first column, from 0.
    let firstColumn: Int
    /// The header's cells, from the first that isn't empty to the last.
    let columns: [String]
    /// The roles' columns, from ``firstColumn`` on.
    let places: CSVRolePlaces

    /// The number of columns.
    var count: Int { columns.count }

    /// The header that a row is.
    /// - Throws: `missingColumn`, `duplicateColumn`, at the row.
    init(_ row: SheetRow, mapping: MemberMapping) throws(DecodingFailure) {
        let cells = row.cells.filter { !row.isBlank($0) }
        let first = cells.first?.column ?? 0
        // One text may stand in many cells.
        guard cells.reduce(0, { $0 + $1.slice.count }) <= 1 << 20 else {
            throw DecodingFailure(
                code: .recordTooLong, line: row.number, message: "the header has more than 1 MiB; correct it")
        }
        var columns = Array(repeating: "", count: (cells.last?.column ?? first) - first + 1)
        for cell in cells { columns[cell.column - first] = row.string(cell) }
        try self.init(columns: columns, from: first, row: row.number, mapping: mapping)
    }

    /// The header of a sheet that has none.
    init(columns: [String], mapping: MemberMapping) throws(DecodingFailure) {
        try self.init(columns: columns, from: 0, row: 0, mapping: mapping)
    }

    private init(
        columns: [String], from first: Int, row: Int64, mapping: MemberMapping
    ) throws(DecodingFailure) {
        let header = try CSVHeader(columns: columns, mapping: mapping, line: row)
        self.row = row
        firstColumn = first
        self.columns = columns
        places = header.places
    }

    /// Whether a row repeats the header.
    func isRepeated(_ row: SheetRow) -> Bool {
        guard row.cells.count <= count else { return false }
        for (place, text) in columns.enumerated() {
            let cell = row.cell(firstColumn + place)
            guard (cell.map { row.string($0) } ?? "") == text else { return false }
        }
        return true
    }
}
