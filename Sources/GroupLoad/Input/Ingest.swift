import Crypto
import Foundation
package import RecordFormats

/// Takes the checked batches of an ingest, in input order.
package protocol RecordSink {
    /// Takes one batch; returning is the sign that the next may come.
    mutating func accept(_ batch: CheckedBatch, columns: [String]?) async throws
}

/// What is known of a source once reading it has ended.
package struct SourceSummary: Sendable, Codable, Equatable {
    /// The path as given, or `-`.
    package var path: String
    package var format: String
    /// Bytes read, and their SHA-256 in lower-case hexadecimal.
    package var bytes: Int64
    package var sha256: String
    /// The header's texts, for CSV.
    package var columns: [String]?
}

/// What an ingest came to.
package struct IngestResult: Sendable {
    package var sources: [SourceSummary] = []
    /// Records read over all sources.
    package var read: Int64 = 0
    /// Why reading ended early: damage in a source, with place and remedy.
    package var damage: RunError?
    /// Names that differ from an earlier one only when folded, and the first record of which that is so.
    package var nearDuplicates = 0
    package var nearDuplicateFirst: Int64 = 0
}

/// The stage from bytes to checked batches: opens each source in turn, decodes, validates, looks for repeats, hands over.
///
/// Memory is bounded by one chunk, one batch, the longest record and the name index.
package struct Ingest: Sendable {
    package var sources: [InputSource]
    package var limits: DecodingLimits
    package var validator: RecordValidator
    package var nameMatch: NameMatch
    package var hash: KeyedHash
    package var progress: RunProgress
    package var stop: StopSwitch

    /// Bytes asked of a source at once.
    private static let chunkBytes = 1 << 16
    /// A batch is handed over when it holds so many records or bytes.
    private static let batchRecords = 1000, batchBytes = 1 << 20

    package init(
        sources: [InputSource], limits: DecodingLimits, validator: RecordValidator, nameMatch: NameMatch,
        hash: KeyedHash, progress: RunProgress, stop: StopSwitch
    ) {
        self.sources = sources
        self.limits = limits
        self.validator = validator
        self.nameMatch = nameMatch
        self.hash = hash
        self.progress = progress
        self.stop = stop
    }

    /// Reads all sources into `sink`. Damage in a source ends reading and is part of the result, for what came before it counts.
    ///
    /// - Throws: what `sink` throws, and ``RunError`` where a source can't be opened.
    package func run(into sink: inout some RecordSink) async throws -> IngestResult {
        var result = IngestResult()
        var checker = RecordChecker(validator: validator, nameMatch: nameMatch, hash: hash)
        let bytes = sources.map(\.bytes)
        if !bytes.contains(nil) {
            progress.update { $0.bytesTotal = bytes.reduce(0) { $0 + ($1 ?? 0) } }
        }
        for (number, source) in sources.enumerated() where stop.reason == nil && result.damage == nil {
            try await read(source, number, &checker, into: &sink, &result)
        }
        result.nearDuplicates = checker.nearDuplicates
        result.nearDuplicateFirst = checker.nearDuplicateFirst
        return result
    }

    private func read(
        _ source: InputSource, _ number: Int, _ checker: inout RecordChecker, into sink: inout some RecordSink,
        _ result: inout IngestResult
    ) async throws {
        let file = try InputFile(source)
        var chunk = try await file.read(atMost: Self.chunkBytes, stop: stop)
        let format = source.format ?? RecordFormat.of(path: source.path, firstBytes: chunk)
        let stream = RecordStream(format: format, limits: limits)
        var digest = SHA256()
        var batch = RecordBatch()
        var checked: [CheckedRecord] = []
        let base = result.read
        var bytes: Int64 = 0

        func flush() async throws {
            guard !batch.records.isEmpty else { return }
            try checker.check(batch, recordBase: base, into: &checked)
            result.read = base + (batch.records.last?.ordinal ?? 0)
            let handed = CheckedBatch(batch: batch, checked: checked, recordBase: base, source: number)
            try await sink.accept(handed, columns: stream.columns)
            batch.removeAll(keepingCapacity: true)
            let read = Int(result.read)
            progress.update { $0.read = read }
        }

        do {
            while !chunk.isEmpty {
                digest.update(data: chunk)
                bytes += Int64(chunk.count)
                let count = Int64(chunk.count)
                progress.update { $0.bytesRead += count }
                try stream.push(chunk, into: &batch)
                if batch.records.count >= Self.batchRecords || batch.arena.count >= Self.batchBytes {
                    try await flush()
                }
                if stop.reason != nil { break }
                chunk = try await file.read(atMost: Self.chunkBytes, stop: stop)
            }
            if stop.reason == nil { try stream.finish(into: &batch) }
        } catch let failure as DecodingFailure {
            result.damage = RunError(.damagedInput, failure.message(source: source.name))
        } catch let failure as RunError where failure.status == .damagedInput {
            result.damage = failure
        }
        try await flush()
        result.sources.append(
            SourceSummary(
                path: source.path, format: format.rawValue, bytes: bytes,
                sha256: digest.finalize().hexadecimal, columns: stream.columns))
    }
}

extension DecodingFailure {
    /// The failure with its place: `groups.csv:1042: record 1040: …`.
    func message(source: String) -> String {
        let place = record.map { "\(source):\(line): record \($0): " } ?? "\(source):\(line): "
        return place + message
    }
}

extension SHA256.Digest {
    /// The digest in lower-case hexadecimal.
    var hexadecimal: String {
        var text = ""
        for byte in self { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return text
    }
}
