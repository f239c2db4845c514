import Foundation
import RewardsClient

/// A run's directory and ledger, opened for a new run or to go on with one.
struct OpenedRun: Sendable {
    var directory: RunDirectory
    var ledger: any RunLedger
    /// When the run was started, ISO 8601 in UTC.
    var started: String
    /// What there was; nil for a new run.
    var earlier: UnfinishedRun?
    /// What keeps other processes off the directory for as long as it lives; nil where there is no directory.
    let lock: LockFile?
    /// What keeps other processes off the run and its scope, wherever they are; nil where the ledger is a file.
    private(set) var lease: RunLease?
    private let environment: RunEnvironment

    /// Opens the run directory that the configuration names.
    ///
    /// - Parameter note: receives a message where a run that sent nothing makes way for a new one.
    /// - Throws: ``RunError``: ``ExitStatus/cannotWrite`` if a new one can't be made, or the directory holds another
    ///   run; ``ExitStatus/busy`` if another process works on it; ``ExitStatus/configuration`` if the run isn't the
    ///   user's own; ``ExitStatus/unusable`` if its ledger can't be used.
    init(
        _ configuration: ImportConfiguration, _ environment: RunEnvironment, note: @Sendable (String) -> Void
    ) async throws {
        if let path = configuration.runDirectory,
            let found = try await Self.existing(path, configuration, environment, note)
        {
            self = found
            try keepKnown(configuration)
            return
        }
        if let origin = try configuration.kept.takenBack {
            try origin.requireOwn()
            try Self.requireScope(try StoredLedger.scope(at: origin.ledger), configuration, of: origin)
        }
        let database = try configuration.kept.database
        // Before anything is made here.
        if let database { try StoredLedger.prepare(database) }
        self.environment = environment
        var generator = environment.random
        directory = try RunDirectory(
            path: configuration.runDirectory, started: environment.date, suffix: generator.next(), database: database)
        lock = try LockFile.ofRun(directory.path)
        // Somebody may have begun one before the lock was taken.
        try directory.requireNone()
        ledger = try directory.makeLedger()
        do {
            lease = try await RunLease(on: ledger, configuration, environment, waits: false, note: note)
        } catch {
            try directory.remove()
            throw error
        }
        // By the clock that the lease has told.
        let startedAt = environment.epochMilliseconds
        started = Date(timeIntervalSince1970: Double(startedAt) / 1000).formatted(.iso8601)
        var metadata = RunMetadata(phase: .reading)
        metadata.run = directory.run
        metadata.scope = configuration.scopeText
        metadata.started = started
        metadata.startedAt = startedAt
        metadata.reading = .reading
        metadata.configuration = configuration.kept
        try await ledger.merge(metadata)
        try keepKnown(configuration)
    }

    /// Goes on with the run that a ledger of the caller's holds, which stands in no directory.
    ///
    /// - Throws: what the ledger throws.
    init(
        over ledger: any RunLedger, _ configuration: ImportConfiguration, _ environment: RunEnvironment
    ) async throws {
        let earlier = try await ledger.unfinished()
        let path = configuration.runDirectory ?? "."
        directory = RunDirectory(
            existing: path, run: earlier.metadata.run ?? "", ledger: .file("\(path)/\(LedgerPlace.fileName)"))
        self.ledger = ledger
        started = earlier.metadata.started ?? ""
        self.earlier = earlier
        lock = nil
        self.environment = environment
    }

    private init(
        _ directory: RunDirectory, _ ledger: any RunLedger, _ started: String, _ earlier: UnfinishedRun,
        _ lock: LockFile, _ environment: RunEnvironment
    ) {
        self.directory = directory
        self.ledger = ledger
        self.started = started
        self.earlier = earlier
        self.lock = lock
        self.environment = environment
    }

    /// Writes whose run it is where another process would look for it, and that there is a run on this scope.
    private func keepKnown(_ configuration: ImportConfiguration) throws {
        lock?.write(run: directory.run)
        do { try ScopeRuns.add(directory.path, scope: configuration.scope, environment: environment.variables) } catch {
            // A database is known without it, and a machine that only works on one need not have a place for it.
            if case .file = directory.ledger { throw error }
        }
    }

    /// Makes sure that a run's requests go to the target, and as the till or key, that its ledger is of.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``.
    private static func requireScope(
        _ kept: String?, _ configuration: ImportConfiguration, of location: RunLocation
    ) throws(RunError) {
        let (own, given) = (Scope(text: kept ?? ""), Scope(text: configuration.scope))
        guard own != given else { return }
        throw RunError(
            .otherRun,
            """
            \(location.path) holds a run with other options: it was made at \(own.target) as \(own.keyID), not at \
            \(given.target) as \(given.keyID)
            """, naming: .path(location.path),
            remedy: "give the credentials that it was started with, or name another directory with --run-dir")
    }

