package import RecordFormats

/// What came of the check of one record.
package struct CheckedRecord: Sendable {
    /// Draft, repeat or invalid.
    package enum Verdict: Sendable, Equatable {
        case draft
        /// The name stood in `record`; whether this one's rank is another, and what that one's was.
        case duplicate(of: Int64, rankDiffers: Bool, firstRank: Int32?)
        case invalid
    }

    package var verdict: Verdict
    /// The trimmed name, the rank and the violations.
    package var finding: RecordValidator.Finding
    /// The key that the ledger knows the draft's name by; meaningless for an invalid record.
    package var key: NameIndex.Key
}

extension CheckedRecord {
    /// What is noted of a duplicate whose rank is another than the first's.
    static func rankNote(first: Int64, rank: Int32?) -> String {
        "rank differs from record \(first), which has \(rank.map(String.init) ?? "none")"
    }
}

/// A batch after validation and dedup: one verdict a record, in the same order.
package struct CheckedBatch: Sendable {
    package var batch: RecordBatch
    package var checked: [CheckedRecord]
    /// What is added to a record's ordinal within its source to give its number within the run.
    package var recordBase: Int64
    /// The number of the source, from 0, in the order given.
    package var source: Int
    /// CSV: the header's texts, and what separates fields.
    package var columns: [String]?
    package var delimiter: CSVDelimiter?

    init(_ read: ReadBatch, checked: [CheckedRecord], recordBase: Int64) {
        batch = read.batch
        self.checked = checked
        self.recordBase = recordBase
        source = read.source
        columns = read.columns
        delimiter = read.delimiter
    }
}

/// Validation and dedup of batches, in input order, over all sources of a run.
package struct RecordChecker: ~Copyable {
    private let validator: RecordValidator
    private let nameMatch: NameMatch
    private let hash: KeyedHash
    private var index = NameIndex()
    private var folder = NameFolder()
    /// Names that differ from an earlier one only when folded.
    package private(set) var nearDuplicates = 0

    package init(validator: RecordValidator, nameMatch: NameMatch, hash: KeyedHash) {
        self.validator = validator
        self.nameMatch = nameMatch
        self.hash = hash
    }

    /// Makes room for about `records` records in all.
    package mutating func expect(records: Int) { index.reserve(names: records) }

    /// Checks all records of `batch` into `checked`, which is emptied first.
    ///
    /// - Throws: ``RunError`` if the run has more records than the index can number.
    package mutating func check(
        _ batch: RecordBatch, recordBase: Int64, into checked: inout [CheckedRecord]
    ) throws(RunError) {
        checked.removeAll(keepingCapacity: true)
        if let last = batch.records.last, recordBase + last.ordinal > NameIndex.recordMax {
            throw RunError(.damagedInput, "more than \(NameIndex.recordMax) records; split the list")
        }
        batch.arena.withUnsafeBytes { arena in
            for record in batch.records {
                let finding = validator.check(record, in: arena)
                let isSound = finding.violations.isEmpty
                let key =
                    isSound
                    ? key(of: UnsafeRawBufferPointer(rebasing: arena[finding.name.start..<finding.name.end]))
                    : NameIndex.Key(folded: 0, exact: 0)
                checked.append(CheckedRecord(verdict: isSound ? .draft : .invalid, finding: finding, key: key))
            }
        }
        for place in checked.indices {
            if place + Self.tagsAhead < checked.count { index.prefetchTags(checked[place + Self.tagsAhead].key) }
            if place + Self.entryAhead < checked.count { index.prefetchEntry(checked[place + Self.entryAhead].key) }
            lookUp(&checked[place], number: recordBase + batch.records[place].ordinal)
        }
    }

    /// How many records ahead the index is told what will be looked up: by then its memory has come.
    private static let tagsAhead = 24, entryAhead = 10

    /// Finds out whether a draft's name stood before.
    private mutating func lookUp(_ record: inout CheckedRecord, number: Int64) {
        guard case .draft = record.verdict else { return }
        let rank = record.finding.rank
        switch index.insert(record.key, record: number, rank: rank) {
        case .new: break
        case .nearDuplicate: nearDuplicates += 1
        case .duplicate(let first, let firstRank):
            record.verdict = .duplicate(of: first, rankDiffers: firstRank != rank, firstRank: firstRank)
        }
    }

    /// The key of a trimmed name. In ASCII without capitals the folded form is the name itself, and one hash gives both halves.
    private mutating func key(of name: UnsafeRawBufferPointer) -> NameIndex.Key {
        if name.allSatisfy({ $0 < 0x80 && !(0x41...0x5a).contains($0) }) {
            let value = hash(name)
            return NameIndex.Key(folded: value.low, exact: value.high)
        }
        let hash = hash
        let folded = folder.withFolded(name) { hash($0) }
        switch nameMatch {
        case .folded: return NameIndex.Key(folded: folded.low, exact: folded.high)
        case .exact: return NameIndex.Key(folded: folded.low, exact: hash(name).high)
        }
    }
}
