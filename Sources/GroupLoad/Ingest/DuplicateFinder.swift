import RecordFormats

/// Finds the drafts whose name stood earlier in the run, in input order.
struct DuplicateFinder: ~Copyable {
    private var index = NameIndex()
    /// What is noted of the names of a batch: those that stood earlier, or nearly.
    private var remarks: [NameRemark] = []
    /// Further invalid records of a name that only invalid records have had so far, by the first of them.
    private var moreInvalid: [Int64: [Int64]] = [:]
    private var moreInvalidCount = 0
    /// Records that are kept so, at most.
    private static let moreInvalidMax = 100_000

    /// How many records ahead the index prefetches what will be looked up: by then its memory is in the cache.
    private static let tagsAhead = 64, entryAhead = 24

    /// Names that have stood so far.
    var names: Int { index.count }

    /// Makes room for about `names` names in all.
    mutating func expect(names: Int) { index.reserve(names: names) }

    /// Gives each draft of `read` that duplicates a name the standing that says so, and adds remarks: to those whose
    /// name is only nearly an earlier one, that say something else than the first record of their name, or that count
    /// in the place of an invalid record.
    ///
    /// - Throws: ``RunError`` if the run has more records than the index can number.
    mutating func find(in read: inout ReadBatch, recordBase: Int64) throws(RunError) {
        // Records are numbered on. The number of each isn't read: its memory may be at the core that has decoded it.
        let records = read.batch.records
        guard let first = records.first?.ordinal, let last = records.last?.ordinal else { return }
        precondition(last - first == records.count - 1)
        if recordBase + last > NameIndex.recordMax {
            throw RunError(.tooManyRecords, "more than \(NameIndex.recordMax) records", remedy: "split the list")
        }
        // Safe: every place is below the count, and the array isn't used otherwise meanwhile.
        unsafe read.checked.withUnsafeMutableBufferPointer { checked in
            for place in 0..<min(Self.tagsAhead, checked.count) { unsafe index.prefetchTags(checked[place].key) }
            for place in 0..<min(Self.entryAhead, checked.count) { unsafe index.prefetchEntry(checked[place].key) }
            for place in 0..<checked.count {
                if place + Self.tagsAhead < checked.count {
                    unsafe index.prefetchTags(checked[place + Self.tagsAhead].key)
                }
                if place + Self.entryAhead < checked.count {
                    unsafe index.prefetchEntry(checked[place + Self.entryAhead].key)
                }
                unsafe lookUp(&checked[place], at: place, number: recordBase + first + Int64(place))
            }
        }
        if remarks.isEmpty { return }
        read.remarks = (read.remarks + remarks).sorted { $0.index < $1.index }
        remarks.removeAll()
    }

    @inline(__always)
    private mutating func lookUp(_ record: inout CheckedRecord, at place: Int, number: Int64) {
        guard case .draft = record.standing else { return lookUpInvalid(record, at: place, number: number) }
        let fields = record.fields
        switch index.insert(
            record.key, recordNumber: number, rank: fields.rank, mark: NameIndex.Mark(isActive: fields.active))
        {
        case .new: break
        case .nearDuplicate(let near): remark(place, .near(recordNumber: near))
        case .duplicate(let first, let rank, let isActive):
            let values = CheckedRecord.GroupValues(rank: rank, isActive: isActive)
            let agrees = values.agrees(with: record.values)
            record.standing = .duplicate(of: first, differsFrom: agrees ? nil : values)
            if !agrees { remark(place, .differs(from: first, values)) }
        case .invalid(let first):
            let others = moreInvalid.removeValue(forKey: first) ?? []
            remark(place, .substitute(for: [first] + others))
        }
    }

    /// Looks up an invalid record whose name is valid: once corrected, it is another record of that name.
    @inline(never)
    private mutating func lookUpInvalid(_ record: CheckedRecord, at place: Int, number: Int64) {
        guard record.key != .none else { return }
        switch index.insert(record.key, recordNumber: number, rank: nil, mark: .invalid) {
        case .new: break
        case .nearDuplicate(let near): remark(place, .near(recordNumber: near))
        case .duplicate(let first, let rank, let isActive):
            remark(place, .replaced(by: first, CheckedRecord.GroupValues(rank: rank, isActive: isActive)))
        case .invalid(let first):
            guard moreInvalidCount < Self.moreInvalidMax else { return }
            moreInvalidCount += 1
            moreInvalid[first, default: []].append(number)
        }
    }

    @inline(never)
    private mutating func remark(_ place: Int, _ kind: NameRemark.Kind) {
        remarks.append(NameRemark(index: place, kind: kind))
    }
}
