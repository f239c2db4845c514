/// Decodes CSV whose delimiter is given or detected.
///
/// To its maintainers: behind the lines above the header, a decoder for each candidate reads the beginning of the
/// source, and the one whose header has the wanted columns reads the rest. Only what separates the header can be the
/// delimiter: a header of one column has a comma, or what the options say. Where several fit (or there is no header),
/// the first records decide. The sample ends at the same byte however the source is cut into chunks.
struct CSVDecoder {
    /// A candidate, what it has read, and where that failed.
    private struct Trial {
        var decoder: CSVRecordDecoder
        var batch = RecordBatch()
        var failure: DecodingFailure?

        mutating func push(_ chunk: Span<UInt8>) {
            guard failure == nil else { return }
            do throws(DecodingFailure) { try decoder.push(chunk, into: &batch) } catch { failure = error }
        }

        mutating func finish() {
            guard failure == nil else { return }
            do throws(DecodingFailure) { try decoder.finish(into: &batch) } catch { failure = error }
        }

        /// How many fields each of the first records has under a delimiter.
        func fieldCounts(_ delimiter: CSVDelimiter) -> [Int] {
            batch.records.prefix(CSVDecoder.sampleRecordsMax).map { batch.columns(of: $0, delimiter: delimiter).count }
        }
    }

    /// The most bytes of the sample, and the most records of each candidate that count.
    private static let sampleBytesMax = 65_536, sampleRecordsMax = 10

    private let options: DecodingOptions
    /// The columns that were given for a source without a header.
    private let given: CSVHeader?
    private var preamble: CSVPreamble
    /// The beginning of the source behind the preamble, and the candidates; empty once the delimiter is known.
    private var sample: [UInt8] = []
    private var trials: [Trial] = []
    /// Whether the delimiter is known.
    private var isChosen = false
    /// The decoder of the known delimiter; unused while there are candidates.
    private var decoder: CSVRecordDecoder
    /// The delimiter that the rows of a list of one column look as if they were separated by; nil for none.
    private(set) var rowDelimiter: CSVDelimiter?

    /// A decoder at the beginning of a source, behind any byte order mark.
    /// - Throws: `missingColumn`, `duplicateColumn`, where columns are given.
    init(options: DecodingOptions) throws(DecodingFailure) {
        self.options = options
        var header: CSVHeader?
        if let columns = options.columns {
            header = try CSVHeader(columns: columns, mapping: options.mapping, line: 1)
        }
        given = header
        preamble = CSVPreamble(lines: options.skipLines)
        decoder = CSVRecordDecoder(
            delimiter: options.delimiter ?? .comma, limits: options.limits, mapping: options.mapping, header: header)
    }

    /// The encoding of the source before it was converted to UTF-8, for messages.
    var encoding: TextEncoding {
        get { decoder.encoding }
        set {
            decoder.encoding = newValue
            for index in trials.indices { trials[index].decoder.encoding = newValue }
        }
    }

    /// The delimiter; nil while it isn't known.
    var delimiter: CSVDelimiter? { isChosen ? decoder.delimiter : nil }
    /// The header's cells, once it has been read.
    var header: CSVHeader? { isChosen ? decoder.header : nil }
    /// The number of records decoded.
    var recordsRead: Int64 { isChosen ? decoder.recordsRead : 0 }
    /// What was no record, and records in an unusual form.
    var tally: RowTally { decoder.tally }

    /// What decodes the rest; nil while the delimiter isn't known.
    var lines: CSVRecordDecoder? { isChosen ? decoder : nil }

    /// Counts a part that was decoded elsewhere.
    mutating func pass(_ part: DecodedPart) { decoder.pass(part) }

