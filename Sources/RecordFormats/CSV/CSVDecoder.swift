/// Decodes CSV whose delimiter is given or detected.
///
/// To its maintainers: to detect it, a decoder for each candidate reads the beginning of the source, and the one whose
/// header has the wanted columns reads the rest. Where several have them (or there is no header), the first records
/// decide. The sample ends at the same byte however the source is cut into chunks.
struct CSVDecoder {
    /// A candidate, what it has read, and where that failed.
    private struct Trial {
        var decoder: CSVRecordDecoder
        var batch = RecordBatch()
        var failure: DecodingFailure?

        /// Whether its header has, or may yet have, the wanted columns. The records behind it don't change that,
        /// whether they could be read or not.
        var fits: Bool { failure == nil || decoder.header != nil }

        mutating func push(_ chunk: Span<UInt8>) {
            guard failure == nil else { return }
            do throws(DecodingFailure) { try decoder.push(chunk, into: &batch) } catch { failure = error }
        }

        mutating func finish() {
            guard failure == nil else { return }
            do throws(DecodingFailure) { try decoder.finish(into: &batch) } catch { failure = error }
        }
    }

    /// The most bytes of the sample, and the most records of each candidate that count.
    private static let sampleBytesMax = 65_536, sampleRecordsMax = 10

    /// The candidates; empty once the delimiter is known.
    private var trials: [Trial] = []
    private var sampleBytes = 0
    /// The decoder of the known delimiter; unused while there are candidates.
    private var decoder: CSVRecordDecoder

    /// A decoder at the beginning of a source, behind any byte order mark.
    /// - Throws: `missingColumn`, `duplicateColumn`, where columns are given.
    init(options: DecodingOptions) throws(DecodingFailure) {
        var header: CSVHeader?
        if let columns = options.columns {
            header = try CSVHeader(columns: columns, mapping: options.mapping, line: 1)
        }
        decoder = CSVRecordDecoder(
            delimiter: options.delimiter ?? .comma, limits: options.limits, mapping: options.mapping, header: header)
        guard options.delimiter == nil else { return }
        for delimiter in CSVDelimiter.allCases {
            trials.append(
                Trial(
                    decoder: CSVRecordDecoder(
                        delimiter: delimiter, limits: options.limits, mapping: options.mapping, header: header)))
        }
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
    var delimiter: CSVDelimiter? { trials.isEmpty ? decoder.delimiter : nil }
    /// The header's cells, once it has been read.
    var header: CSVHeader? { trials.isEmpty ? decoder.header : nil }
    /// The number of records decoded.
    var recordsRead: Int64 { trials.isEmpty ? decoder.recordsRead : 0 }

    /// Appends the records that `chunk` completes.
    /// - Throws: `recordTooLong`, and what the header lacks.
    mutating func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if trials.isEmpty { return try decoder.push(chunk, into: &batch) }
        let end = min(chunk.count, Self.sampleBytesMax - sampleBytes)
        sampleBytes += end
        for index in trials.indices { trials[index].push(chunk.extracting(0..<end)) }
        guard isDecided || sampleBytes == Self.sampleBytesMax else { return }
        try decide(into: &batch)
        if end < chunk.count { try decoder.push(chunk.extracting(end..<chunk.count), into: &batch) }
    }

    /// Ends the input; a record without a line end is one too.
    /// - Throws: `unclosedQuote`, `recordTooLong`, and what the header lacks.
    mutating func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        for index in trials.indices { trials[index].finish() }
        if !trials.isEmpty { return try decide(into: &batch) }
        try decoder.finish(into: &batch)
    }

    /// Appends the records that were held back while the delimiter was unknown, for a source that ends early.
    mutating func release(into batch: inout RecordBatch) {
        if !trials.isEmpty { _ = choose(into: &batch) }
    }

    /// Whether further bytes can't change the choice: every header has been read, and at most one fits or each that
    /// fits has failed or has enough records.
    private var isDecided: Bool {
        let open = trials.filter(\.fits)
        if open.contains(where: { $0.decoder.header == nil }) { return false }
        return open.count <= 1
            || open.allSatisfy { $0.failure != nil || $0.batch.records.count >= Self.sampleRecordsMax }
    }

    private mutating func decide(into batch: inout RecordBatch) throws(DecodingFailure) {
        if let failure = choose(into: &batch) { throw failure }
    }

    /// Chooses the candidate that reads the rest, and appends the records that it has read.
    /// - Returns: where that failed, if it did.
    private mutating func choose(into batch: inout RecordBatch) -> DecodingFailure? {
        let fitting = trials.indices.filter { trials[$0].fits }
        // The first of the best, so that a comma is chosen where all are equal.
        var best = trials.indices.max { isWorseHeader(trials[$0], trials[$1]) } ?? 0
        if let first = fitting.first {
            best = fitting.dropFirst().reduce(first) { isWorse(trials[$0], trials[$1]) ? $1 : $0 }
        }
        let chosen = trials[best]
        trials = []
        decoder = chosen.decoder
        batch.append(chosen.batch)
        return chosen.failure
    }

    /// Whether fewer of the first records have as many fields as the header under `one` than under `other`, or as many
    /// but of fewer fields.
    private func isWorse(_ one: Trial, _ other: Trial) -> Bool {
        func score(_ trial: Trial) -> (Double, Int) {
            let first = trial.batch.records.prefix(Self.sampleRecordsMax)
            let sound = first.count { $0.problem == nil }
            return (first.isEmpty ? 0 : Double(sound) / Double(first.count), trial.decoder.header?.columns.count ?? 0)
        }
        return score(one) < score(other)
    }

    private func isWorseHeader(_ one: Trial, _ other: Trial) -> Bool {
        one.decoder.headerFields < other.decoder.headerFields
    }
}
