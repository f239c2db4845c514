import RecordFormats

/// Titles that a list has between its rows: `EU groups` above some, `US groups` above others.
///
/// | a row that has nothing but a name, and no rank, before one that has a rank, is a title |
/// |---|
/// | where a blank row or a repeated header stands before or behind it |
/// | where it is the first row of the list, and another one is a title |
/// | where the list has more columns than name and rank, and begins with such a row |
///
/// Of the other rows, nearly all have a rank, and there are as many at least. The first rows of a list say what it is
/// like: further down, nothing is looked for.
struct SectionTitles {
    /// Records of a list that are looked at, and those of one form that are kept.
    private static let recordsMax = 10_000, keptMax = 200
    /// One of so many may lack a rank.
    private static let rankedMin = 10

    private var isOver = false
    private var ranked = 0, others = 0
    private var hasMoreColumns = false
    private var candidates: [(entry: ListTail.Entry, isSure: Bool, isFirst: Bool)] = []
    /// Whether the last record is the last candidate; the line behind it.
    private var isPending = false
    private var nextLine: Int64 = 0

    /// Takes the records of a batch.
    ///
    /// - Parameter told: the records' indices whose names are suspicious already.
    mutating func add(_ batch: CheckedBatch, told: Set<Int>) {
        guard !isOver, let columns = batch.columns, columns.count > 1 else { return }
        hasMoreColumns = columns.count > 2
        let records = batch.batch.records
        for index in records.indices {
            if records[index].ordinal > Self.recordsMax { return isOver = true }
            if records[index].rank.slice.count > 0, !isPending {
                ranked += 1
                continue
            }
            addRare(index, in: batch, isTold: told.contains(index))
        }
        if let last = records.indices.last { nextLine = batch.lineBehind(last) }
        isOver = candidates.count > Self.keptMax || others > Self.keptMax
    }

    /// Takes a record that has no rank, or stands behind one that may be a title.
    private mutating func addRare(_ index: Int, in batch: CheckedBatch, isTold: Bool) {
        let record = batch.batch.records[index]
        let lineBefore = index > 0 ? batch.lineBehind(index - 1) : nextLine
        let isBehindGap = lineBefore > 0 && record.line > lineBefore
        if isPending {
            isPending = false
            if record.rank.slice.count > 0 {
                ranked += 1
                if isBehindGap { candidates[candidates.count - 1].isSure = true }
                return
            }
            // No row with a rank follows.
            candidates.removeLast()
            others += 1
        }
        guard batch.checked[index].standing == .draft, !isTold, batch.isAlone(index) else { return others += 1 }
        let (name, read) = (batch.checked[index].fields.name, record.name.slice)
        candidates.append(
            (
                ListTail.Entry(
                    recordNumber: batch.recordBase + record.ordinal, line: record.line, name: batch.text(name),
                    read: batch.text(read), isQuiet: true, isBehindBlank: isBehindGap, isAlone: true),
                isSure: isBehindGap, isFirst: record.ordinal == 1
            ))
        isPending = true
    }

    /// What may be a title.
    var found: [ListTail.Entry] {
        let all = isPending ? candidates.dropLast() : candidates[...]
        guard all.count <= ranked, others * Self.rankedMin <= ranked else { return [] }
        if hasMoreColumns, all.count > 1, all.first?.isFirst == true { return all.map(\.entry) }
        return all.contains(where: \.isSure) ? all.filter { $0.isSure || $0.isFirst }.map(\.entry) : []
    }
}

extension CheckedBatch {
    /// The bytes of a slice as text.
    fileprivate func text(_ slice: ByteSlice) -> String {
        String(decoding: batch.arena[slice.start..<slice.end], as: UTF8.self)
    }
}
