import Crypto
import Foundation
import RecordFormats
import RewardsClient

/// Proves a run: works out again from its inputs and its ledger what its report says.
package struct Verification: Sendable {
    let location: RunLocation
    let ledger: any RunLedger
    /// How the inputs are read; as the run read them.
    let configuration: ImportConfiguration
    let environment: RunEnvironment

    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the ledger can't be read.
    package init(
        _ location: RunLocation, _ configuration: ImportConfiguration, environment: RunEnvironment = .system
    ) throws {
        self.location = location
        self.environment = environment
        self.configuration = configuration
        ledger = try StoredLedger.read(at: location.ledger)
    }

    /// Closes the ledger.
    package func close() throws { try ledger.closeReading() }

    /// What differs, without requests to the target. `note` receives what can't be checked.
    ///
    /// - Throws: the reason of `stop`, between two checks or while inputs are read; what the ledger throws.
    package func offline(
        stop: StopSwitch, note: @escaping @Sendable (String) -> Void
    ) async throws -> Differences {
        // The rows are checked where all of them are read.
        try await ledger.checkSoundness(sparingRows: true)
        var differences = Differences()
        let metadata = try await ledger.metadata()
        if metadata.phase != .finished {
            try await ledger.checkSoundness()
            try await tellUnfinished(metadata, &differences)
            try await checkLedger(&differences, isFinished: false)
            try stop.requireNoReason()
            try await checkOtherRuns(&differences, note: note)
            return differences
        }
        // The files are checked beside the rest, which takes about as long.
        async let files = foundInFiles()
        try await checkLedger(&differences, isFinished: true)
        try stop.requireNoReason()
        try await checkOtherRuns(&differences, note: note)
        try stop.requireNoReason()
        var inputs = Differences()
        try await checkInputs(&inputs, stop: stop, note: note)
        let (found, notes) = try await files
        try stop.requireNoReason()
        notes.forEach(note)
        if let altered = try await alteredNote() { note(altered) }
        differences.add(found)
        differences.add(inputs)
        return differences
    }

    /// What is said of groups that the server keeps in another form than was sent; nil where there is none.
    private func alteredNote() async throws -> String? {
        let count = try await ledger.alteredCount()
        guard count > 0 else { return nil }
        return """
            the server keeps \(Shown.count(count, "group")) in another form than was sent (name or rank), which \
            results.csv says of each: no difference, for so they were when the run ended
            """
    }

    private func foundInFiles() async throws -> (Differences, notes: [String]) {
        var differences = Differences()
        var notes: [String] = []
        try await checkFiles(&differences) { notes.append($0) }
        return (differences, notes)
    }

    /// Every record has one outcome, numbers have no gap, and no two records claim one group.
    private func checkLedger(_ differences: inout Differences, isFinished: Bool) async throws {
        differences = try await ledger.read { [differences] ledger in
            var found = differences
            try ledger.forEachFault { fault in
                if case .noOutcome = fault, !isFinished { return }
                found.add(fault)
            }
            return found
        }
    }

    /// The run is at work or was interrupted: what is left, and what to do, in the place of one finding a record.
    private func tellUnfinished(_ metadata: RunMetadata, _ differences: inout Differences) async throws {
        let (left, count) = (try await ledger.unfinished().pending, try await ledger.recordCount())
        differences.add(
            "unfinished",
            """
            unfinished: the run is at work or was interrupted (\(metadata.phase?.rawValue ?? "not begun"); \(left) of \
            \(Shown.count(count, "record")) left); finish it: groupload resume \(location.path)
            """)
        if let stale = Report.staleText(try await Report(ledger: ledger).staleFiles(in: location)) {
            differences.add("stale files", stale)
        }
    }

    /// `summary.json` says what the ledger says, and the files are what both say.
    private func checkFiles(_ differences: inout Differences, note: (String) -> Void) async throws {
        guard let json = try await ledger.metadata().summary else {
            return differences.add(
                "unfinished", "the run has not finished; go on with it: groupload resume \(location.path)")
        }
        let summary = try JSONDecoder().decode(Summary.self, from: Data(json.utf8))
        let isHere = location.isHere
        if !isHere {
            note("the report isn't here (\(location.path)), so that its files aren't checked")
        } else if let written = SystemCall.contents(location.summaryPath) {
            if written != Data(json.utf8) { differences.add("summary.json", "summary.json isn't what the run wrote") }
        } else {
            differences.add("summary.json", "summary.json is missing")
        }
        let counts = try await ledger.counts()
        for outcome in Outcome.allCases where summary.outcomes[outcome.rawValue] != counts[outcome] {
            differences.add(
                "counts",
                """
                summary.json counts \(summary.outcomes[outcome.rawValue] ?? 0) \(outcome.rawValue), the \
                ledger \(counts[outcome])
                """
            )
        }
        let rows = try await ledger.metadata().rows ?? ListRows()
        if let skipped = summary.skipped, skipped != rows.skipped.counts {
            differences.add("counts", "summary.json counts other rows that were passed over than the ledger")
        }
        if summary.read != counts.sum {
            differences.add("counts", "summary.json says \(summary.read) read, \(counts.sum) have an outcome")
        }
        let report = Report(ledger: ledger)
        let digests = try await report.tables().digests
        for (name, digest) in digests.sorted(by: { $0.key < $1.key }) where digest != summary.files[name] {
            differences.add("report", "\(name) isn't what the ledger gives; groupload report writes it again")
        }
        for (name, digest) in summary.files.sorted(by: { $0.key < $1.key }) where isHere {
            guard let found = try FileDigest.sha256(of: location.path + "/" + name) else {
                differences.add("files missing", "\(name) is missing; groupload report writes it again")
                continue
            }
            if found != digest, RecordTable.namesToCorrect.contains(name) {
                note("\(name) isn't what the run wrote; it is there to be corrected, so that this is no difference")
            } else if found != digest {
                differences.add("files changed", "\(name) isn't what the run wrote: its SHA-256 is \(found)")
            }
        }
    }

    /// The inputs give the same records, drafts, retries and refusals.
    private func checkInputs(
        _ differences: inout Differences, stop: StopSwitch, note: @escaping @Sendable (String) -> Void
    ) async throws {
        if try await ledger.metadata().reading == .reading {
            let count = Shown.count(try await ledger.listedCount(), "record")
            return differences.add(
                "unfinished",
                """
                unfinished: the run was stopped when it had read only a part of its input (\(count)); finish it: \
                groupload resume \(location.path)
                """)
        }
        if let undo = configuration.kept.undo { return try await checkReversals(of: undo, &differences, stop: stop) }
        guard let inputs = try await inputs(&differences, note: note) else { return }
        var generator = environment.random
        var ingest = Ingest(
            sources: inputs, options: configuration.decoding,
            validator: configuration.validator, nameMatch: configuration.nameMatch,
            hash: KeyedHash(using: &generator), progress: RunProgress(), stop: stop, note: { _ in })
        // They are known to be those of the run.
        ingest.isHashing = false
        var comparison = ListComparison(ledger)
        let result = try await ingest.run(into: &comparison)
        try stop.requireNoReason()
        differences.add(comparison.differences)
        let count = try await ledger.listedCount()
        if Int(result.read) != count {
            differences.add("records", "the inputs hold \(Shown.count(result.read, "record")), the ledger \(count)")
        }
        try await checkRows(result.rows, &differences)
    }

    /// The inputs as they can be read again, each from its place or from the run's copy; nil where one can't be.
    private func inputs(
        _ differences: inout Differences, note: @Sendable (String) -> Void
    ) async throws -> [InputSource]? {
        var inputs = configuration.sources
        var canRead = true
        let sources = try await ledger.sources()
        // The user took what was read for all.
        if try await ledger.metadata().reading == .read, sources.count < inputs.count {
            note("the input was read only in part: its records are taken from the ledger")
            return nil
        }
        for (number, source) in sources.enumerated() where !source.isMissingGroups {
            let path = configuration.path(of: source, number)
            let name = InputSource(path: source.path, format: nil).shownName
            switch try RereadInput.find(source, number, at: path, in: location.path) {
            case .original: continue
            case .copy(let copy, let original):
                if inputs.indices.contains(number) { inputs[number].copy = copy }
                switch original {
                case .once: note("\(name): checked against the copy kept in the run")
                case .changed: note("\(name) has changed since; checked against the copy kept in the run")
                case .gone: note("\(name) is gone; checked against the copy kept in the run")
                }
            case .none(let original):
                canRead = false
                let isElsewhere = !location.isHere || original == .gone && configuration.kept.ledger != nil
                if isElsewhere, original != .once {
                    note("\(name) isn't here as the run read it: its records are taken from the ledger")
                    continue
                }
                switch original {
                case .once: note("\(name) can't be read again: its records are taken from the ledger")
                case .changed where source.sha256.isEmpty:
                    note("\(name) was read only in part: its records are taken from the ledger")
                case .changed(let found):
                    differences.add("inputs changed", "\(source.path) has changed: its SHA-256 is \(found)")
                case .gone: differences.add("inputs missing", "\(source.path) is missing")
                }
            }
        }
        return canRead ? inputs : nil
    }

    /// As much of the inputs was passed over, and accepted in an unusual form, as the ledger says.
    private func checkRows(_ found: ListRows, _ differences: inout Differences) async throws {
        let metadata = try await ledger.metadata()
        guard metadata.reading == .read, let kept = metadata.rows else { return }
        for (inputs, ledger) in [(found.skipped, kept.skipped), (found.tolerated, kept.tolerated)] {
            for (kind, count) in inputs.counts.sorted(by: { $0.key < $1.key })
            where count != ledger.counts[kind, default: 0] {
                differences.add("rows", "the inputs hold \(count) \(kind), the ledger \(ledger.counts[kind] ?? 0)")
            }
        }
    }

    /// The run that an undo takes back gives the same updates.
    private func checkReversals(
        of undo: RunConfiguration.Undo, _ differences: inout Differences, stop: StopSwitch
    ) async throws {
        guard let location = try configuration.kept.takenBack else { return }
        let origin = try StoredLedger.read(at: location.ledger)
        var recordNumber: Int64 = 0
        var last: Int64 = 0
        while case let chunk = try await origin.reversals(
            after: last, limit: UndoPreview.chunk, withInactive: false, withPresent: undo.includesPresent),
            let end = chunk.last
        {
            try stop.requireNoReason()
            let own = try await ledger.updates(from: recordNumber + 1, to: recordNumber + Int64(chunk.count))
            for expected in chunk {
                recordNumber += 1
                guard let (line, found) = own[recordNumber] else {
                    differences.add(
                        "records", "record \(expected.recordNumber) of run \(undo.run) isn't among what is taken back")
                    continue
                }
                if line != expected.recordNumber || found.id != expected.id
                    || !found.name.hasBytes(of: expected.name)
                    || (found.from, found.to) != (expected.from, expected.to)
                {
                    differences.add(
                        "updates",
                        """
                        record \(recordNumber): run \(undo.run) gives group \(expected.id), \(expected.from) → \
                        \(expected.to); the ledger has group \(found.id), \(found.from) → \(found.to)
                        """
                    )
                }
            }
            last = end.recordNumber
        }
        try origin.closeReading()
        let count = try await ledger.recordCount()
        if count != Int(recordNumber) {
            let held = Shown.count(recordNumber, "group")
            differences.add("records", "run \(undo.run) holds \(held) to take back, the ledger \(count)")
        }
    }
}

extension Differences {
    /// Adds what no sound ledger of a finished run holds.
    fileprivate mutating func add(_ fault: LedgerFault) {
        switch fault {
        case .noOutcome(let recordNumber): add("records without an outcome", "record \(recordNumber) has no outcome")
        case .noRecord(let recordNumber):
            add("outcomes without a record", "record \(recordNumber) has an outcome, but isn't in the ledger")
        case .noID(let recordNumber): add("groups without an id", "record \(recordNumber) was created, but has no id")
        case .claimedTwice(let id, let first, let last):
            add("groups claimed twice", "records \(first) and \(last) both claim to have created group \(id)")
        case .gaps(let last, let count):
            add("records missing", "the last record is \(last), but there are \(count)")
        }
    }
}
