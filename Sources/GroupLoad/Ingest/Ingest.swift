package import RecordFormats

/// Takes the checked batches of an ingest, in input order.
package protocol RecordSink {
    /// Takes one batch; returning is the sign that the next may come.
    mutating func accept(_ batch: CheckedBatch) async throws
}

/// The stage from bytes to checked batches: one task opens each source in turn and decodes, another looks for
/// duplicates and hands over; between them, whichever is ahead of the other validates.
///
/// Memory is bounded by one chunk, a few batches, the longest record and the name index.
package struct Ingest: Sendable {
    /// The sources in the order given; records are numbered over all of them.
    package var sources: [InputSource]
    /// How bytes become records: encoding, CSV dialect, members and limits.
    package var options: DecodingOptions
    /// The rules that make a record a draft or invalid.
    package var validator: RecordValidator
    /// Which names are duplicates: equal ones, or those with equal folded forms.
    package var nameMatch: NameMatch
    /// The hash that the name index uses; its key is random for each process.
    package var hash: KeyedHash
    /// The counts of records and bytes, which grow while sources are read.
    package var progress: RunProgress
    /// Ends reading after the batch in hand, once it has a reason.
    package var stop: StopSwitch
    /// Receives a message for each thing found in a source that its reader might not expect.
    package var note: @Sendable (String) -> Void

    /// What is done about columns that aren't used, and about names that are noted.
    package var columnPolicy = ColumnPolicy.silent
    /// Where all records are listed of which only the first are noted.
    package var listing = WholeListing.nowhere
    /// Whether a list is refused whose first records have no rank at all.
    package var needsRank = false
    /// Whether a list is refused that is one page of a longer one.
    package var needsWhole = false
    /// Whether the SHA-256 of each source is worked out, for ``SourceSummary``.
    package var isHashing = true
    /// Where copies of the sources are kept; nil for nowhere.
    package var copies: InputCopies?
    /// How large sources are decoded in parts; nil for one after the other.
    package var parts = PartReading.ofMachine

    /// Makes the stage; it opens no source before ``run(into:)``.
    package init(
        sources: [InputSource], options: DecodingOptions, validator: RecordValidator, nameMatch: NameMatch,
        hash: KeyedHash, progress: RunProgress, stop: StopSwitch, note: @escaping @Sendable (String) -> Void
    ) {
        self.sources = sources
        self.options = options
        self.validator = validator
        self.nameMatch = nameMatch
        self.hash = hash
        self.progress = progress
        self.stop = stop
        self.note = note
    }

    /// Why lists are refused whose names are noted: suspicious, nearly another's, or an invalid record's, too; nil
    /// where none is.
    private static func suspiciousNames(in result: IngestResult) -> RunError? {
        var parts: [String] = []
        if result.suspicious > 0 {
            parts.append(Shown.count(result.suspicious, "name is suspicious", "names are suspicious"))
        }
        if result.nearDuplicates > 0 {
            parts.append(
                Shown.count(result.nearDuplicates, "name is nearly an earlier one", "names are nearly earlier ones"))
        }
        let substitutes = result.notedNames.substituteCount
        if substitutes > 0 {
            parts.append(
                Shown.count(
                    substitutes, "name is that of an invalid record, too", "names are those of invalid records, too"))
        }
        guard !parts.isEmpty else { return nil }
        return RunError(
            .suspiciousNames, "\(parts.joined(separator: ", ")), which --strict refuses", naming: nil,
            remedy: "correct what isn't meant, or leave --strict out")
    }

    private static let unicode: Set<TextEncoding> = [.utf8, .utf16LittleEndian, .utf16BigEndian]

    /// Records after which the number of names is estimated.
    private static let sampleRecords = 20_000

    /// Reads all sources into `sink`. Damage in a source ends reading and is part of the result, for what came before
    /// it counts.
    ///
    /// - Throws: what `sink` throws.
    package func run(into sink: inout some RecordSink) async throws -> IngestResult {
        let channel = BatchChannel()
        let rules = RecordChecker.Rules(validator: validator, nameMatch: nameMatch, hash: hash)
        var reader = SourceReader(
            sources: sources, options: options, checking: rules, columnPolicy: columnPolicy, needsRank: needsRank,
            progress: progress, stop: stop, note: note)
        reader.isHashing = isHashing
        reader.copies = copies
        reader.parts = parts
        async let reading = reader.run(into: channel)

        var checker = RecordChecker(rules)
        var finder = DuplicateFinder()
        var result = IngestResult()
        var tally = RemarkTally(
            names: sources.map(\.shownName), paths: sources.map(\.given), listing: listing.names, note: note)
        var misread = MisreadTally()
        var source = 0
        var isExpected = false
        var recordBase: Int64 = 0
        while var item = await channel.next() {
            if item.source != source { (source, recordBase) = (item.source, result.read) }
            if !item.isChecked { item.remarks = checker.check(item.batch, into: &item.checked) }
            try finder.find(in: &item, recordBase: recordBase)
            result.read = recordBase + (item.batch.records.last?.ordinal ?? 0)
            let checked = CheckedBatch(item, recordBase: recordBase)
            tally.add(checked)
            misread.add(checked)
            try await sink.accept(checked)
            let (read, bytesRead) = (Int(result.read), item.bytesRead)
            let bytesTotal = progress.update { progress in
                progress.read = read
                return progress.bytesTotal
            }
            // About as many names as there will be, if they go on as they began.
            if !isExpected, read >= Self.sampleRecords, let bytesTotal {
                isExpected = true
                finder.expect(names: Int(Double(finder.names) * 1.02 * Double(bytesTotal) / Double(bytesRead)))
            }
            channel.recycle(item)
        }
        let outcome = await reading
        result.sources = outcome.sources
        result.columns = outcome.columns
        result.damage = outcome.damage
        tally.end()
        result.nearDuplicates = tally.nearDuplicates
        result.suspicious = tally.suspicious
        result.notedNames = tally.noted
        result.rows = outcome.rows
        // What the user has said of the encoding is not doubted.
        if options.encoding == nil { result.misread = await misread.lists(of: sources) }
        for list in result.misread { note("\(list.text); --encoding \(list.encodings) reads all of them") }
        if let encoding = options.encoding, !Self.unicode.contains(encoding) {
            for source in await MisreadTally.lists(inUTF8: sources) {
                note(
                    """
                    \(source.shownName) is UTF-8 as it stands, but is read as \(encoding.rawValue); leave --encoding \
                    out
                    """)
            }
        }
        result.partial = outcome.pages.partial
        if needsWhole, result.damage == nil {
            result.damage = PartialList.refusal(
                of: result.partial, .missingPages,
                "so nothing is sent: --deactivate-missing takes it for all that is to be active")
        }
        if columnPolicy == .strict, result.damage == nil {
            result.damage =
                Misread.refusal(of: result.misread) ?? PartialList.refusal(of: result.partial)
                ?? Self.suspiciousNames(in: result)
        }
        return result
    }
}
