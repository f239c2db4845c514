import Crypto
import Foundation
package import Logging
package import RewardsClient

/// One execution of `undo`: takes back what a run's ledger proves that the run did, group by group, as a run of its
/// own.
package struct UndoRun: Sendable {
    private let configuration: ImportConfiguration
    private let environment: RunEnvironment
    private let client: RewardsClient
    private let stop: StopSwitch
    private let progress: RunProgress
    private let latency = LatencyHistogram()
    private let logger: Logger
    private let note: @Sendable (String) -> Void

    /// - Parameters: as ``ImportRun``; the configuration is that of the run that is taken back, whose
    ///   ``ImportConfiguration/kept`` has an ``RunConfiguration/undo-swift.property``.
    package init(
        _ configuration: ImportConfiguration, client: RewardsClient, stop: StopSwitch, progress: RunProgress,
        logger: Logger, environment: RunEnvironment = .system, note: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.environment = environment
        self.client = client
        self.stop = stop
        self.progress = progress
        self.logger = logger
        self.note = note
    }

    /// Runs to the end, or goes on with an undo that the configuration's directory holds.
    ///
    /// - Returns: the summary, whose `exit` is the status to exit with, and the directory that holds the report.
    /// - Throws: as ``ImportRun/run()``.
    package func run() async throws -> (Summary, RunDirectory) {
        try await RunLifecycle(
            configuration, environment, stop: stop, progress: progress, latency: latency, note: note
        ).run {
            try await execute($0)
        }
    }

    private func execute(_ run: OpenedRun) async throws -> RunTotals {
        let ledger = run.ledger
        var state = RunTotals()
        if let earlier = run.earlier, earlier.isRead {
            state.ingest.sources = earlier.sources
            state.ingest.read = earlier.lastRecord
            try await run.takeUp(progress, requestMax: configuration.requestMax, note: note)
        } else {
            try await ledger.forgetRecords()
            state.ingest = try await copy(into: ledger)
            if stop.reason != nil { return state }
        }
        let count = Int(state.ingest.read)
        progress.update { ($0.read, $0.draftsTotal) = (count, count) }
        if try await ledger.unfinished().pending == 0 { return state }
        try await ledger.set(.sending)
        let requests = RunRequests(
            configuration, environment, under: run.lease, stop: stop, progress: progress, latency: latency, note: note)
        try await run.whilePaced(requests.gate, stop) { await change(ledger, requests, &state) }
        return state
    }

    /// Makes the changes that the ledger holds.
    private func change(_ ledger: any RunLedger, _ requests: RunRequests, _ totals: inout RunTotals) async {
        totals.error = await TargetCheck(client: client, requests: requests, logger: logger).run()
        if totals.error != nil { return }
        let began = environment.now
        progress.update { $0.phase = .sending }
        await GroupUpdater(
            client: client, ledger: ledger, concurrency: configuration.updatesAtOnce, rule: .undo,
            requests: requests, note: note
        )
        .run()
        totals.sending = began.duration(to: environment.now)
        totals.allowance = requests.gate.allowance
    }

    /// Copies what is to be taken back from the ledger of the other run.
    private func copy(into ledger: any RunLedger) async throws -> IngestResult {
        guard let undo = configuration.kept.undo, let location = try configuration.kept.takenBack else {
            throw RunError(.internal, "the configuration of an undo doesn't say what it takes back")
        }
        let origin = try StoredLedger.read(at: location.ledger)
        var result = IngestResult()
        var digest = SHA256()
        var bytes = 0
        var last: Int64 = 0
        while case let chunk = try await origin.reversals(
            after: last, limit: UndoPreview.chunk, withInactive: false, withPresent: undo.includesPresent),
            let end = chunk.last
        {
            if stop.reason != nil { break }
            last = end.recordNumber
            try await ledger.put(chunk, from: result.read + 1)
            result.read += Int64(chunk.count)
            for update in chunk {
                let line = Data("\(update.id) \(update.name) \(update.from) \(update.to)\n".utf8)
                digest.update(data: line)
                bytes += line.count
            }
        }
        try origin.closeReading()
        result.sources = [
            SourceSummary(
                path: undo.path, format: "run", bytes: Int64(bytes), sha256: digest.finalize().hexadecimal,
                columns: nil)
        ]
        if stop.reason == nil { try await ledger.setRead(result) } else { try await ledger.set(result.sources) }
        return result
    }
}
