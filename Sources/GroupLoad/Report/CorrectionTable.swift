import RecordFormats
import RewardsClient

/// The workbook of a run whose lists are workbooks: the records of `failed.csv`, each with what to do first, then its
/// own columns with the cells at fault marked, then the columns that say how it ended.
///
/// To its maintainers: it is made of the lines of `failed.csv`, so that both have the same records and columns. A field
/// too many, which keeps a record of `failed.csv` invalid, is none of a sheet's columns: the cell at fault is an error
/// in its place, or a text that no rank or activity is.
struct CorrectionTable {
    /// The title of the column that says what to do.
    static let todo = "_what_to_do"
    private static let todoWidth = 80, nameWidth = 36, usualWidth = 14, messageWidth = 60
    /// What advice calls this file.
    private static let file = "this file"

    /// What is said of a cell, behind "it".
    private static func remark(on fault: CellFault, _ text: [UInt8]) -> String {
        switch fault {
        case .date:
            "was a date (\(String(decoding: text, as: UTF8.self))), which the spreadsheet made of what was typed; type "
                + "what was meant, which stays text here"
        case .bareFormula: "held a formula whose value was not saved; type the value"
        case .error: fault.message
        }
    }

    private let table: RecordTable
    private let sources: ReportSources
    private let validator: RecordValidator
    /// The columns of `failed.csv`, and in which order they stand here.
    private let columns: [String]
    private let order: [Int]
    private let namePlace: Int?, rankPlace: Int?, activePlace: Int?, messagePlace: Int?

    /// - Parameter table: which records are written.
    /// - Throws: what the ledger throws.
    init(_ table: RecordTable, _ ledger: any LedgerSnapshot, _ sources: ReportSources) throws {
        self.table = RecordTable(form: .ownColumns, outcomes: table.outcomes)
        self.sources = sources
        let configuration = try ledger.metadata().configuration
        validator = RecordValidator(
            nameLengthMax: configuration?.nameLengthMax ?? 255, nullWords: configuration?.nullWords ?? [])
        var csv = CSVEncoder()
        self.table.appendHeader(sources, to: &csv)
        columns = Self.cells(csv).map { String(decoding: $0, as: UTF8.self) }
        let (columns, own) = (columns, columns.count - sources.columns.count)
        order = Array(own..<columns.count) + Array(0..<own)
        func place(_ member: RecordMember) -> Int? {
            columns.indices.first { $0 >= own && RecordMember(header: columns[$0]) == member }
        }
        (namePlace, rankPlace, activePlace) = (place(.name), place(.rank), place(.active))
        messagePlace = columns.firstIndex(of: "_message")
    }

    /// Whether a run has the file: its lists are workbooks, and a sheet has room for the records.
    static func isMade(of ledger: any LedgerSnapshot) throws -> Bool {
        let lists = try ledger.sources().filter { !$0.isMissingGroups }
        guard !lists.isEmpty, lists.allSatisfy(\.isWorkbook) else { return false }
        guard try ledger.recordCount() > CorrectionBook.recordsMax else { return true }
        var count = 0
        let outcomes = RecordTable.files[RecordTable.correctionName]?.outcomes ?? []
        try ledger.forEachRow(of: outcomes, withOwnBytes: false) { _ in count += 1 }
        return count <= CorrectionBook.recordsMax
    }

    /// Writes the workbook.
    ///
    /// - Returns: its SHA-256.
    /// - Throws: what the file and the ledger throw.
    func write(to file: AtomicFile, from ledger: any LedgerSnapshot) throws -> String {
        let book = CorrectionBook([.init(Self.todo, width: Self.todoWidth)] + order.map(column))
        let line = RecordLine(table, sources)
        var csv = CSVEncoder()
        try ledger.forEachRow(of: table.outcomes, withOwnBytes: true) { row in
            csv.bytes.removeAll(keepingCapacity: true)
            line.append(row, to: &csv)
            book.append(cells(of: row, Self.cells(csv)))
            try Self.empty(book, into: file)
        }
        book.finish()
        try Self.empty(book, into: file)
        return try file.finish()
    }

