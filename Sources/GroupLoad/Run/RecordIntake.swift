import RecordFormats

/// Reads all sources of a run into its ledger, checked, with duplicates found.
struct RecordIntake: Sendable {
    let configuration: ImportConfiguration
    /// Draws the key of the name hashes.
    let random: RandomSource
    let progress: RunProgress
    let stop: StopSwitch
    let note: @Sendable (String) -> Void
    /// Where copies of the sources are kept; nil for nowhere.
    var copies: InputCopies?
    /// Where all records are listed of which only the first are noted.
    var listing = WholeListing.report

    /// Reads everything, and says what is wrong with the first invalid records.
    ///
    /// - Parameters:
    ///   - feed: receives each number of records that is in the ledger; nil where nobody waits for them.
    ///   - resumePoint: what the ledger holds already.
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput`` where that isn't what the sources begin with; nothing is
    ///   kept of these then. What the ledger throws.
    func read(
        into ledger: any RunLedger, feed: RecordFeed?, _ resumePoint: ResumePoint
    ) async throws -> IngestResult {
        let tally = InvalidTally(
            names: configuration.sources.map(\.name), nameLengthMax: configuration.nameLengthMax,
            listing: listing.invalid)
        var sink = LedgerSink(
            ledger: ledger, nameLengthMax: configuration.nameLengthMax, progress: progress, feed: feed, note: note,
            tally: tally, sources: configuration.sources, lastRecord: resumePoint.lastRecord,
            honoursActive: configuration.existing.honoursActive)
        var generator = random
        var ingest = Ingest(
            sources: configuration.sources, options: configuration.decoding, validator: configuration.validator,
            nameMatch: configuration.nameMatch, hash: KeyedHash(using: &generator), progress: progress, stop: stop,
            note: note)
        ingest.columnPolicy = configuration.columnPolicy
        ingest.needsRank = configuration.existing.clearsRanks
        ingest.needsWhole = configuration.deactivatesMissing
        ingest.copies = copies
        ingest.listing = listing
        var result = try await ingest.run(into: &sink)
        result.activityUnheeded = sink.activityUnheeded
        guard result.read >= resumePoint.lastRecord else {
            // What a stop cut short has not changed for that.
            if stop.reason != nil, result.damage == nil { return resumePoint.ingest }
            throw ResumePoint.shortened(configuration.sources, result, before: resumePoint.lastRecord)
        }
        var known = RunMetadata()
        known.columns = result.columns
        if let copies { known.copies = copies.place() }
        if !sink.corrected.isEmpty { known.corrects = sink.corrected.sorted() }
        try await ledger.merge(known)
        sink.tally.rest.forEach(note)
        if sink.activityUnheeded > 0 {
            note(
                """
                the list says which groups are active; that counts only with --on-existing update, and all \
                are created active
                """
            )
        }
        // What was not read to its end for a stop is read again by whoever goes on.
        guard stop.reason == nil || result.damage != nil else {
            try await ledger.set(result.sources)
            return result
        }
        try await ledger.setRead(result)
        return result
    }
}

/// Puts checked batches in the ledger.
private struct LedgerSink: RecordSink {
    let ledger: any RunLedger
    let nameLengthMax: Int
    let progress: RunProgress
    let feed: RecordFeed?
    let note: @Sendable (String) -> Void
    var tally: InvalidTally
    let sources: [InputSource]
    /// The last record that the ledger holds already.
    let lastRecord: Int64
    let honoursActive: Bool
    /// Drafts whose groups are to be inactive, where that doesn't count.
    private(set) var activityUnheeded = 0
    /// The runs whose records are corrected.
    private(set) var corrected: Set<String> = []
    /// Runs that are kept of those, at most.
    private static let correctedMax = 1000

    mutating func accept(_ batch: CheckedBatch) async throws {
        var batch = batch
        if let link = batch.columns.flatMap(CorrectionLink.init) { note(link, in: batch) }
        if let first = batch.batch.records.first, batch.recordBase + first.ordinal <= lastRecord {
            try await passOver(&batch)
            if batch.batch.isEmpty { return }
        }
        try await ledger.put(batch, settled: batch.settledRecords(nameLengthMax: nameLengthMax))
        var invalid = 0
        var duplicates = 0
        for (record, checked) in zip(batch.batch.records, batch.checked) {
            switch checked.standing {
            case .invalid:
                invalid += 1
                if let message = tally.add(record, checked.fields.violations, in: batch) { note(message) }
            case .duplicate: duplicates += 1
            case .draft: countActivity(of: checked)
            }
        }
        progress.update { [invalid, duplicates] in
            $0.outcomes[.invalid] += invalid
            $0.outcomes[.duplicate] += duplicates
        }
        feed?.more()
    }

    /// Counts a draft whose activity doesn't count.
    private mutating func countActivity(of checked: CheckedRecord) {
        if !honoursActive, checked.standing == .draft, checked.fields.active == false { activityUnheeded += 1 }
    }

    /// Notes which runs' records are corrected.
    private mutating func note(_ link: CorrectionLink, in batch: CheckedBatch) {
        for record in batch.batch.records where corrected.count < Self.correctedMax {
            let cells = batch.batch.columns(of: record, delimiter: batch.delimiter ?? .comma)
            if let found = link.record(in: cells) { corrected.insert(found.run) }
        }
    }

    /// Takes the records out that the ledger holds, once it is sure that they are the same.
    private mutating func passOver(_ batch: inout CheckedBatch) async throws {
        let records = batch.batch.records
        let count = records.firstIndex { [base = batch.recordBase] in base + $0.ordinal > lastRecord } ?? records.count
        guard count > 0 else { return }
        var known = batch
        known.batch.records.removeLast(records.count - count)
        known.checked.removeLast(records.count - count)
        if let finding = try await BatchComparison.findings(known, in: ledger).first {
            throw ResumePoint.changed(sources[batch.source], finding.recordNumber)
        }
        for checked in known.checked { countActivity(of: checked) }
        batch.batch.records.removeFirst(count)
        batch.checked.removeFirst(count)
        batch.remarks.removeAll { $0.index < count }
        for place in batch.remarks.indices { batch.remarks[place].index -= count }
    }
}
