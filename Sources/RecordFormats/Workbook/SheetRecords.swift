/// Makes records of the rows behind a sheet's header.
struct SheetRecords {
    private let header: SheetHeader
    private let roles: [FieldRole]
    private let limits: DecodingLimits
    private(set) var recordsRead: Int64 = 0
    /// What is met beside records.
    var account: WorkbookAccount
    /// How many more bytes rows may have that are repetitions of others.
    private var repetitionBytesLeft: Int64 = 256 << 20
    /// The last row that held something.
    private var lastRow: Int64
    /// The header's text in the first role's column.
    private let headerName: [UInt8]
    /// Fields that had to be copied behind the record's own bytes, by the roles' indices.
    private var copies: [(role: Int, slice: ByteSlice)] = []

    /// The merged cells that reach to the row at hand, in the columns of ranks and activities.
    private var merged = MergedValues()

    /// - Parameter lastRow: the last row above the records.
    init(
        _ header: SheetHeader, _ roles: [FieldRole], limits: DecodingLimits, account: WorkbookAccount, lastRow: Int64
    ) {
        self.header = header
        self.roles = roles
        self.limits = limits
        self.account = account
        self.account.headerRow = header.row
        self.lastRow = lastRow
        headerName = Array(header.columns[header.places.first].utf8)
    }

    /// Makes sure that a row isn't repeated more often than any list's, before the first of its records.
    /// - Throws: `limitExceeded`.
    mutating func admit(_ row: SheetRow) throws(DecodingFailure) {
        guard row.count > 1, !row.cells.isEmpty else { return }
        repetitionBytesLeft -= (row.count - 1) * Int64(row.bytes.count + row.cells.count)
        guard repetitionBytesLeft >= 0 else {
            throw DecodingFailure(
                code: .limitExceeded, line: row.number,
                message: "the sheet repeats rows more often than any list does; save the list as CSV")
        }
    }

    /// Appends the record that a row is, or counts what it is instead.
    /// - Throws: `recordTooLong`, `limitExceeded`.
    mutating func accept(_ row: SheetRow, into batch: inout RecordBatch) throws(DecodingFailure) {
        guard row.number + row.count - 1 <= SheetBounds.rowsMax else {
            if row.cells.isEmpty { return }
            throw SheetBounds.exceeded(row: row.number)
        }
        guard holdsSomething(row) else {
            account.trailingRows.add(row.count, row: row.number)
            return
        }
        if !row.spans.isEmpty {
            let header = header
            merged.begin(row) { column in
                let place = column - header.firstColumn
                return place >= 0 && header.places.role(at: place).map { $0 > 0 } ?? false
            }
        }
        if row.number > lastRow + 1 { account.blankRows.add(row.number - lastRow - 1, row: lastRow + 1) }
        if account.trailingRows.count > 0 { account.trailingRows = WorkbookAccount.Tally() }
        lastRow = row.number + row.count - 1
        switch row.visibility {
        case .shown: break
        case .hidden: account.hiddenRows.add(row.count, row: row.number)
        case .filtered: account.filteredRows.add(row.count, row: row.number)
        }
        if row.visibility != .shown, account.skipsHidden { return }
        if header.row > 0, isRepeatedHeader(row) {
            return account.repeatedHeaders.add(row.count, row: row.number)
        }
        for offset in 0..<row.count {
            let number = row.number + offset
            try append(merged.isEmpty ? row : filled(row, number), at: number, into: &batch)
        }
    }

    /// A row with the values of merged cells that begin above it; nothing is put into one without a name.
    private mutating func filled(_ row: SheetRow, _ number: Int64) -> SheetRow {
        let name = row.cell(header.firstColumn + header.places.first)
        guard let name, !row.isBlank(name) else { return row }
        return merged.fill(row, number, &account)
    }

    /// Whether a cell under the header holds something; counts those beside it.
    private mutating func holdsSomething(_ row: SheetRow) -> Bool {
        var found = false
        for cell in row.cells where !row.isBlank(cell) {
            let place = cell.column - header.firstColumn
            if place >= 0, place < header.count {
                found = true
            } else {
                account.outsideCells.add(row.count, row: row.number, column: cell.column)
            }
        }
        return found
    }

