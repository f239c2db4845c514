import RecordFormats

/// Notes what is remarkable about names, the first of each kind by record, and counts.
struct RemarkTally {
    /// Names that have the near form of an earlier one.
    private(set) var nearDuplicates = 0
    /// Drafts with suspicious names (``NameSuspicion``).
    private(set) var suspicious = 0

    /// The first of both.
    private(set) var noted = NotedNames()

    /// What messages call the sources, by number, and their paths as given.
    private let names: [String], paths: [String]
    private let listing: String
    private let note: @Sendable (String) -> Void
    private var near: CappedNotices
    private var suspicions: CappedNotices
    private var substitutes: CappedNotices
    /// The first duplicate that differs from the record of its name, as a message says it.
    private var firstDiffering: String?
    /// The last records so far of the source that is read.
    private var tail = ListTail()
    /// The first records so far, among which titles are looked for.
    private var titles = SectionTitles()
    private var source = 0
    /// Whether a name of the source has an escape.
    private var hasEscapes = false
    private var earlier = EarlierNames()
    /// Names of a source at whose ends something was left out that can't be seen, and the first of them.
    private var trimmed: [Int: (count: Int, first: String)] = [:]

    init(names: [String], paths: [String], listing: String, note: @escaping @Sendable (String) -> Void) {
        self.names = names
        self.paths = paths
        self.listing = listing.isEmpty ? "" : " (\(listing))"
        self.note = note
        near = CappedNotices(note: note)
        suspicions = CappedNotices(note: note)
        substitutes = CappedNotices(note: note)
    }

    /// Notes the remarks of a batch.
    mutating func add(_ batch: CheckedBatch) {
        if source != batch.source { endSource() }
        source = batch.source
        var told: Set<Int> = []
        for remark in remarks(of: batch) {
            let record = batch.batch.records[remark.index]
            let number = batch.recordBase + record.ordinal
            switch remark.kind {
            case .suspicious(let suspicion):
                guard batch.checked[remark.index].standing == .draft else { continue }
                if isSuspicionFull {
                    suspicious += 1
                    suspicions.add("")
                } else {
                    let text = suspicion.reason + batch.remedy(suspicion, remark.index)
                    let entry = entry(number, record.line, batch.name(remark.index), text)
                    tellSuspicious(entry, at: place(of: remark.index, in: batch))
                }
                told.insert(remark.index)
            case .trimmed(let scalar):
                let first = "the first is record \(number) on line \(record.line), \(Shown.title(of: scalar))"
                trimmed[batch.source, default: (0, first)].count += 1
            case .near(let other):
                nearDuplicates += 1
                if isNearFull {
                    near.add("")
                } else {
                    let name = (batch.shownName(recordNumber: other) ?? earlier.shown(other)).map { " \($0)" } ?? ""
                    let entry = entry(
                        number, record.line, batch.name(remark.index), "is nearly record \(other)\(name)")
                    let place = place(of: remark.index, in: batch)
                    near.add("\(place) \(entry.remark)")
                    NotedNames.keep(entry, in: &noted.near)
                }
            case .substitute(let others):
                let list = others.prefix(3).map(String.init).joined(separator: ", ")
                let more = others.count > 3 ? " and \(others.count - 3) more" : ""
                let text =
                    others.count == 1
                    ? "is loaded in place of record \(list), which has the same name and is invalid"
                    : "is loaded in place of records \(list)\(more), which have the same name and are invalid"
                tellSubstitute(remark.index, in: batch, text)
            case .replaced(let other, _):
                tellSubstitute(
                    remark.index, in: batch,
                    "is invalid, and record \(other), which has the same name, is loaded in its place")
            case .notUTF8: break
            case .differs(let first, let values):
                noted.differingCount += 1
                guard noted.differing.count < NotedNames.entriesMax else { continue }
                let text = "has \(batch.checked[remark.index].values), but record \(first) has \(values), which counts"
                NotedNames.keep(
                    entry(number, record.line, batch.name(remark.index), text), in: &noted.differing)
                firstDiffering = firstDiffering ?? "\(place(of: remark.index, in: batch)) \(text)"
            }
        }
        if isNearFull { earlier.forget() } else { earlier.keep(batch) }
        titles.add(batch, told: told)
        tail.add(batch, told: told)
    }

