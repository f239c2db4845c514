package import RecordFormats

/// A value of a record as a ledger keeps it.
package enum KeptValue: Sendable {
    case none
    /// UTF-8 without NUL, in the batch's arena.
    case text(ByteSlice)
    /// Any bytes.
    case bytes(ArraySlice<UInt8>)
}

/// What a ledger keeps of a record as it was read, and of the draft that it is.
package struct KeptFields: Sendable {
    /// The name as it was read, where it is text.
    package var name = KeptValue.none
    /// The rank as it was read, where the record has one.
    package var rank = KeptValue.none
    /// The record's own bytes, separated by commas, where name and rank aren't all that it said.
    package var raw = KeptValue.none
    /// Whether the record says that its group is active.
    package var isActive: Bool?
    /// Whether the record passed validation and is no duplicate.
    package var isDraft = false
    /// The name that is sent, where that isn't ``name`` itself.
    package var draftName = KeptValue.none
    /// The rank that is sent; nil for a draft without one, and for a record that is no draft.
    package var draftRank: Int32?
}

extension CheckedBatch {
    /// Whether a record's own bytes are kept whatever came of its check.
    package var keepsRaw: Bool { columns.map { $0 != ["name", "rank"] } ?? false }

    /// What is kept of a record.
    ///
    /// - Parameters:
    ///   - index: where it stands in the batch.
    ///   - keepsRaw: ``keepsRaw``, which is the same for all records.
    package func kept(_ index: Int, keepsRaw: Bool) -> KeptFields {
        let (record, result) = (batch.records[index], checked[index])
        var kept = KeptFields()
        let keepsOwn = keepsRaw || columns != nil && result.standing == .invalid
        if keepsOwn {
            let isFilled = record.problem == nil && result.standing == .invalid
            kept.raw = .bytes(
                isFilled
                    ? filled(record)[...]
                    : delimiter == .comma
                        ? batch.arena[record.raw.start..<record.raw.end] : separatedByCommas(record)[...])
        }
        kept.isActive = result.fields.active
        guard result.standing == .draft else {
            // What stands for a name in an object that can't be read, or is an array, could pass for one in CSV.
            let isWhole = record.problem == nil || keepsOwn || hasOnlyCommaBehind(record)
            if isWhole, [.text, .number].contains(record.name.kind), let name = batch.value(record.name) {
                kept.name = .bytes(name[...])
            }
            if let rank = batch.value(record.rank) { kept.rank = .bytes(rank[...]) }
            return kept
        }
        // A draft's name is sound UTF-8 without control characters, and its rank is digits and white space, or nothing.
        kept.isDraft = true
        kept.name = .text(record.name.slice)
        if record.rank.kind == .text || record.rank.kind == .number { kept.rank = .text(record.rank.slice) }
        if record.name.slice != result.fields.name { kept.draftName = .text(result.fields.name) }
        kept.draftRank = result.fields.rank
        return kept
    }

    /// The bytes of a value; nil where there is none.
    package func bytes(of value: KeptValue) -> [UInt8]? {
        switch value {
        case .none: nil
        case .text(let slice): Array(batch.arena[slice.start..<slice.end])
        case .bytes(let bytes): Array(bytes)
        }
    }

    /// The outcomes of the records that need no sending, with what is noted of each; and what is added to earlier ones.
    package func settledRecords(nameLengthMax: Int) -> [SettledRecord] {
        var settled: [SettledRecord] = []
        for (record, result) in zip(batch.records, checked) {
            let number = recordBase + record.ordinal
            switch result.standing {
            case .draft: continue
            case .duplicate(let first, let differs):
                settled.append(
                    SettledRecord(
                        recordNumber: number, outcome: .duplicate,
                        message: result.note(first: first, differsFrom: differs), duplicateOf: first))
            case .invalid:
                settled.append(
                    SettledRecord(
                        recordNumber: number, outcome: .invalid,
                        message: result.fields.violations.message(
                            for: record, in: batch, nameLengthMax: nameLengthMax)))
            }
        }
        for remark in remarks {
            let (record, result) = (batch.records[remark.index], checked[remark.index])
            let number = recordBase + record.ordinal
            switch remark.kind {
            case .substitute(let others):
                let message = NameRemark.replacement(number, result.values)
                settled += others.map { .addition(to: $0, message) }
            case .replaced(let other, let values):
                settled.append(.addition(to: number, NameRemark.replacement(other, values)))
            case .trimmed, .near, .suspicious, .differs, .notUTF8: break
            }
        }
        return settled
    }

    /// Whether a line of NDJSON is a sound object with nothing but a comma behind it.
    private func hasOnlyCommaBehind(_ record: Record) -> Bool {
        guard case .notJSON(.trailingBytes, let column) = record.problem, record.raw.count >= column else {
            return false
        }
        let raw = batch.arena[record.raw.start..<record.raw.end]
        let behind = raw.dropFirst(Int(column) - 1)
        return behind.allSatisfy { $0 == UInt8(ascii: ",") || $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    /// The own bytes of a record that lacks last fields, which were taken as empty, with these fields; so that it isn't
    /// them that whoever corrects the record has to look for.
    private func filled(_ record: Record) -> [UInt8] {
        let bytes =
            delimiter == .comma ? Array(batch.arena[record.raw.start..<record.raw.end]) : separatedByCommas(record)
        let fields = batch.columns(of: record, delimiter: delimiter ?? .comma).count
        return bytes + Array(repeating: UInt8(ascii: ","), count: max(0, (columns?.count ?? 0) - fields))
    }

    /// A record's fields as they go into a report, which separates them by commas. One in which text follows a closing
    /// quote stays as it is written, so that reading it again finds the same fault. Where it holds a comma, which might
    /// end it, all that is written is its text, and there is a field too many, so that the record stays invalid until
    /// somebody has looked at it.
    private func separatedByCommas(_ record: Record) -> [UInt8] {
        let raw = Array(batch.arena[record.raw.start..<record.raw.end])
        let (fields, stray) = RecordBatch.columns(of: raw, delimiter: delimiter ?? .comma)
        var csv = CSVEncoder()
        for (place, field) in fields.enumerated() {
            guard let written = stray[place] else {
                csv.append(field)
                continue
            }
            if written.contains(CSVDelimiter.comma.rawValue) {
                csv.append(written)
            } else {
                csv.append(written: written)
            }
        }
        let isText = stray.values.contains { $0.contains(CSVDelimiter.comma.rawValue) }
        if isText { csv.append(ResultsColumns.surplus) }
        return csv.bytes
    }
}
