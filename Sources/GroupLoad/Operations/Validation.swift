import RecordFormats

/// `groupload validate`: reads, validates and looks for duplicates, without a network or a ledger.
package struct Validation: Sendable {
    private var ingest: Ingest
    private let resultsPath: String?

    /// - Parameters:
    ///   - ingest: what is read, and how.
    ///   - resultsPath: where a line for each record goes, in the columns of `results.csv`; nil for nowhere.
    package init(ingest: Ingest, resultsPath: String?) {
        self.ingest = ingest
        self.ingest.listing = .results(resultsPath)
        self.resultsPath = resultsPath
    }

    /// Reads everything.
    ///
    /// - Parameter complain: is given a message with its place for the first invalid records of each kind, and then how
    ///   many more of it there were.
    package func run(complain: @escaping @Sendable (String) -> Void) async throws -> ValidationSummary {
        if let resultsPath, let source = ingest.sources.first(where: { $0.isSameFile(as: resultsPath) }) {
            throw RunError(
                .usage, "--results would overwrite the input \(source.path)", naming: .path(source.path),
                remedy: "name another file")
        }
        var sink = ValidationSink(
            tally: InvalidTally(
                names: ingest.sources.map(\.name), nameLengthMax: ingest.validator.nameLengthMax,
                listing: ingest.listing.invalid),
            paths: ingest.sources.map(\.path), nameLengthMax: ingest.validator.nameLengthMax,
            file: try resultsPath.map { path in try ResultsFile(path) },
            complain: complain)
        let result = try await ingest.run(into: &sink)
        var summary = sink.summary
        try sink.finish()
        summary.near_duplicates = result.nearDuplicates
        summary.suspicious = result.suspicious
        summary.substitutes = result.notedNames.substituteCount
        summary.differing_duplicates = result.notedNames.differingCount
        summary.substitute_names = result.notedNames.substitutes
        summary.differing_duplicate_names = result.notedNames.differing
        summary.suspicious_names = result.notedNames.suspicious
        summary.near_duplicate_names = result.notedNames.near
        summary.misread = result.misread
        summary.partial = result.partial
        summary.columns = result.columns
        summary.set(result.rows)
        summary.inputs = result.sources.map(SummaryInput.init)
        summary.message = result.damage?.description
        summary.error = result.damage.map(SummaryError.init)
        let isClean = summary.outcomes["invalid"] == 0
        summary.exit = (result.damage?.status ?? (isClean ? .done : .finishedWithFailures)).rawValue
        return summary
    }
}

/// Counts, complains, and writes results.
private struct ValidationSink: RecordSink {
    var tally: InvalidTally
    let paths: [String]
    let nameLengthMax: Int
    var file: ResultsFile?
    let complain: @Sendable (String) -> Void
    var summary = ValidationSummary()

    init(
        tally: InvalidTally, paths: [String], nameLengthMax: Int, file: ResultsFile?,
        complain: @escaping @Sendable (String) -> Void
    ) {
        self.tally = tally
        self.paths = paths
        self.nameLengthMax = nameLengthMax
        self.file = file
        self.complain = complain
    }

    mutating func accept(_ batch: CheckedBatch) throws {
        var drafts = 0
        var duplicates = 0
        var invalid = 0
        let notes = file == nil ? [:] : batch.notes
        for (place, checked) in batch.checked.enumerated() {
            switch checked.standing {
            case .draft: drafts += 1
            case .duplicate: duplicates += 1
            case .invalid:
                invalid += 1
                let record = batch.batch.records[place]
                if let message = tally.add(record, checked.fields.violations, in: batch) { complain(message) }
            }
            if file != nil {
                var line = batch.results(
                    batch.batch.records[place], checked, path: paths[batch.source], nameLengthMax: nameLengthMax)
                let parts = [line.message, notes[place]].compactMap(\.self)
                line.message = parts.isEmpty ? nil : parts.joined(separator: "; ")
                try file?.append(line)
            }
        }
        summary.read += batch.checked.count
        summary.outcomes["draft", default: 0] += drafts
        summary.outcomes["duplicate", default: 0] += duplicates
        summary.outcomes["invalid", default: 0] += invalid
    }

    mutating func finish() throws {
        tally.rest.forEach(complain)
        _ = try file?.finish()
    }
}

