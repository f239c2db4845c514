import Foundation
import RecordFormats

/// How far a run's inputs have been read already, and that they are still the same.
struct ResumePoint: Sendable {
    /// Whether nothing more is to be read.
    var isRead = false
    /// The result of reading, as far as it came.
    var ingest = IngestResult()
    /// The last record that the ledger holds; what is read again up to it is passed over.
    var lastRecord: Int64 = 0

    /// Nothing is read yet.
    static var fromStart: ResumePoint { ResumePoint() }

    private init() {}

    /// For a new run: nothing is read yet. For one that goes on: the ledger is emptied where reading begins again, and
    /// another list may take the place of the one that nothing was sent of.
    ///
    /// - Parameter note: receives a message for each input that has changed while the run has a copy of it.
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput`` where the inputs have changed, or were damaged, unless
    ///   the configuration accepts changed inputs.
    init(_ run: OpenedRun, _ configuration: ImportConfiguration, _ note: (String) -> Void) async throws {
        guard let earlier = run.earlier else { return }
        let state = earlier.metadata.reading ?? .reading
        if state == .damaged, !configuration.acceptsChangedInput {
            throw RunError(
                .damagedInput, earlier.metadata.damage ?? "the input was damaged",
                remedy: "correct it and import it anew, or go on with what was read by --changed-input")
        }
        if state == .reading, !earlier.hasClaims, configuration.replacesUnsent, !configuration.acceptsChangedInput {
            try await run.ledger.forgetRecords()
            return
        }
        if state == .reading, !configuration.acceptsChangedInput {
            lastRecord = earlier.lastRecord
            ingest.read = earlier.lastRecord
            ingest.sources = earlier.sources
            return
        }
        if state == .reading {
            // The user takes what was read for all.
            var known = RunMetadata()
            known.reading = .read
            try await run.ledger.merge(known)
        }
        if earlier.pending > 0, !configuration.acceptsChangedInput {
            for (number, source) in earlier.sources.enumerated() where !source.isMissingGroups {
                if let remark = try Self.check(source, number, configuration, in: run.directory.path) { note(remark) }
            }
        }
        isRead = true
        ingest.sources = earlier.sources
        ingest.read = earlier.lastRecord
        ingest.nearDuplicates = earlier.metadata.nearDuplicates ?? 0
        ingest.suspicious = earlier.metadata.suspicious ?? 0
        ingest.notedNames = earlier.metadata.notedNames ?? NotedNames()
        ingest.activityUnheeded = earlier.metadata.activityUnheeded ?? 0
        ingest.rows = earlier.metadata.rows ?? ListRows()
    }

    /// Makes sure that a file isn't another than the one that a finished run read; one that is gone is none, and one
    /// that the user doesn't name doesn't count where the run has a copy of what it read.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput``.
    static func refuseChanged(
        _ source: SourceSummary, _ number: Int, _ configuration: ImportConfiguration, in directory: String
    ) throws {
        guard !source.isMissingGroups, !source.format.isEmpty else { return }
        let path = configuration.path(of: source, number)
        switch try RereadInput.find(source, number, at: path, in: directory) {
        case .none(.changed): break
        case .copy(_, .changed) where !configuration.acceptsCopies: break
        default: return
        }
        throw RunError(
            .inputChanged,
            "\(source.path) has changed since the finished run in \(directory) read it, so nothing was done",
            naming: .path(source.path), remedy: "name another --run-dir")
    }

    /// Makes sure that a file is what it was, or that the run has a copy of what it read and the user doesn't name the
    /// file.
    ///
    /// - Returns: what is said where the copy counts.
    private static func check(
        _ source: SourceSummary, _ number: Int, _ configuration: ImportConfiguration, in directory: String
    ) throws(RunError) -> String? {
        let again: RereadInput
        do {
            again = try RereadInput.find(source, number, at: configuration.path(of: source, number), in: directory)
        } catch {
            throw RunError(
                .noInput, "can't read \(source.path): \(error.localizedDescription)", naming: .path(source.path))
        }
        switch again {
        case .original, .copy(_, .once), .none(.once): return nil
        case .copy(_, .changed) where configuration.acceptsCopies:
            return """
                \(source.path) has changed since this run read it; going on with the list as it was read, a copy of \
                which is kept in the run; import the changed list as a run of its own
                """
        case .copy(_, .gone) where configuration.acceptsCopies:
            return """
                \(source.path) is gone since this run read it; going on with the list as it was read, a copy of which \
                is kept in the run
                """
        case .none(.gone) where configuration.acceptsCopies && configuration.kept.ledger != nil:
            return "\(source.path) isn't here; going on with the list as it was read"
        case .copy(_, .gone), .none(.gone):
            throw RunError(
                .noInput, "can't open \(source.path), which this run read", naming: .path(source.path),
                remedy: "put it back, or go on with what was read by --changed-input")
        case .copy(_, .changed), .none(.changed):
            throw RunError(
                .inputChanged, "\(source.path) has changed since this run read it", naming: .path(source.path),
                remedy: "import it anew, or go on with what was read by --changed-input")
        }
    }
}

extension ResumePoint {
    /// That a source which is read again has another record than the ledger.
    static func changed(_ source: InputSource, _ recordNumber: Int64) -> RunError {
        RunError(
            .inputChanged,
            """
            \(source.name) has changed since this run read it: record \(recordNumber) isn't the one that was read \
            before
            """, naming: RunError.Place(path: source.name, recordNumber: recordNumber), remedy: asItWas)
    }

    /// Why sources that are read again give fewer records than the ledger holds: they have changed, unless one can't be
    /// read at all.
    static func shortened(_ sources: [InputSource], _ result: IngestResult, before: Int64) -> RunError {
        if let damage = result.damage, damage.status != .damagedInput { return damage }
        let records = "\(Shown.count(result.read, "record")) now, and \(Shown.number(before)) were read before"
        let damage = result.damage.map { " (\($0.message))" } ?? ""
        guard sources.count == 1 else {
            return RunError(
                .inputChanged, "the lists have changed since this run read them: they have \(records)\(damage)",
                naming: nil, remedy: asItWas)
        }
        return RunError(
            .inputChanged, "\(sources[0].name) has changed since this run read it: it has \(records)\(damage)",
            naming: .path(sources[0].name), remedy: asItWas)
    }

    private static let asItWas =
        "give the list as it was, import it anew, or go on with what was read by --changed-input"
}
