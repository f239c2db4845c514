import RecordFormats

/// The last records of a list, in which notes and totals are looked for that a report writes below it.
///
/// | what stands at the end | what is taken for notes |
/// |---|---|
/// | records behind a blank row, one of them a note or a total by its words | all behind the blank row |
/// | records behind a blank row, with nothing but names of three words or more, or a colon | the same |
/// | records of which each is a note or a total by its words, or has a name alone | from the first by its words on |
///
/// A message of a program may stand anywhere in it; `Sum 41` is a total where it is the last, and no other is like it.
/// Where the list has several columns, all of these but totals have nothing beside the name. What is above them is
/// looked at in the same way.
struct ListTail {
    /// A record of the end of the list.
    struct Entry {
        var recordNumber: Int64
        var line: Int64
        /// The trimmed name, and as it was read.
        var name: String, read: String
        /// Whether it is a draft that nothing is said of yet.
        var isQuiet: Bool
        /// Whether a blank row stands before it; whether the list has several columns, of which only the name's holds
        /// something.
        var isBehindBlank: Bool, isAlone: Bool
    }

    /// Records that are looked at.
    private static let countMax = 12
    /// Words of a name from which on it may be a note.
    private static let wordsMin = 3

    private var entries: [Entry] = []
    /// The line that follows the last record.
    private var nextLine: Int64 = 0
    private var hasColumns = false

    /// Takes the last records of a batch.
    ///
    /// - Parameter told: the records' indices whose names are suspicious already.
    mutating func add(_ batch: CheckedBatch, told: Set<Int>) {
        let records = batch.batch.records
        hasColumns = batch.columns?.count ?? 0 > 1
        for index in records.indices.suffix(Self.countMax) {
            let record = records[index]
            let read = batch.batch.arena[record.name.slice.bounds]
            let name = batch.checked[index].fields.name
            if index == records.indices.suffix(Self.countMax).first, index > records.startIndex {
                nextLine = batch.lineBehind(index - 1)
            }
            entries.append(
                Entry(
                    recordNumber: batch.recordBase + record.ordinal, line: record.line,
                    name: String(decoding: batch.batch.arena[name.start..<name.end], as: UTF8.self),
                    read: String(decoding: read, as: UTF8.self),
                    isQuiet: batch.checked[index].standing == .draft && !told.contains(index),
                    isBehindBlank: batch.columns != nil && nextLine > 0 && record.line > nextLine,
                    isAlone: hasColumns && batch.isAlone(index)))
            nextLine = batch.lineBehind(index)
        }
        if entries.count > Self.countMax { entries.removeFirst(entries.count - Self.countMax) }
    }

    /// What at the end of the list is no group's name.
    func notes() -> [(entry: Entry, suspicion: NameSuspicion)] {
        var end = entries.count
        while end > 0, let start = start(of: entries[..<end]) { end = start }
        if end == entries.count, let last = entries.last, NameSuspicion.isNumberedTotal(last.name),
            !entries.dropLast().contains(where: { NameSuspicion.isNumberedTotal($0.name) })
        {
            end -= 1
        }
        return entries.enumerated().compactMap { place, entry in
            guard entry.isQuiet else { return nil }
            if NameSuspicion.isMessage(entry.name) { return (entry, .message) }
            guard place >= end else { return nil }
            let isTotal = NameSuspicion.isTotal(entry.name) || NameSuspicion.isNumberedTotal(entry.name)
            return (entry, isTotal ? place == entries.count - 1 ? .total : .subtotal : .footer)
        }
    }

    /// Where the notes begin that the entries end with; nil where they end with none.
    private func start(of entries: ArraySlice<Entry>) -> Int? {
        func isNote(_ entry: Entry) -> Bool {
            (entry.isAlone || !hasColumns) && NameSuspicion.isFooter(entry.name) || NameSuspicion.isTotal(entry.name)
        }
        func mayBeNote(_ entry: Entry) -> Bool { entry.isAlone || isNote(entry) }
        if let start = entries.lastIndex(where: \.isBehindBlank) {
            let block = entries[start...]
            if block.allSatisfy({ hasColumns ? mayBeNote($0) : true }), block.contains(where: isNote) { return start }
            let words = block[start].name.split(separator: " ").count
            if block.allSatisfy(\.isAlone), words >= Self.wordsMin || block[start].name.contains(":") { return start }
        }
        let first = entries.lastIndex { !mayBeNote($0) }.map { $0 + 1 } ?? entries.startIndex
        return entries[first...].firstIndex(where: isNote)
    }
}

extension CheckedBatch {
    /// The line behind a record, whose text may have several.
    func lineBehind(_ index: Int) -> Int64 {
        let record = batch.records[index]
        return record.line + 1 + Int64(batch.arena[record.raw.bounds].count { $0 == 0x0A })
    }

    /// Whether a record of a table has nothing beside its name.
    func isAlone(_ index: Int) -> Bool {
        let record = batch.records[index]
        return signs(record.raw) == signs(record.name.slice)
    }

    /// Bytes that are neither white space nor what separates and quotes fields.
    private func signs(_ slice: ByteSlice) -> Int {
        let delimiter = (delimiter ?? .comma).rawValue
        return batch.arena[slice.bounds].count { $0 > 0x20 && $0 != 0x22 && $0 != delimiter }
    }
}