extension CheckedBatch {
    /// What is noted of names, by the records' indices.
    fileprivate var notes: [Int: String] {
        var notes: [Int: [String]] = [:]
        for remark in remarks {
            switch remark.kind {
            case .near(let number): notes[remark.index, default: []].append("name is nearly that of record \(number)")
            case .suspicious(let suspicion): notes[remark.index, default: []].append("name \(suspicion.reason)")
            case .substitute(let others):
                notes[remark.index, default: []].append(
                    "loaded in place of \(others.map(String.init).joined(separator: ", ")), invalid, of the same name")
            case .replaced(let other, let values):
                notes[remark.index, default: []].append(NameRemark.replacement(other, values))
            case .trimmed, .differs, .notUTF8: break
            }
        }
        return notes.mapValues { $0.joined(separator: "; ") }
    }

    /// A record's line of results, where nothing is sent.
    fileprivate func results(_ record: Record, _ checked: CheckedRecord, path: String, nameLengthMax: Int)
        -> ResultsLine
    {
        var line = ResultsLine(recordNumber: recordBase + record.ordinal, source: path, line: record.line)
        switch checked.standing {
        case .draft: line.outcome = "draft"
        case .duplicate(let first, let differs):
            line.outcome = Outcome.duplicate.rawValue
            line.numbers.duplicateOf = first
            line.message = checked.note(first: first, differsFrom: differs)
        case .invalid:
            line.outcome = Outcome.invalid.rawValue
            line.message = checked.fields.violations.message(for: record, in: batch, nameLengthMax: nameLengthMax)
        }
        line.name = batch.value(record.name)
        line.rank = batch.value(record.rank)
        return line
    }
}

/// The result of a validation, as `--json` prints it. The keys are part of the interface that scripts rely on.
package struct ValidationSummary: SummaryDocument, Sendable, Codable, Equatable {
    /// Records read; the sum of `outcomes`.
    package var read = 0
    /// How many records are a `draft`, a `duplicate`, `invalid`.
    package var outcomes = ["draft": 0, "duplicate": 0, "invalid": 0]
    /// Names that have the near form of an earlier one (``NearName``).
    package var near_duplicates = 0
    /// Drafts whose names are rather a program's slip (``NameSuspicion``).
    package var suspicious = 0
    /// The first hundred of those.
    package var suspicious_names: [NotedNames.Entry] = []
    /// The first hundred near-duplicates.
    package var near_duplicate_names: [NotedNames.Entry] = []
    /// Records of one name of which one is invalid and the other would be loaded in its place.
    package var substitutes = 0
    /// The first hundred of those.
    package var substitute_names: [NotedNames.Entry] = []
    /// Duplicates that say another rank or activity than the first record of their name.
    package var differing_duplicates = 0
    /// The first hundred of those.
    package var differing_duplicate_names: [NotedNames.Entry] = []
    /// Lists that are likely to be in another encoding than they were read in.
    package var misread: [Misread] = []
    /// Lists that seem to be one page of a longer one.
    package var partial: [PartialList] = []
    /// Which columns of each list are used, by its path as given.
    package var columns: [String: ColumnUse] = [:]
    /// What was passed over and is no record, by kind, also where it is 0.
    package var skipped: [String: Int] = ListRows().skipped.counts
    /// Where the first of each kind of those stand.
    package var skipped_places: [KindCounts.Place] = []
    /// What was accepted though its form is unusual, by kind, also where it is 0.
    package var tolerated: [String: Int] = ListRows().tolerated.counts
    /// Where the first of each kind of those stand.
    package var tolerated_places: [KindCounts.Place] = []
    /// The inputs that were read, in their order.
    package var inputs: [SummaryInput] = []
    /// The exit status.
    package var exit: Int32 = 0
    /// Why reading ended early; nil where it didn't.
    package var message: String?
    /// The error that ended reading early, part by part; nil where none did.
    package var error: SummaryError?
    /// Seconds that it took.
    package var seconds = 0.0
}

extension ValidationSummary {
    /// Puts in what of the lists was no record, or one in an unusual form.
    fileprivate mutating func set(_ rows: ListRows) {
        (skipped, skipped_places) = (rows.skipped.counts, rows.skipped.places)
        (tolerated, tolerated_places) = (rows.tolerated.counts, rows.tolerated.places)
    }

    /// What was passed over, in a line for a person; nil where nothing was.
    package var skippedText: String? { KindCounts(counts: skipped, places: skipped_places).skippedText }
}
