import Foundation
import RecordFormats

/// How far a run's inputs have been read already, and that they are still the same.
struct ResumePoint: Sendable {
    /// Whether nothing more is to be read.
    var isRead = false
    /// The result of reading, where it has ended.
    var ingest = IngestResult()
    /// The last record that the ledger holds; what is read again up to it is passed over.
    var lastRecord: Int64 = 0

    /// Nothing is read yet.
    static var fromStart: ResumePoint { ResumePoint() }

    private init() {}

    /// For a new run: nothing is read yet. For one that goes on: the ledger is emptied where reading begins again.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput`` where the inputs have changed, or were damaged, unless
    ///   the configuration accepts changed inputs.
    init(_ run: OpenedRun, _ configuration: ImportConfiguration) async throws {
        guard let earlier = run.earlier else { return }
        let state = earlier.metadata.reading ?? .reading
        if state == .damaged, !configuration.acceptsChangedInput {
            throw RunError(
                .damagedInput, earlier.metadata.damage ?? "the input was damaged",
                remedy: "correct it and import it anew, or go on with what was read by --changed-input")
        }
        if state == .reading, !earlier.hasClaims, !configuration.acceptsChangedInput {
            try await run.ledger.forgetRecords()
            return
        }
        if state == .reading, !configuration.acceptsChangedInput {
            lastRecord = earlier.lastRecord
            return
        }
        if earlier.pending > 0, !configuration.acceptsChangedInput {
            for (number, source) in earlier.sources.enumerated() where !source.isMissingGroups {
                try Self.check(source, at: configuration.path(of: source, number))
            }
        }
        isRead = true
        ingest.sources = earlier.sources
        ingest.read = earlier.lastRecord
        ingest.nearDuplicates = earlier.metadata.nearDuplicates ?? 0
        ingest.suspicious = earlier.metadata.suspicious ?? 0
        ingest.rows = earlier.metadata.rows ?? ListRows()
    }

    /// Makes sure that a file isn't another than the one that a finished run read; one that is gone is none.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput``.
    static func refuseChanged(_ source: SourceSummary, at path: String, in directory: String) throws {
        guard InputSource.isReadableAgain(path), !source.isMissingGroups, !source.format.isEmpty,
            let found = try FileDigest.sha256(of: path), found != source.sha256
        else { return }
        throw RunError(
            .inputChanged,
            "\(source.path) has changed since the finished run in \(directory) read it, so nothing was done",
            naming: .path(source.path), remedy: "name another --run-dir")
    }

    /// Makes sure that a file is what it was.
    private static func check(_ source: SourceSummary, at path: String) throws(RunError) {
        guard InputSource.isReadableAgain(path) else { return }
        let found: String?
        do { found = try FileDigest.sha256(of: path) } catch {
            throw RunError(
                .noInput, "can't read \(source.path): \(error.localizedDescription)", naming: .path(source.path))
        }
        guard let found else {
            throw RunError(
                .noInput, "can't open \(source.path), which this run read", naming: .path(source.path),
                remedy: "put it back, or go on with what was read by --changed-input")
        }
        guard found == source.sha256 else {
            throw RunError(
                .inputChanged, "\(source.path) has changed since this run read it", naming: .path(source.path),
                remedy: "import it anew, or go on with what was read by --changed-input")
        }
    }
}