    /// The run that `path` holds; nil where it holds none, one that died before anything was kept of it, or one that
    /// made way.
    private static func existing(
        _ path: String, _ configuration: ImportConfiguration, _ environment: RunEnvironment,
        _ note: @Sendable (String) -> Void
    ) async throws -> OpenedRun? {
        guard let location = RunLocation(existing: path) else { return nil }
        try location.requireOwn()
        let lock = try LockFile.ofRun(path)
        let place = try location.ledger
        guard let ledger = try resumed(place, lock) else {
            try RunDirectory.removeLedger(path)
            return nil
        }
        try await ledger.checkSoundness()
        var earlier = try await ledger.unfinished()
        guard let kept = earlier.metadata.configuration, earlier.metadata.run != nil else {
            try ledger.closeReading()
            // The lock has a run's name from when its ledger says what it is.
            guard lock.text.isEmpty else {
                throw RunError(
                    .ledgerDamaged, "can't use the ledger \(place): it has lost what it held",
                    naming: .path("\(place)"), remedy: "see that it is whole")
            }
            try RunDirectory.removeLedger(path, place)
            return nil
        }
        let lease = try await RunLease(on: ledger, configuration, environment, waits: true, note: note)
        do {
            // Somebody else may have gone on with it until then.
            if lease != nil { earlier = try await ledger.unfinished() }
            guard let directory = try await taken(configuration, earlier, kept, location, ledger, note) else {
                return nil
            }
            var run = OpenedRun(directory, ledger, earlier.metadata.started ?? "", earlier, lock, environment)
            run.lease = lease
            return run
        } catch {
            try await lease?.ledger.endLease()
            throw error
        }
    }

    /// The directory of a run that is there and can be gone on with; nil where it made way.
    private static func taken(
        _ configuration: ImportConfiguration, _ earlier: UnfinishedRun, _ kept: RunConfiguration,
        _ location: RunLocation, _ ledger: any RunLedger, _ note: @Sendable (String) -> Void
    ) async throws -> RunDirectory? {
        let (path, run) = (location.path, earlier.metadata.run ?? "")
        if let reason = try await ReplacedRun(path, earlier, kept, configuration).reason(ledger) {
            try await ledger.close()
            try RunDirectory.empty(path, location.ledger)
            note(
                """
                \(path) held a run that sent nothing (\(run); \(reason)): its report is removed, and this is a new run
                """)
            return nil
        }
        try requireScope(earlier.metadata.scope, configuration, of: location)
        let differences = kept.differences(from: configuration.kept)
        guard differences.isEmpty else {
            throw RunError(
                .otherRun, "\(path) holds a run with other options (\(differences.joined(separator: ", ")))",
                naming: .path(path),
                remedy: "name another directory with --run-dir, or go on with it: groupload resume \(path)")
        }
        return RunDirectory(existing: path, run: run, ledger: try location.ledger)
    }
}

extension OpenedRun {
    /// Opens a ledger to go on with it; nil where the process died that was to make it in a database.
    private static func resumed(_ place: LedgerPlace, _ lock: LockFile) throws -> (any RunLedger)? {
        do throws(RunError) { return try StoredLedger.resume(at: place) } catch {
            guard error.code == .noRun, lock.text.isEmpty else { throw error }
            return nil
        }
    }
}

extension RunConfiguration {
    /// The database that holds the ledger; nil for a file.
    var database: PostgreSQLAddress? {
        get throws(RunError) {
            guard let ledger else { return nil }
            return try PostgreSQLAddress(ledger)
        }
    }

    /// The run that is taken back, where it is an undo.
    var takenBack: RunLocation? {
        get throws(RunError) {
            guard let undo else { return nil }
            guard let database = try database else { return try RunLocation(directory: undo.path) }
            return RunLocation(of: undo.run, at: database)
        }
    }
}

extension ImportConfiguration {
    /// The ``Scope`` of the run in its canonical form.
    var scope: String { Scope(text: scopeText).canonical }

    /// The scope as a ledger keeps it, with the target as it was given.
    var scopeText: String { "\(client.target) \(client.credentials.keyID)" }
}

extension OpenedRun {
    /// Takes up what an earlier process counted, and makes the ledger ready to go on; nothing for a new run.
    ///
    /// - Parameter requestMax: how long a request may be carried out after it was sent.
    func takeUp(_ progress: RunProgress, requestMax: Duration, note: (String) -> Void) async throws {
        guard let earlier else { return }
        // Nothing was sent later than so long after the last sign of life.
        let kept = earlier.metadata
        let alive = kept.aliveAt ?? environment.epochMilliseconds
        try await ledger.reopenDrafts(
            until: alive + (Submitter.beatMax + requestMax).milliseconds, requestMax: requestMax.milliseconds)
        let counts = try await ledger.counts()
        // Not what was left when the run was opened: others may work on it.
        let left = max(0, try await ledger.recordCount() - counts.sum)
        note(
            "going on with run \(kept.run ?? ""): \(Shown.count(counts.sum, "record has", "records have")) an outcome, "
                + "\(Shown.number(left)) left, "
                + "\(try await ledger.doubtCount()) of which may have been sent and are looked up first")
        progress.update {
            $0.outcomes = counts
            $0.read = Int(earlier.lastRecord)
            // A shared ledger adds up what the processes have counted, each for itself.
            if lease != nil { return }
            ($0.requests, $0.retries, $0.throttled) = (kept.requests ?? 0, kept.retries ?? 0, kept.throttled ?? 0)
        }
    }

    /// Runs `body` while the requests that pass `gate` keep to what is shared with other processes.
    ///
    /// - Throws: what `body` throws.
    func whilePaced<Value>(
        _ gate: RequestGate, _ stop: StopSwitch, _ body: () async throws -> Value
    ) async throws -> Value {
        guard let lease else { return try await body() }
        return try await lease.whilePaced(gate, stop, body)
    }

    /// Gives the lease back after an error, if nothing was sent; else it is left to expire, and what was sent is in
    /// doubt then.
    ///
    /// - Parameter sent: the requests that this process has sent.
    func giveUp(sent: Int) async {
        guard sent == 0, let lease else { return }
        do { try await lease.ledger.endLease() } catch {
            // It expires.
        }
    }
}
