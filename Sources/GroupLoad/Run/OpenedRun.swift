import Foundation
import GRDB
import RewardsClient

/// A run's directory and ledger, opened for a new run or to go on with one.
struct OpenedRun: Sendable {
    var directory: RunDirectory
    var ledger: Ledger
    /// When the run was started, ISO 8601 in UTC.
    var started: String
    /// What there was; nil for a new run.
    var earlier: Unfinished?

    /// Opens the run directory that the configuration names.
    ///
    /// - Throws: ``RunError``: ``ExitStatus/cannotWrite`` if a new one can't be made, or the directory holds another run;
    ///   ``ExitStatus/unusable`` if its ledger can't be used.
    init(_ configuration: ImportConfiguration, started: Date, suffix: UInt16) async throws {
        if let path = configuration.runDirectory, let found = try await Self.existing(path, configuration) {
            self = found
            return
        }
        directory = try RunDirectory(path: configuration.runDirectory, started: started, suffix: suffix)
        ledger = try Ledger(path: directory.ledgerPath)
        self.started = started.formatted(.iso8601)
        try await ledger.set([
            Ledger.Key.run: directory.run, Ledger.Key.scope: configuration.scope, Ledger.Key.started: self.started,
            Ledger.Key.startedAt: String(Int64(started.timeIntervalSince1970 * 1000)),
            Ledger.Key.state: Ledger.RunState.reading.rawValue,
            Ledger.Key.input: Ledger.InputState.reading.rawValue, Ledger.Key.plan: try configuration.plan.json(),
        ])
    }

    private init(_ directory: RunDirectory, _ ledger: Ledger, _ started: String, _ earlier: Unfinished) {
        self.directory = directory
        self.ledger = ledger
        self.started = started
        self.earlier = earlier
    }

    /// The run that `path` holds; nil where it holds none, or one that died before anything was kept of it.
    private static func existing(_ path: String, _ configuration: ImportConfiguration) async throws -> OpenedRun? {
        let ledgerPath = path + "/ledger.sqlite"
        guard FileManager.default.fileExists(atPath: ledgerPath) else { return nil }
        let ledger = try Ledger(resuming: ledgerPath)
        let earlier = try await ledger.unfinished()
        guard let plan = earlier.facts[Ledger.Key.plan], let run = earlier.facts[Ledger.Key.run] else {
            try ledger.closeReading()
            for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: ledgerPath + suffix) {
                try FileManager.default.removeItem(atPath: ledgerPath + suffix)
            }
            return nil
        }
        guard try plan == configuration.plan.json(), earlier.facts[Ledger.Key.scope] == configuration.scope else {
            throw RunError(
                .cannotWrite,
                "\(path) holds a run with other options; name another directory with --run-dir, or go on with it: groupload resume \(path)"
            )
        }
        return OpenedRun(
            RunDirectory(existing: path, run: run), ledger, earlier.facts[Ledger.Key.started] ?? "", earlier)
    }
}

extension ImportConfiguration {
    /// What no two runs work on at once: the target, and the till or key; never a secret.
    var scope: String { "\(client.target) \(client.credentials.keyID)" }
}

extension OpenedRun {
    /// Takes up what an earlier process counted, and makes the ledger ready to go on; nothing for a new run.
    func takeUp(_ progress: RunProgress, note: (String) -> Void) async throws {
        guard let earlier else { return }
        try await ledger.reopenDrafts()
        let counts = try await ledger.counts()
        func fact(_ key: String) -> Int { earlier.facts[key].flatMap { Int($0) } ?? 0 }
        let (requests, retries, throttled) = (
            fact(Ledger.Key.requests), fact(Ledger.Key.retries), fact(Ledger.Key.throttled)
        )
        note(
            "going on with run \(earlier.facts[Ledger.Key.run] ?? ""): \(counts.sum) records are settled, \(earlier.pending) are left, "
                + "\(try await ledger.doubtCount()) of which may have been sent and are looked up first")
        progress.update {
            $0.outcomes = counts
            $0.read = Int(earlier.lastRecord)
            ($0.requests, $0.retries, $0.throttled) = (requests, retries, throttled)
        }
    }
}
