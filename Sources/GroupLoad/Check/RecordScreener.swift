import RecordFormats

/// Validates records one by one, and works out the keys that drafts' names are known by.
struct RecordScreener: ~Copyable {
    /// The rules to screen by.
    struct Rules: Sendable {
        var validator: RecordValidator
        var nameMatch: NameMatch
        var hash: KeyedHash
    }

    private let rules: Rules
    private var folder = NameFolder()

    init(_ rules: Rules) { self.rules = rules }

    /// Screens all records of `batch` into `checked`, which is emptied first: as drafts, of which some may be repeats, or as
    /// invalid.
    mutating func screen(_ batch: RecordBatch, into checked: inout [CheckedRecord]) {
        checked.removeAll(keepingCapacity: true)
        checked.reserveCapacity(batch.records.count)
        let validator = rules.validator
        batch.arena.withUnsafeBytes { arena in
            for record in batch.records {
                let finding = validator.check(record, in: arena)
                guard finding.violations.isEmpty else {
                    let none = NameIndex.Key(folded: 0, exact: 0)
                    checked.append(CheckedRecord(verdict: .invalid, finding: finding, key: none))
                    continue
                }
                let name = UnsafeRawBufferPointer(rebasing: arena[finding.name.start..<finding.name.end])
                checked.append(CheckedRecord(verdict: .draft, finding: finding, key: key(of: name)))
            }
        }
    }

    /// The key of a trimmed name: the hash of its folded form, and what tells it from others of the same form.
    private mutating func key(of name: UnsafeRawBufferPointer) -> NameIndex.Key {
        let hash = rules.hash
        let (folded, capitals) = folder.withFolded(name) { folded, capitals in (hash(folded), capitals) }
        if rules.nameMatch == .folded || capitals == 0 { return NameIndex.Key(folded: folded.low, exact: folded.high) }
        // Where only capitals were folded, which they were says the rest.
        if let capitals { return NameIndex.Key(folded: folded.low, exact: folded.high &+ hash.mixed(capitals)) }
        return NameIndex.Key(folded: folded.low, exact: hash(name).high)
    }
}