    /// Appends the records that `chunk` completes.
    /// - Throws: `recordTooLong`, and what the header lacks.
    mutating func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if isChosen { return try decoder.push(chunk, into: &batch) }
        var index = 0
        if preamble.isOpen {
            guard let rest = preamble.read(chunk, &index) else { return }
            beginTrials()
            try readSample(rest.span, into: &batch)
        }
        try readSample(chunk.extracting(index..<chunk.count), into: &batch)
    }

    /// Ends the input; a record without a line end is one too.
    /// - Throws: `unclosedQuote`, `recordTooLong`, and what the header lacks.
    mutating func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if preamble.isOpen {
            let rest = preamble.end()
            beginTrials()
            try readSample(rest.span, into: &batch)
        }
        if isChosen { return try decoder.finish(into: &batch) }
        for index in trials.indices { trials[index].finish() }
        try decide(isWhole: true, into: &batch)
    }

    /// Appends the records that were held back while the delimiter was unknown, for a source that ends early.
    mutating func release(into batch: inout RecordBatch) {
        if !isChosen, !trials.isEmpty { _ = choose(into: &batch) }
    }

    /// Begins to read behind the preamble, whose lines are known.
    private mutating func beginTrials() {
        let delimiter = options.delimiter ?? preamble.delimiter
        for delimiter in delimiter.map({ [$0] }) ?? CSVDelimiter.allCases {
            var trial = CSVRecordDecoder(
                delimiter: delimiter, limits: options.limits, mapping: options.mapping, header: given,
                line: preamble.lines + 1)
            trial.encoding = encoding
            for line in 0..<preamble.lines { trial.tally.skipped.add(.aboveHeader, line: line + 1) }
            trials.append(Trial(decoder: trial))
        }
    }

    /// Has the candidates read, and once they have read enough, the one that is chosen.
    private mutating func readSample(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if isChosen { return try decoder.push(chunk, into: &batch) }
        let end = min(chunk.count, Self.sampleBytesMax - sample.count)
        let part = chunk.extracting(0..<end)
        sample.append(part)
        for index in trials.indices { trials[index].push(part) }
        guard isDecided || sample.count == Self.sampleBytesMax else { return }
        try decide(isWhole: false, into: &batch)
        if end < chunk.count { try decoder.push(chunk.extracting(end..<chunk.count), into: &batch) }
    }

    /// Whether a candidate's header has, or may yet have, the wanted columns. The records behind it don't change that,
    /// whether they could be read or not.
    private func fits(_ trial: Trial) -> Bool {
        guard let header = trial.decoder.header else { return trial.failure == nil }
        return trials.count == 1 || trial.decoder.delimiter == options.loneDelimiter || header.columns.count > 1
    }

    /// Whether further bytes can't change the choice: every header has been read, and one fits or each that fits has
    /// failed or has enough records.
    private var isDecided: Bool {
        let open = trials.filter(fits)
        if open.contains(where: { $0.decoder.header == nil }) { return false }
        func hasEnough(_ trial: Trial) -> Bool {
            trial.failure != nil || trial.batch.records.count >= Self.sampleRecordsMax
        }
        // Without any, the header may stand further down. That of one column leaves it to the rows to say otherwise.
        if open.count == 1, trials.count == 1 || open[0].decoder.header?.columns.count != 1 { return true }
        return !open.isEmpty && open.allSatisfy(hasEnough)
    }

    /// - Parameter isWhole: whether the source ends with the sample.
    private mutating func decide(isWhole: Bool, into batch: inout RecordBatch) throws(DecodingFailure) {
        let delimiters = trials.map(\.decoder.delimiter)
        let head = sample
        guard let failure = choose(into: &batch) else { return }
        guard failure.code == .missingColumn, decoder.header == nil, !decoder.headerCells.isEmpty else { throw failure }
        let line = preamble.lines + 1
        let found =
            CSVHeaderSearch.find(
                in: head.span, isWhole: isWhole, line: line, delimiters: delimiters, mapping: options.mapping)
            ?? CSVHeaderSearch.findLikely(
                in: head.span, isWhole: isWhole, line: line, delimiters: delimiters, mapping: options.mapping,
                moreThan: decoder.headerCells.count)
        guard let found else { throw failure }
        throw CSVHeader.failure(decoder.headerCells, options.mapping, line: failure.line, likely: found)
    }

    /// Chooses the candidate that reads the rest, and appends the records that it has read.
    /// - Returns: where that failed, if it did.
    private mutating func choose(into batch: inout RecordBatch) -> DecodingFailure? {
        let fitting = trials.indices.filter { fits(trials[$0]) }
        // The first of the best, so that a comma is chosen where all are equal.
        var best = trials.indices.max { isWorseHeader(trials[$0], trials[$1]) } ?? 0
        if let first = fitting.first {
            best = fitting.dropFirst().reduce(first) { isWorse(trials[$0], trials[$1]) ? $1 : $0 }
        }
        let chosen = trials[best]
        if options.delimiter == nil { rowDelimiter = otherDelimiter(of: chosen) }
        (trials, sample, isChosen) = ([], [], true)
        decoder = chosen.decoder
        batch.append(chosen.batch)
        return chosen.failure
    }

    /// Whether fewer of the first records have as many fields as the header under `one` than under `other`, or as many
    /// but of fewer fields.
    private func isWorse(_ one: Trial, _ other: Trial) -> Bool {
        func score(_ trial: Trial) -> (Double, Int) {
            let counts = trial.fieldCounts(trial.decoder.delimiter)
            let columns = trial.decoder.header?.columns.count ?? 0
            let sound = counts.count { $0 == columns }
            return (counts.isEmpty ? 0 : Double(sound) / Double(counts.count), columns)
        }
        return score(one) < score(other)
    }

    private func isWorseHeader(_ one: Trial, _ other: Trial) -> Bool {
        one.decoder.headerCells.count < other.decoder.headerCells.count
    }

    /// The delimiter under which all the first records of a list of one column have several fields, and each as many;
    /// nil where there is none.
    private func otherDelimiter(of trial: Trial) -> CSVDelimiter? {
        guard trial.decoder.header?.columns.count == 1, !trial.batch.records.isEmpty else { return nil }
        return CSVDelimiter.allCases.first { delimiter in
            guard delimiter != trial.decoder.delimiter else { return false }
            let counts = Set(trial.fieldCounts(delimiter))
            return counts.count == 1 && counts != [1]
        }
    }
}
