import RecordFormats

/// Compares the records of a batch with what is lent of them, in the order of their numbers.
struct BatchComparison {
    /// A record that differs.
    typealias Finding = (kind: String, recordNumber: Int64, text: String)

    private let batch: CheckedBatch
    /// The record that is compared next.
    private var place = 0
    private var findings: [Finding] = []

    private init(_ batch: CheckedBatch) { self.batch = batch }

    /// What a ledger has otherwise than a batch, by the numbers of the records.
    ///
    /// - Throws: what the ledger throws.
    static func findings(_ batch: CheckedBatch, in ledger: any RunLedger) async throws -> [Finding] {
        guard let first = batch.batch.records.first, let last = batch.batch.records.last else { return [] }
        let (from, to) = (batch.recordBase + first.ordinal, batch.recordBase + last.ordinal)
        return try await ledger.read { ledger in
            var comparison = BatchComparison(batch)
            try ledger.forEachStanding(from: from, to: to) { comparison.compare($0) }
            comparison.skip(to: .max)
            return comparison.findings
        }
    }

    private var recordNumber: Int64 { batch.recordBase + batch.batch.records[place].ordinal }

    private mutating func compare(_ found: borrowing StandingRow) {
        skip(to: found.recordNumber)
        guard place < batch.checked.count, recordNumber == found.recordNumber else { return }
        if !agrees(found) {
            findings.append(
                (
                    "verdicts", found.recordNumber,
                    "record \(found.recordNumber): the input gives \(expected), the ledger \(found.standing)"
                ))
        }
        place += 1
    }

    /// Passes the records before `number` by, which the ledger doesn't have.
    private mutating func skip(to number: Int64) {
        while place < batch.checked.count, recordNumber < number {
            findings.append(("records", recordNumber, "record \(recordNumber) isn't in the ledger"))
            place += 1
        }
    }

    private func agrees(_ found: borrowing StandingRow) -> Bool {
        let checked = batch.checked[place]
        switch checked.standing {
        case .draft:
            guard found.isDraft, found.rank == checked.fields.rank else { return false }
            let own = batch.batch.arena.span.extracting(checked.fields.name.start..<checked.fields.name.end)
            // Safe: the row is lent while the names are compared.
            let name = unsafe found.name.span
            return own.count == name.count && own.indices.allSatisfy { own[$0] == name[$0] }
        case .duplicate(let of, _): return !found.isDraft && found.duplicateOf == of
        case .invalid: return !found.isDraft && found.duplicateOf == nil
        }
    }

    private var expected: RecordedStanding {
        let checked = batch.checked[place]
        switch checked.standing {
        case .draft:
            let name = checked.fields.name
            return .draft(Array(batch.batch.arena[name.start..<name.end]), checked.fields.rank)
        case .duplicate(let of, _): return .duplicate(of: of)
        case .invalid: return .invalid
        }
    }
}
