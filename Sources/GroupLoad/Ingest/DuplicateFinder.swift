import RecordFormats

/// Finds the drafts whose name stood earlier in the run, in input order.
struct DuplicateFinder: ~Copyable {
    private var index = NameIndex()
    /// What is noted of the names of a batch: those whose near form stood earlier.
    private var remarks: [NameRemark] = []

    /// How many records ahead the index prefetches what will be looked up: by then its memory is in the cache.
    private static let tagsAhead = 24, entryAhead = 10

    /// Names that have stood so far.
    var names: Int { index.count }

    /// Makes room for about `names` names in all.
    mutating func expect(names: Int) { index.reserve(names: names) }

    /// Gives each draft of `read` that duplicates a name the standing that says so, and adds a remark to those whose
    /// name is only nearly an earlier one.
    ///
    /// - Throws: ``RunError`` if the run has more records than the index can number.
    mutating func find(in read: inout ReadBatch, recordBase: Int64) throws(RunError) {
        let records = read.batch.records
        if let last = records.last, recordBase + last.ordinal > NameIndex.recordMax {
            throw RunError(.tooManyRecords, "more than \(NameIndex.recordMax) records", remedy: "split the list")
        }
        // Safe: every place is below the count, and the array isn't used otherwise meanwhile.
        unsafe read.checked.withUnsafeMutableBufferPointer { checked in
            for place in 0..<checked.count {
                if place + Self.tagsAhead < checked.count {
                    unsafe index.prefetchTags(checked[place + Self.tagsAhead].key)
                }
                if place + Self.entryAhead < checked.count {
                    unsafe index.prefetchEntry(checked[place + Self.entryAhead].key)
                }
                unsafe lookUp(&checked[place], at: place, number: recordBase + records[place].ordinal)
            }
        }
        if remarks.isEmpty { return }
        read.remarks = (read.remarks + remarks).sorted { $0.index < $1.index }
        remarks.removeAll()
    }

    private mutating func lookUp(_ record: inout CheckedRecord, at place: Int, number: Int64) {
        guard case .draft = record.standing else { return }
        let rank = record.fields.rank
        switch index.insert(record.key, recordNumber: number, rank: rank) {
        case .new: break
        case .nearDuplicate(let near): remarks.append(NameRemark(index: place, kind: .near(recordNumber: near)))
        case .duplicate(let first, let firstRank):
            record.standing = .duplicate(of: first, rankDiffers: firstRank != rank, firstRank: firstRank)
        }
    }
}