    /// Records at the beginning of a source among which messages of programs are looked for.
    private static let headMax = 12

    /// The batch's own remarks, with those on names that are suspicious by where they stand, in the records' order.
    private mutating func remarks(of batch: CheckedBatch) -> [NameRemark] {
        let more = messages(atHeadOf: batch) + escapes(in: batch)
        if more.isEmpty { return batch.remarks }
        var told: Set<Int> = []
        for remark in batch.remarks { if case .suspicious = remark.kind { told.insert(remark.index) } }
        let others = more.filter { told.insert($0).inserted }
            .map { NameRemark(index: $0, kind: .suspicious(batch.isMessage($0) ? .message : .escaped)) }
        return (batch.remarks + others).sorted { $0.index < $1.index }
    }

    private func messages(atHeadOf batch: CheckedBatch) -> [Int] {
        batch.batch.records.prefix { $0.ordinal <= Self.headMax }.indices
            .filter { batch.checked[$0].standing == .draft && batch.isMessage($0) }
    }

    /// Records at the beginning of a source in which escapes are looked for; where they have none, the list has none.
    private static let escapesMax = 10_000

    private mutating func escapes(in batch: CheckedBatch) -> [Int] {
        guard let delimiter = batch.delimiter, let first = batch.batch.records.first,
            hasEscapes || first.ordinal <= Self.escapesMax, batch.batch.arena.contains(UInt8(ascii: "\\"))
        else { return [] }
        var found: [Int] = []
        for (index, record) in batch.batch.records.enumerated() where batch.checked[index].standing == .draft {
            if !hasEscapes, record.ordinal > Self.escapesMax { break }
            guard NameSuspicion.isEscaped(batch.name(index), isTabbed: delimiter == .tab) else { continue }
            hasEscapes = true
            found.append(index)
        }
        return found
    }

    private mutating func tellSubstitute(_ index: Int, in batch: CheckedBatch, _ text: String) {
        noted.substituteCount += 1
        guard noted.substitutes.count < NotedNames.entriesMax else { return substitutes.add("") }
        let record = batch.batch.records[index]
        let place = place(of: index, in: batch)
        substitutes.add("\(place) \(text)")
        NotedNames.keep(
            entry(batch.recordBase + record.ordinal, record.line, batch.name(index), text), in: &noted.substitutes)
    }

    /// Whether no more near names are told or kept.
    private var isNearFull: Bool { near.isFull && noted.near.count >= NotedNames.entriesMax }

    /// What is kept of a record of the source that is read.
    private func entry(_ recordNumber: Int64, _ line: Int64, _ name: String, _ text: String) -> NotedNames.Entry {
        NotedNames.Entry(record: recordNumber, path: paths[source], line: line, name: name, remark: text)
    }

    /// Notes what is noted once, and how many there were of what was noted by record.
    mutating func end() {
        endSource()
        near.tellRest("whose names are near others" + listing)
        suspicions.tellRest("whose names are suspicious" + listing)
        substitutes.tellRest("with the names of invalid records" + listing)
        if let firstDiffering {
            let count = noted.differingCount
            note(
                count == 1
                    ? firstDiffering
                    : """
                    \(Shown.number(count)) duplicates have another rank or activity than the first record of their \
                    name, the first of them: \(firstDiffering)\(listing)
                    """)
        }
        for (source, found) in trimmed.sorted(by: { $0.key < $1.key }) {
            let (has, reads) = found.count == 1 ? ("name has", "is") : ("names have", "are")
            note(
                """
                \(names[source]): \(found.count) \(has) characters at an end that can't be seen, and \(reads) read \
                without them (\(found.first))
                """)
        }
    }