    private static func empty(_ book: CorrectionBook, into file: AtomicFile) throws {
        guard !book.bytes.isEmpty else { return }
        try file.append { $0.bytes.append(contentsOf: book.bytes) }
        book.bytes.removeAll(keepingCapacity: true)
    }

    private func column(_ place: Int) -> CorrectionBook.Column {
        let isNumber = ["_record", "_line", "_http", "_code"].contains(columns[place]) || place == rankPlace
        let width =
            place == namePlace ? Self.nameWidth : place == messagePlace ? Self.messageWidth : Self.usualWidth
        return CorrectionBook.Column(columns[place], isNumber: isNumber, width: width)
    }

    /// The fields of the line of CSV that was written.
    private static func cells(_ csv: CSVEncoder) -> [[UInt8]] {
        RecordBatch.columns(of: Array(csv.bytes.dropLast()), delimiter: .comma).columns
    }

    /// The cells of a record, by the fields of its line.
    private func cells(of row: borrowing ReportRow, _ fields: [[UInt8]]) -> [CorrectionBook.Cell] {
        var cells = fields.prefix(columns.count).map { CorrectionBook.Cell($0) }
        cells += Array(repeating: CorrectionBook.Cell([]), count: columns.count - cells.count)
        // Safe: the row is lent while its cells are made, which copy its bytes.
        let message = unsafe row.message.map { unsafe Array($0) } ?? []
        if let messagePlace { cells[messagePlace].text = message }
        let surplus = fields.dropFirst(columns.count).first.map { String(decoding: $0, as: UTF8.self) }
        var todo: String
        if let surplus, let (fault, role) = CellFault.inSurplus(surplus, of: MemberMapping.groups.roles),
            let place = [namePlace, rankPlace, activePlace][role]
        {
            // The text of a date is no rank, and no activity, but might pass for a name.
            let isText = fault == .date && place != namePlace && !cells[place].text.isEmpty
            cells[place].fault = isText ? nil : fault
            cells[place].isMarked = true
            todo = "Correct the marked cell: it \(Self.remark(on: fault, cells[place].text))"
            let isTotal = String(decoding: message, as: UTF8.self).hasSuffix(Violations.totalRemark)
            if isTotal { todo += "; \(Violations.totalRemark)" }
        } else if row.kind == .invalid {
            let marked = mark(&cells)
            let what = marked == 0 ? "record" : marked == 1 ? "marked cell" : "marked cells"
            todo = "Correct the \(what): \(String(decoding: message, as: UTF8.self))"
        } else {
            if row.code == Int64(RetryVerdict.nameTakenCode), let namePlace { cells[namePlace].isMarked = true }
            let cause = Cause(outcome: row.kind ?? .failed, http: row.http, code: row.code, message: "")
            todo = cause.advice(isUndo: false, failed: Self.file)
        }
        for place in cells.indices where !CorrectionBook.canHold(cells[place].text) {
            cells[place].isMarked = true
            todo += ". A text is too long for a workbook and was cut; failed.csv has all of it"
        }
        return [CorrectionBook.Cell(Array(todo.utf8))] + order.map { cells[$0] }
    }

    /// Marks the cells that make a record invalid.
    /// - Returns: how many there are.
    private func mark(_ cells: inout [CorrectionBook.Cell]) -> Int {
        func text(_ place: Int?) -> [UInt8] { place.map { cells[$0].text } ?? [] }
        let found = validator.violations(name: text(namePlace), rank: text(rankPlace), active: text(activePlace))
        var marked = 0
        for (place, kinds) in [
            (namePlace, Violations.ofName), (rankPlace, .ofRank), (activePlace, .ofActive),
        ] {
            guard let place, !found.isDisjoint(with: kinds) else { continue }
            cells[place].isMarked = true
            marked += 1
        }
        return marked
    }
}
