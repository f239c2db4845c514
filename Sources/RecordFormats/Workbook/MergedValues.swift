/// The values of merged cells that go over several rows: in a sheet's part, only the first row has them.
struct MergedValues {
    private struct Value {
        var column: Int
        var (first, last): (Int64, Int64)
        var kind: SheetCell.Kind
        var isFormula: Bool
        var bytes: [UInt8]
        var isUsed = false
    }

    /// Values that reach to a row at once; in no list are there more.
    private static let countMax = 1_000

    private var values: [Value] = []

    /// Whether none reaches further.
    var isEmpty: Bool { values.isEmpty }

    /// Takes the values of the merged cells that begin in a row.
    /// - Parameter isWanted: whether the values of a column are wanted.
    mutating func begin(_ row: SheetRow, _ isWanted: (Int) -> Bool) {
        values.removeAll { $0.last < row.number }
        for span in row.spans where isWanted(span.column) && values.count < Self.countMax {
            guard let cell = row.cell(span.column), !row.isBlank(cell) else { continue }
            values.append(
                Value(
                    column: span.column, first: row.number, last: row.number + min(span.rows, SheetBounds.rowsMax) - 1,
                    kind: cell.kind, isFormula: cell.isFormula, bytes: Array(row.bytes[cell.slice.range])))
        }
    }

    /// Puts values into the cells of a row that they reach to and that hold nothing, and counts them.
    mutating func fill(_ row: SheetRow, _ number: Int64, _ account: inout WorkbookAccount) -> SheetRow {
        values.removeAll { $0.last < number }
        var filled = row
        for place in values.indices where values[place].first < number {
            let value = values[place]
            let next = filled.cells.firstIndex { $0.column >= value.column } ?? filled.cells.endIndex
            guard next == filled.cells.endIndex || filled.cells[next].column != value.column else { continue }
            let slice = ByteSlice(start: filled.bytes.count, count: value.bytes.count)
            filled.bytes += value.bytes
            filled.cells.insert(
                SheetCell(column: value.column, kind: value.kind, slice: slice, isFormula: value.isFormula), at: next)
            account.mergedValues.add(row: number, column: value.column)
            if !value.isUsed { account.usedAreas += 1 }
            values[place].isUsed = true
        }
        return filled
    }
}
