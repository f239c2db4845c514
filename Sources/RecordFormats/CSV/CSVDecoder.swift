/// Reads CSV whose delimiter is given or found out.
///
/// To its maintainers: to find it out, a decoder for each candidate reads the beginning of the source, and the one whose
/// header has the columns that are looked for goes on with the rest. Where several have them (or there is no header), the
/// first records decide. What is looked at ends at the same byte however the source is cut into chunks.
struct CSVDecoder {
    /// A candidate, what it has read, and where that failed.
    private struct Trial {
        var decoder: CSVRecordDecoder
        var batch = RecordBatch()
        var failure: DecodingFailure?

        /// Whether its header has, or may yet have, the columns that are looked for, whatever became of the records behind
        /// it: that doesn't change with what is read further on.
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

    /// The most bytes that are looked at, and the records of each candidate.
    private static let sampleBytesMax = 65_536, sampleRecordsMax = 10

    /// The candidates; empty once the delimiter is known.
    private var trials: [Trial] = []
    private var sampleBytes = 0
    /// The one that reads on; of no account while there are candidates.
    private var decoder: CSVRecordDecoder

    /// A decoder at the beginning of a source, behind any byte order mark.
    /// - Throws: `missingColumn`, `repeatedColumn`, where columns are given.
    init(options: DecodingOptions) throws(DecodingFailure) {
        var header: CSVHeader?
        if let columns = options.columns { header = try CSVHeader(columns: columns, names: options.names, line: 1) }
        decoder = CSVRecordDecoder(
            delimiter: options.delimiter ?? .comma, limits: options.limits, names: options.names, header: header)
        guard options.delimiter == nil else { return }
        for delimiter in CSVDelimiter.allCases {
            trials.append(
                Trial(
                    decoder: CSVRecordDecoder(
                        delimiter: delimiter, limits: options.limits, names: options.names, header: header)))
        }
    }

    /// What the text was in before it was made UTF-8, for messages.
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
    /// The number of records handed out.
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

    /// Appends what was held back while the delimiter was not known, for a source that breaks off.
    mutating func release(into batch: inout RecordBatch) {
        if !trials.isEmpty { _ = choose(into: &batch) }
    }

    /// Whether nothing more that is read could change the choice: every header has been read and at most one fits, or each
    /// that fits has been seen to.
    private var isDecided: Bool {
        let open = trials.filter(\.fits)
        if open.contains(where: { $0.decoder.header == nil }) { return false }
        return open.count <= 1
            || open.allSatisfy { $0.failure != nil || $0.batch.records.count >= Self.sampleRecordsMax }
    }

    private mutating func decide(into batch: inout RecordBatch) throws(DecodingFailure) {
        if let failure = choose(into: &batch) { throw failure }
    }

    /// Chooses the candidate to go on with, and hands over what it has read.
    /// - Returns: where that failed, if it did.
    private mutating func choose(into batch: inout RecordBatch) -> DecodingFailure? {
        let fitting = trials.indices.filter { trials[$0].fits }
        // The first of the best, so that a comma is taken where nothing tells them apart.
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

    /// Whether fewer of the first records have as many fields as the header under `one` than under `other`, or as many but
    /// of fewer fields.
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
