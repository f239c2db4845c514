import RecordFormats

/// Validates records one by one, and works out the keys that drafts' names are known by.
struct RecordChecker: ~Copyable {
    /// The rules to check by.
    struct Rules: Sendable {
        var validator: RecordValidator
        var nameMatch: NameMatch
        var hash: KeyedHash
    }

    private let rules: Rules
    private var folder = NameFolder()

    init(_ rules: Rules) { self.rules = rules }

    /// Checks all records of `batch` into `checked`, in place of what that holds: as drafts, of which some may be
    /// retries, or as invalid.
    mutating func check(_ batch: RecordBatch, into checked: inout [CheckedRecord]) {
        let count = batch.records.count
        if checked.count > count { checked.removeLast(checked.count - count) }
        if checked.count < count {
            checked.append(contentsOf: repeatElement(Self.invalid(.init()), count: count - checked.count))
        }
        // Safe: each place is below the count, which both arrays have; the arena stays, and has all slices of its
        // records.
        unsafe batch.arena.withUnsafeBytes { arena in
            unsafe batch.records.withUnsafeBufferPointer { records in
                unsafe checked.withUnsafeMutableBufferPointer { checked in
                    for place in 0..<count { unsafe checked[place] = check(records[place], in: arena) }
                }
            }
        }
    }

    private static func invalid(_ fields: RecordValidator.Fields) -> CheckedRecord {
        CheckedRecord(standing: .invalid, fields: fields, key: NameIndex.Key(folded: 0, exact: 0))
    }

    @inline(__always)
    private mutating func check(_ record: Record, in arena: UnsafeRawBufferPointer) -> CheckedRecord {
        let bounds = record.name.slice.bounds
        if case .text = record.name.kind, record.problem == nil, bounds.count <= rules.validator.nameLengthMax,
            let name = unsafe PlainName(at: bounds, in: arena, hash: rules.hash)
        {
            var fields = RecordValidator.Fields()
            fields.name = record.name.slice
            unsafe rules.validator.checkRank(record.rank, in: arena, &fields)
            if record.active.kind != .absent { unsafe rules.validator.checkActive(record.active, in: arena, &fields) }
            guard fields.violations.isEmpty else { return Self.invalid(fields) }
            return CheckedRecord(standing: .draft, fields: fields, key: key(of: name))
        }
        let fields = unsafe rules.validator.check(record, in: arena)
        guard fields.violations.isEmpty else { return Self.invalid(fields) }
        let name = unsafe UnsafeRawBufferPointer(rebasing: arena[fields.name.bounds])
        return unsafe CheckedRecord(standing: .draft, fields: fields, key: key(of: name))
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
        let (folded, capitals) = unsafe folder.withFolded(name) { folded, capitals in unsafe (hash(folded), capitals) }
        if rules.nameMatch == .folded || capitals == 0 { return NameIndex.Key(folded: folded.low, exact: folded.high) }
        // Where only capitals were folded, which they were says the rest.
        if let capitals { return NameIndex.Key(folded: folded.low, exact: folded.high &+ hash.mixed(capitals)) }
        return unsafe NameIndex.Key(folded: folded.low, exact: hash(name).high)
    }
}