    private func isRepeatedHeader(_ row: SheetRow) -> Bool {
        guard let cell = row.cell(header.firstColumn + header.places.first), cell.slice.count == headerName.count,
            row.bytes[cell.slice.range].elementsEqual(headerName)
        else { return false }
        return header.isRepeated(row)
    }

    /// Appends a record: its row as CSV, and its fields as slices of that.
    private mutating func append(
        _ row: SheetRow, at number: Int64, into batch: inout RecordBatch
    ) throws(DecodingFailure) {
        recordsRead += 1
        let start = batch.arena.count
        var fields = RecordFields()
        var problem: (cell: SheetCell, fault: CellFault, role: Int)?
        copies.removeAll(keepingCapacity: true)
        var next = row.cells.startIndex
        for place in 0..<header.count {
            if place > 0 { batch.arena.append(UInt8(ascii: ",")) }
            let column = header.firstColumn + place
            while next < row.cells.count, row.cells[next].column < column { next += 1 }
            let role = header.places.role(at: place)
            guard next < row.cells.count, row.cells[next].column == column else {
                if let role { fields.set(role, .text(ByteSlice(start: batch.arena.count, count: 0))) }
                continue
            }
            let cell = row.cells[next]
            let slice = append(row.bytes.span.extracting(cell.slice.range), to: &batch.arena)
            // At once, for one text may stand in many cells.
            guard batch.arena.count - start <= limits.recordBytesMax else { throw tooLong(number) }
            guard let role else { continue }
            if let slice { fields.set(role, .text(slice)) } else { copies.append((role, cell.slice)) }
            if problem == nil { problem = fault(cell, role).map { (cell, $0, role) } }
            if cell.isFormula { account.formulas += 1 }
            if role == 0 { note(cell, number) }
        }
        // A record that can't be read from the cell's text alone stays invalid where that is fed back.
        if let problem {
            batch.arena.append(UInt8(ascii: ","))
            batch.arena.append(contentsOf: problem.fault.surplus(of: roles[problem.role]).utf8)
        }
        let raw = ByteSlice(start: start, count: batch.arena.count - start)
        guard raw.count <= limits.recordBytesMax else { throw tooLong(number) }
        for (role, slice) in copies {
            let copy = ByteSlice(start: batch.arena.count, count: slice.count)
            batch.arena.append(row.bytes.span.extracting(slice.range))
            fields.set(role, .text(copy))
        }
        var record = Record(ordinal: recordsRead, line: number, raw: raw, fields: fields)
        record.problem = problem.map { .cell($0.fault, column: Int32($0.cell.column)) }
        batch.records.append(record)
    }

    /// Appends a cell as a field of CSV.
    /// - Returns: where its text stands; nil where it is quoted and so has another form.
    private func append(_ text: Span<UInt8>, to arena: inout [UInt8]) -> ByteSlice? {
        let slice = ByteSlice(start: arena.count, count: text.count)
        guard CSVEncoder.needsQuotes(text) else {
            arena.append(text)
            return slice
        }
        arena.append(0x22)
        for index in 0..<text.count {
            if text[index] == 0x22 { arena.append(0x22) }
            arena.append(text[index])
        }
        arena.append(0x22)
        return nil
    }

    private func tooLong(_ row: Int64) -> DecodingFailure {
        DecodingFailure(
            code: .recordTooLong, line: row, recordNumber: recordsRead,
            message: "the row is longer than \(limits.recordBytesMax) bytes; raise --record-bytes-max")
    }

    private func fault(_ cell: SheetCell, _ role: Int) -> CellFault? {
        switch cell.kind {
        case .date where role < 2: .date
        case .error: .error
        case .bareFormula: .bareFormula
        default: nil
        }
    }

    private mutating func note(_ cell: SheetCell, _ row: Int64) {
        switch cell.kind {
        case .formattedNumber: account.formattedNames.add(row: row, column: cell.column)
        case .longNumber: account.longNames.add(row: row, column: cell.column)
        default: break
        }
    }
}
