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
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: arena[bounds])
            let key = unsafe key(name.folded, capitals: name.capitals, of: bytes, keys)
            let fields = unsafe values(of: record, in: arena)
            guard fields.violations.isEmpty else { return Self.invalid(fields, key) }
            if hasReference || NameSuspicion.mayBe(first: unsafe arena[bounds.lowerBound], count: bounds.count) {
                unsafe suspectPlain(at: place, bytes)
            }
            return CheckedRecord(standing: .draft, fields: fields, key: key)
        }
        return unsafe checkWide(record, at: place, in: arena, keys)
    }

    /// Checks a record whose name isn't plain; most often, it is short and has letters that aren't ASCII.
    @inline(never)
    private mutating func checkWide(
        _ record: UnsafePointer<Record>, at place: Int, in arena: UnsafeRawBufferPointer, _ keys: KeyedHash.Keys
    ) -> CheckedRecord {
        let slice = unsafe record.pointee.name.slice
        guard case .text = unsafe record.pointee.name.kind, unsafe record.pointee.problem == nil,
            slice.count <= rules.validator.plainLengthMax,
            let name = unsafe folder.short(at: slice.bounds, in: arena, keys),
            unsafe TextScan.trimmed(slice, in: arena).count == slice.count
        else { return unsafe checkAny(record.pointee, at: place, in: arena, keys) }
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: arena[slice.bounds])
        let key = unsafe key(name.folded, capitals: name.capitals, of: bytes, keys)
        let fields = unsafe values(of: record, in: arena)
        guard fields.violations.isEmpty else { return Self.invalid(fields, key) }
        unsafe suspect(at: place, suspicion(of: bytes, name.findings))
        return CheckedRecord(standing: .draft, fields: fields, key: key)
    }

    /// What is suspicious about a name that isn't plain.
    private func suspicion(of name: UnsafeRawBufferPointer, _ findings: TextScan.Findings) -> NameSuspicion? {
        unsafe hasReference && NameSuspicion.hasReference(name) ? .reference : NameSuspicion.of(name, findings)
    }

    /// The fields of a record whose name is plain, most often with a short rank and nothing else.
    @inline(__always)
    private func values(of record: UnsafePointer<Record>, in arena: UnsafeRawBufferPointer) -> RecordValidator.Fields {
        guard case .absent = unsafe record.pointee.active.kind else { return unsafe anyValues(of: record, in: arena) }
        let rank = unsafe record.pointee.rank
        if let value = unsafe RecordValidator.plainRank(rank, in: arena) {
            return unsafe RecordValidator.Fields(name: record.pointee.name.slice, rank: value)
        }
        if case .text = rank.kind, rank.slice.count32 == 0 {
            return unsafe RecordValidator.Fields(name: record.pointee.name.slice)
        }
        return unsafe anyValues(of: record, in: arena)
    }

    @inline(never)
    private func anyValues(
        of record: UnsafePointer<Record>, in arena: UnsafeRawBufferPointer
    ) -> RecordValidator.Fields {
        var fields = unsafe RecordValidator.Fields(name: record.pointee.name.slice)
        fields.rank = unsafe RecordValidator.plainRank(record.pointee.rank, in: arena)
        if fields.rank == nil { unsafe RecordValidator.checkRank(record.pointee.rank, in: arena, &fields) }
        unsafe RecordValidator.checkActive(record.pointee.active, in: arena, &fields)
        return fields
    }

    /// Checks any record.
    @inline(never)
    private mutating func checkAny(
        _ record: Record, at place: Int, in arena: UnsafeRawBufferPointer, _ keys: KeyedHash.Keys
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
        guard let key = unsafe key(of: name, keys) else {
            fields.violations.insert(.nameMissing)
            return Self.invalid(fields, .none)
        }
        guard fields.violations.isEmpty else { return Self.invalid(fields, key) }
        if fields.name.count != record.name.slice.count,
            let scalar = unsafe TextScan.invisible(around: fields.name, of: record.name.slice, in: arena)
        {
            remarks.append(NameRemark(index: place, kind: .trimmed(scalar)))
        }
        unsafe suspect(at: place, suspicion(of: name, findings))
        return CheckedRecord(standing: .draft, fields: fields, key: key)
    }

    /// Adds a remark, if a plain name is suspicious.
    @inline(never)
    private mutating func suspectPlain(at place: Int, _ name: UnsafeRawBufferPointer) {
        if hasReference, unsafe NameSuspicion.hasReference(name) { return suspect(at: place, .reference) }
        guard let first = unsafe name.first, NameSuspicion.mayBe(first: first, count: name.count) else { return }
        unsafe suspect(at: place, NameSuspicion.ofASCII(name))
    }

    /// Adds a remark, if a name is suspicious.
    private mutating func suspect(at place: Int, _ suspicion: NameSuspicion?) {
        if let suspicion { remarks.append(NameRemark(index: place, kind: .suspicious(suspicion))) }
    }

    /// The key of a name: the hash of its near form, and what tells it from others of the same form.
    ///
    /// - Parameter capitals: where only capitals of ASCII were folded, a bit for each; they say the rest. nil where
    ///   something else was.
    @inline(__always)
    private func key(
        _ near: KeyedHash.Value, capitals: UInt64?, of name: UnsafeRawBufferPointer, _ keys: KeyedHash.Keys
    ) -> NameIndex.Key {
        var key = NameIndex.Key(folded: near.low, exact: near.high)
        if rules.nameMatch == .folded || capitals == 0 { return key }
        key.exact = unsafe capitals.map { near.high &+ keys.mixed($0) } ?? keys.hash(name).high
        return key
    }

    /// The key of a trimmed name; nil for a name of which nothing can be seen.
    private mutating func key(of name: UnsafeRawBufferPointer, _ keys: KeyedHash.Keys) -> NameIndex.Key? {
        let found = unsafe folder.withForms(name) { near, folded, capitals -> (KeyedHash.Value, UInt64?)? in
            unsafe near.isEmpty ? nil : (keys.hash(near), folded == nil ? capitals : nil)
        }
        guard let (near, capitals) = found else { return nil }
        return unsafe key(near, capitals: capitals, of: name, keys)
    }
}
