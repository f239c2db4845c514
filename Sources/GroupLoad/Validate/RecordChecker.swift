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

    /// What is noted of names of the batch, in the order of the records: of few, if any.
    private var remarks: [NameRemark] = []
    /// Whether the batch holds a reference of HTML, so that names have to be looked at for one.
    private var hasReference = false

    /// Checks all records of `batch` into `checked`, in place of what that holds: as drafts, of which some may be
    /// duplicates, or as invalid.
    ///
    /// - Returns: what is noted of names, in the order of the records.
    mutating func check(_ batch: RecordBatch, into checked: inout [CheckedRecord]) -> [NameRemark] {
        remarks.removeAll()
        let count = batch.records.count
        if checked.count > count { checked.removeLast(checked.count - count) }
        if checked.count < count {
            checked.append(contentsOf: repeatElement(Self.invalid(.init(), .none), count: count - checked.count))
        }
        // Safe: each place is below the count, which both arrays have; the arena stays, and has all slices of its
        // records.
        unsafe batch.arena.withUnsafeBytes { arena in
            hasReference = unsafe NameSuspicion.hasReference(arena)
            unsafe batch.records.withUnsafeBufferPointer { records in
                unsafe checked.withUnsafeMutableBufferPointer { checked in
                    rules.hash.withKeys { keys in
                        for place in 0..<count {
                            unsafe checked[place] = check(records.baseAddress! + place, at: place, in: arena, keys)
                        }
                    }
                }
            }
        }
        return remarks
    }

    private static func invalid(_ fields: RecordValidator.Fields, _ key: NameIndex.Key) -> CheckedRecord {
        CheckedRecord(standing: .invalid, fields: fields, key: key)
    }

    @inline(__always)
    private mutating func check(
        _ record: UnsafePointer<Record>, at place: Int, in arena: UnsafeRawBufferPointer, _ keys: KeyedHash.Keys
    ) -> CheckedRecord {
        let bounds = unsafe record.pointee.name.slice.bounds
        if case .text = unsafe record.pointee.name.kind, unsafe record.pointee.problem == nil,
            bounds.count <= rules.validator.plainLengthMax, let name = unsafe PlainName(at: bounds, in: arena, keys)
        {
            var fields = unsafe RecordValidator.Fields(name: record.pointee.name.slice)
            fields.rank = unsafe RecordValidator.plainRank(record.pointee.rank, in: arena)
            if fields.rank == nil { unsafe RecordValidator.checkRank(record.pointee.rank, in: arena, &fields) }
            unsafe RecordValidator.checkActive(record.pointee.active, in: arena, &fields)
            guard fields.violations.isEmpty else { return Self.invalid(fields, key(of: name)) }
            if hasReference || NameSuspicion.mayBe(first: unsafe arena[bounds.lowerBound], count: bounds.count) {
                unsafe suspect(at: place, ofASCII(UnsafeRawBufferPointer(rebasing: arena[bounds])))
            }
            return CheckedRecord(standing: .draft, fields: fields, key: key(of: name))
        }
        return unsafe checkAny(record.pointee, at: place, in: arena)
    }

    /// Checks a record whose name isn't plain.
    private mutating func checkAny(
        _ record: Record, at place: Int, in arena: UnsafeRawBufferPointer
    ) -> CheckedRecord {
        var findings = TextScan.Findings()
        var fields = unsafe rules.validator.check(record, in: arena, &findings)
        guard fields.violations.isDisjoint(with: .unnamed) else {
            if fields.violations.contains(.nameNotUTF8) || record.problem == .badEncoding(.utf8) {
                remarks.append(NameRemark(index: place, kind: .notUTF8))
            }
            return Self.invalid(fields, .none)
        }
        let name = unsafe UnsafeRawBufferPointer(rebasing: arena[fields.name.bounds])
        guard let key = unsafe key(of: name) else {
            fields.violations.insert(.nameMissing)
            return Self.invalid(fields, .none)
        }
        guard fields.violations.isEmpty else { return Self.invalid(fields, key) }
        if fields.name.count != record.name.slice.count,
            let scalar = unsafe TextScan.invisible(around: fields.name, of: record.name.slice, in: arena)
        {
            remarks.append(NameRemark(index: place, kind: .trimmed(scalar)))
        }
        unsafe suspect(
            at: place,
            hasReference && NameSuspicion.hasReference(name) ? .reference : NameSuspicion.of(name, findings))
        return CheckedRecord(standing: .draft, fields: fields, key: key)
    }

    /// What is suspicious about a name that is plain.
    private func ofASCII(_ name: UnsafeRawBufferPointer) -> NameSuspicion? {
        if hasReference, unsafe NameSuspicion.hasReference(name) { return .reference }
        guard let first = unsafe name.first, NameSuspicion.mayBe(first: first, count: name.count) else { return nil }
        return unsafe NameSuspicion.ofASCII(name)
    }

    /// Adds a remark, if a name is suspicious.
    private mutating func suspect(at place: Int, _ suspicion: NameSuspicion?) {
        if let suspicion { remarks.append(NameRemark(index: place, kind: .suspicious(suspicion))) }
    }

    @inline(__always)
    private func key(of name: PlainName) -> NameIndex.Key {
        let (folded, capitals) = (name.folded, name.capitals)
        let isFolded = rules.nameMatch == .folded || capitals == 0
        return NameIndex.Key(
            folded: folded.low, exact: isFolded ? folded.high : folded.high &+ rules.hash.mixed(capitals))
    }

    /// The key of a trimmed name: the hash of its near form, and what tells it from others of the same form; nil for a
    /// name of which nothing can be seen.
    private mutating func key(of name: UnsafeRawBufferPointer) -> NameIndex.Key? {
        let hash = rules.hash
        let isFolded = rules.nameMatch == .folded
        return unsafe folder.withForms(name) { near, folded, capitals in
            if unsafe near.isEmpty { return nil }
            let value = unsafe hash(near)
            if isFolded { return NameIndex.Key(folded: value.low, exact: value.high) }
            if unsafe folded != nil { return unsafe NameIndex.Key(folded: value.low, exact: hash(name).high) }
            if capitals == 0 { return NameIndex.Key(folded: value.low, exact: value.high) }
            // Where only capitals were folded, which they were says the rest.
            if let capitals { return NameIndex.Key(folded: value.low, exact: value.high &+ hash.mixed(capitals)) }
            return unsafe NameIndex.Key(folded: value.low, exact: hash(name).high)
        }
    }
}