    /// Notes what stands between the rows of a source's list and below it: titles, totals, and notes of a report.
    private mutating func endSource() {
        let found = titles.found.map { ($0, NameSuspicion.title) } + tail.notes().map { ($0.entry, $0.suspicion) }
        for (entry, suspicion) in found {
            let place =
                "\(names[source]):\(entry.line): record \(entry.recordNumber) \(Shown.exactly(entry.read, limit: 80))"
            tellSuspicious(self.entry(entry.recordNumber, entry.line, entry.name, suspicion.reason), at: place)
        }
        tail = ListTail()
        titles = SectionTitles()
        hasEscapes = false
    }

    private mutating func tellSuspicious(_ entry: NotedNames.Entry, at place: String) {
        suspicious += 1
        suspicions.add("\(place) \(entry.remark)")
        NotedNames.keep(entry, in: &noted.suspicious)
    }

    /// Whether no more suspicious names are told or kept.
    private var isSuspicionFull: Bool {
        suspicions.isFull && noted.suspicious.count >= NotedNames.entriesMax
    }

    /// `groups.csv:5: record 4 "Gold"`.
    private func place(of index: Int, in batch: CheckedBatch) -> String {
        let record = batch.batch.records[index]
        let number = batch.recordBase + record.ordinal
        return "\(names[batch.source]):\(record.line): record \(number) \(batch.shownName(index))"
    }
}

/// The names of the first records, for messages about later ones.
private struct EarlierNames {
    /// Records whose names are told; fewer where their batches take up so many bytes.
    private static let recordsMax: Int64 = 50_000, bytesMax = 32 << 20

    private var batches: [CheckedBatch] = []
    private var bytes = 0

    mutating func keep(_ batch: CheckedBatch) {
        guard bytes < Self.bytesMax, let first = batch.batch.records.first,
            batch.recordBase + first.ordinal <= Self.recordsMax
        else { return }
        batches.append(batch)
        bytes += batch.batch.arena.count + batch.batch.records.count * MemoryLayout<Record>.stride
    }

    mutating func forget() {
        batches.removeAll()
        bytes = Self.bytesMax
    }

    func shown(_ recordNumber: Int64) -> String? {
        guard recordNumber <= Self.recordsMax else { return nil }
        for batch in batches { if let name = batch.shownName(recordNumber: recordNumber) { return name } }
        return nil
    }
}

extension CheckedBatch {
    fileprivate func isMessage(_ index: Int) -> Bool { NameSuspicion.isMessage(name(index)) }

    /// The option that makes such names invalid, where there is one.
    fileprivate func remedy(_ suspicion: NameSuspicion, _ index: Int) -> String {
        guard suspicion == .noValue else { return "" }
        let name = checked[index].fields.name
        let text = String(decoding: batch.arena[name.start..<name.end], as: UTF8.self)
        return "; \(NullWords.option(text)) makes it invalid"
    }

    /// The trimmed name of a record of this batch.
    fileprivate func name(_ index: Int) -> String {
        let name = checked[index].fields.name
        return String(decoding: batch.arena[name.start..<name.end], as: UTF8.self)
    }

    /// The name of a record of this batch for a message, in quotes; nil for a record of another batch.
    fileprivate func shownName(recordNumber: Int64) -> String? {
        guard let first = batch.records.first, let last = batch.records.last,
            (recordBase + first.ordinal...recordBase + last.ordinal).contains(recordNumber)
        else { return nil }
        return shownName(Int(recordNumber - recordBase - first.ordinal))
    }

    /// The name as it was read, with all escaped that two names may differ in unseen.
    fileprivate func shownName(_ index: Int) -> String {
        let name = batch.records[index].name.slice
        return Shown.exactly(String(decoding: batch.arena[name.start..<name.end], as: UTF8.self), limit: 80)
    }
}
