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

    /// Screens all records of `batch` into `checked`, in place of what that holds: as drafts, of which some may be repeats, or
    /// as invalid.
    mutating func screen(_ batch: RecordBatch, into checked: inout [CheckedRecord]) {
        let count = batch.records.count
        if checked.count > count { checked.removeLast(checked.count - count) }
        if checked.count < count {
            checked.append(contentsOf: repeatElement(Self.invalid(.init()), count: count - checked.count))
        }
        batch.arena.withUnsafeBytes { arena in
            batch.records.withUnsafeBufferPointer { records in
                checked.withUnsafeMutableBufferPointer { checked in
                    for place in 0..<count { checked[place] = screen(records[place], in: arena) }
                }
            }
        }
    }

    private static func invalid(_ finding: RecordValidator.Finding) -> CheckedRecord {
        CheckedRecord(verdict: .invalid, finding: finding, key: NameIndex.Key(folded: 0, exact: 0))
    }

    @inline(__always)
    private mutating func screen(_ record: Record, in arena: UnsafeRawBufferPointer) -> CheckedRecord {
        let bounds = record.name.slice.bounds
        if case .text = record.name.kind, record.problem == nil, bounds.count <= rules.validator.nameLengthMax,
            let name = PlainName(at: bounds, in: arena, hash: rules.hash)
        {
            var finding = RecordValidator.Finding()
            finding.name = record.name.slice
            rules.validator.checkRank(record.rank, in: arena, &finding)
            if record.active.kind != .absent { rules.validator.checkActive(record.active, in: arena, &finding) }
            guard finding.violations.isEmpty else { return Self.invalid(finding) }
            return CheckedRecord(verdict: .draft, finding: finding, key: key(of: name))
        }
        let finding = rules.validator.check(record, in: arena)
        guard finding.violations.isEmpty else { return Self.invalid(finding) }
        let name = UnsafeRawBufferPointer(rebasing: arena[finding.name.bounds])
        return CheckedRecord(verdict: .draft, finding: finding, key: key(of: name))
    }

    @inline(__always)
    private func key(of name: PlainName) -> NameIndex.Key {
        let (folded, capitals) = (name.folded, name.capitals)
        let isFolded = rules.nameMatch == .folded || capitals == 0
        return NameIndex.Key(
            folded: folded.low, exact: isFolded ? folded.high : folded.high &+ rules.hash.mixed(capitals))
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
