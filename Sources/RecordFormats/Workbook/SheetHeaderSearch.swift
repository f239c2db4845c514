/// Searches the first rows of a sheet for its header.
///
/// The header is the row that names most of the roles' columns, the first of them among these. One of the rows beside
/// it may be part of it, where cells were merged: what stands in the lower row names a column, else what stands above.
struct SheetHeaderSearch {
    /// A header that was found.
    struct Finding {
        /// Its row, or its two rows as one, under the number of the lower.
        var row: SheetRow
        /// How many rows it has.
        var count: Int64
        /// The index, among the rows searched, of the first row behind it.
        var end: Int
    }

    private let rows: [SheetRow]
    private let mapping: MemberMapping
    /// The columns, from 0, of the roles that each row names, by the roles' indices; -1 for a role that it doesn't.
    private let places: [[Int]]

    /// - Parameter rows: the first rows of the sheet.
    init(_ rows: [SheetRow], _ mapping: MemberMapping) {
        self.rows = rows
        self.mapping = mapping
        places = rows.map { Self.places($0, mapping) }
    }

    /// The header.
    /// - Parameter takesFirst: whether the first row that names the first role's column is the header, whatever comes.
    func find(takesFirst: Bool) -> Finding? {
        let scores = places.map { $0[0] < 0 ? 0 : $0.count { $0 >= 0 } }
        guard let best = scores.max(), best > 0,
            let place = scores.firstIndex(where: { takesFirst ? $0 > 0 : $0 == best })
        else { return nil }
        if isContinued(place) {
            return Finding(row: Self.joined(rows[place], rows[place + 1], mapping), count: 2, end: place + 2)
        }
        if continues(place) {
            return Finding(row: Self.joined(rows[place - 1], rows[place], mapping), count: 2, end: place + 1)
        }
        return Finding(row: rows[place], count: 1, end: place + 1)
    }

    /// The columns of the roles that a row's texts name, by the roles' indices.
    private static func places(_ row: SheetRow, _ mapping: MemberMapping) -> [Int] {
        var found = Array(repeating: -1, count: mapping.roles.count)
        let texts = row.cells.filter { $0.kind == .text && $0.slice.count <= 1024 }
        let mapping = mapping.isStandard ? mapping : mapping.fitting(texts.map { row.string($0) })
        for cell in texts {
            if let role = mapping.member(header: row.string(cell)).role, found[role] < 0 { found[role] = cell.column }
        }
        return found
    }

    /// Whether the row below a header names further columns: it has texts only, none of them in the column of names.
    private func isContinued(_ place: Int) -> Bool {
        guard areNeighbours(place, place + 1), isOfTexts(rows[place + 1]) else { return false }
        let (own, below) = (places[place], places[place + 1])
        if let cell = rows[place + 1].cell(own[0]), !rows[place + 1].isBlank(cell) { return false }
        return addsRole(below, to: own)
    }

    /// Whether the row above a header names further columns where the header has nothing.
    private func continues(_ place: Int) -> Bool {
        guard areNeighbours(place - 1, place), isOfTexts(rows[place - 1]) else { return false }
        let header = rows[place]
        let above = places[place - 1].map { column in
            column >= 0 && header.cell(column).map(header.isBlank) ?? true ? column : -1
        }
        return addsRole(above, to: places[place])
    }

    private func areNeighbours(_ upper: Int, _ lower: Int) -> Bool {
        upper >= 0 && lower < rows.count && rows[upper].number + 1 == rows[lower].number && rows[upper].count == 1
            && rows[lower].count == 1
    }

    private func isOfTexts(_ row: SheetRow) -> Bool { row.cells.allSatisfy { $0.kind == .text } }

    private func addsRole(_ further: [Int], to own: [Int]) -> Bool {
        zip(further, own).contains { $0 >= 0 && $1 < 0 } && !zip(further, own).contains { $0 >= 0 && $1 >= 0 }
    }

    /// Two rows as one: the lower row's texts, and the upper's where the lower has none and doesn't name their role.
    private static func joined(_ upper: SheetRow, _ lower: SheetRow, _ mapping: MemberMapping) -> SheetRow {
        var joined = SheetRow()
        joined.number = lower.number
        let roles = Set(lower.cells.compactMap { mapping.member(header: lower.string($0)).role })
        let columns = Set(upper.cells.map(\.column)).union(lower.cells.map(\.column)).sorted()
        for column in columns {
            let start = joined.bytes.count
            if let cell = lower.cell(column), !lower.isBlank(cell) {
                joined.bytes += lower.bytes[cell.slice.range]
            } else if let cell = upper.cell(column), !upper.isBlank(cell) {
                if let role = mapping.member(header: upper.string(cell)).role, roles.contains(role) { continue }
                joined.bytes += upper.bytes[cell.slice.range]
            } else {
                continue
            }
            joined.append(.text, column, from: start)
        }
        return joined
    }

    /// What is said where no row of a sheet is its header.
    /// - Parameter rows: the first rows of the sheet, behind those that the user wants passed over.
    static func missing(_ rows: [SheetRow], sheet: String, _ options: DecodingOptions) -> DecodingFailure {
        let role = options.mapping.roles[0]
        let column = options.mapping.givenNames[0] ?? role.name
        guard let first = rows.first(where: { !$0.isBlank }) else {
            let skipped = options.skipLines
            return DecodingFailure(
                code: .missingColumn,
                message: skipped > 0
                    ? "the sheet \"\(sheet)\" holds nothing below row \(skipped); correct --skip-lines"
                    : "the sheet \"\(sheet)\" holds nothing, not even a header; export it again")
        }
        let likely = likeliest(rows.prefix(20).filter { !$0.isBlank }, options.mapping) ?? first
        let cells = likely.cells.prefix(20).map { "\"\(ShownTitle.text(likely.string($0)))\"" }.joined(separator: ", ")
        return DecodingFailure(
            code: .missingColumn, line: likely.number,
            message: "none of the first rows of the sheet \"\(sheet)\" has a column \"\(column)\"; row "
                + "\(likely.number) has \(cells): "
                + (options.mapping.likelyRemedy(of: 0, among: likely.cells.map { likely.string($0) })
                    .map { "\($0), or --no-header where that row is a record" }
                    ?? "say which column is the \(role.option) with --map \(role.option)=COLUMN, or that there is no "
                    + "header with --no-header"))
    }

    /// The row that may be the header, though it has not the wanted column: the first one with a column that looks like
    /// it, else the first that has as many cells as most rows, as titles above it seldom have.
    private static func likeliest(_ rows: [SheetRow], _ mapping: MemberMapping) -> SheetRow? {
        let counts = rows.reduce(into: [Int: Int]()) { $0[$1.cells.count, default: 0] += 1 }
        let usual = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
        let likely = rows.first { row in
            (row.cells.count > 1 || usual == 1)
                && mapping.likelyRemedy(of: 0, among: row.cells.map { row.string($0) }) != nil
        }
        return likely ?? rows.first { $0.cells.count == usual }
    }
}
