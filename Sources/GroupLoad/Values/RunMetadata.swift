import Foundation

/// What a ledger keeps of its run as a whole; never a secret.
///
/// Also a change of that: what is nil then stays as it was.
package struct RunMetadata: Sendable, Codable, Equatable {
    /// How far the inputs have been read.
    package enum Reading: String, Sendable, Codable { case reading, read, damaged }

    /// The run's id.
    package var run: String?
    /// When it was started, ISO 8601 in UTC.
    package var started: String?
    /// When it was started, in epoch milliseconds.
    package var startedAt: Int64?
    /// The target as it was given, a space, and the till or key that requests are made as.
    package var scope: String?
    /// The settings that the run works by.
    package var configuration: RunConfiguration?
    /// The phase that the run is in, or was in when its process ended; `finished` at its end.
    package var phase: RunPhase?
    /// How far the inputs have been read.
    package var reading: Reading?
    /// What is wrong with damaged inputs, with place and remedy.
    package var damage: String?
    /// Names that have the near form of an earlier one (``NearName``).
    package var nearDuplicates: Int?
    /// Drafts with suspicious names.
    package var suspicious: Int?
    /// The first of the records that those two count.
    package var notedNames: NotedNames?
    /// Drafts whose groups are to be inactive by the list, where that doesn't count.
    package var activityUnheeded: Int?
    /// Which columns of each list are used, by its path as given.
    package var columns: [String: ColumnUse]?
    /// What of the inputs was no record, or one in an unusual form.
    package var rows: ListRows?
    /// What became of the copy of each input, in their order; nil where none were to be kept.
    package var copies: [KeptInput]?
    /// The ids of the runs whose records the lists correct, see ``CorrectionLink``; nil for none.
    package var corrects: [String]?
    /// The last sign of life of a process that sends, in epoch milliseconds.
    package var aliveAt: Int64?
    /// When the whole list of the target was read before anything was sent, in epoch milliseconds.
    package var listedAt: Int64?
    /// Whether all records were compared with the target's list.
    package var isCompared: Bool?
    /// What it exited with; nil before it finished.
    package var exit: Int32?
    /// `summary.json` as it was written at the run's end; nil before.
    package var summary: String?
    /// Requests sent, retries included, over all processes that worked on the run.
    package var requests: Int?
    /// Retries, over all processes that worked on the run.
    package var retries: Int?
    /// Responses of 429, over all processes that worked on the run.
    package var throttled: Int?

    /// Holds nothing.
    package init() {}

    /// Puts in what `change` holds.
    package mutating func merge(_ change: RunMetadata) {
        run = change.run ?? run
        started = change.started ?? started
        startedAt = change.startedAt ?? startedAt
        scope = change.scope ?? scope
        configuration = change.configuration ?? configuration
        phase = change.phase ?? phase
        reading = change.reading ?? reading
        damage = change.damage ?? damage
        nearDuplicates = change.nearDuplicates ?? nearDuplicates
        suspicious = change.suspicious ?? suspicious
        notedNames = change.notedNames ?? notedNames
        activityUnheeded = change.activityUnheeded ?? activityUnheeded
        columns = change.columns ?? columns
        rows = change.rows ?? rows
        copies = change.copies ?? copies
        corrects = change.corrects ?? corrects
        aliveAt = change.aliveAt ?? aliveAt
        listedAt = change.listedAt ?? listedAt
        isCompared = change.isCompared ?? isCompared
        exit = change.exit ?? exit
        summary = change.summary ?? summary
        requests = change.requests ?? requests
        retries = change.retries ?? retries
        throttled = change.throttled ?? throttled
    }
}

extension RunMetadata {
    /// A change of the phase alone.
    package init(phase: RunPhase) {
        self.init()
        self.phase = phase
    }

    /// A change of the summary alone.
    package init(summary: String) {
        self.init()
        self.summary = summary
    }

    /// How far the run is for whoever looks at it, its own process aside: one that was stopped before its inputs were
    /// read as far as they can be is still reading, though its report is there.
    package var reached: RunPhase? { phase == .finished && reading == .reading ? .reading : phase }

    /// How far the run is, for a person: `finished`, `finished, exit 1` or `unfinished (sending)`.
    package var stateText: String {
        guard reached == .finished, let exit else { return "unfinished (\(reached?.rawValue ?? "not begun"))" }
        return exit == 0 ? "finished" : "finished, exit \(exit)"
    }

    /// The target's URL; empty where the ledger doesn't say.
    package var target: String { (scope ?? "").split(separator: " ").first.map(String.init) ?? "" }

    /// The till or key that requests are made as; empty where the ledger doesn't say.
    package var keyID: String {
        (scope ?? "").split(separator: " ", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
    }

    /// The summary of the run's end; nil before.
    ///
    /// - Throws: `DecodingError` if that is not what the ledger holds.
    package func decodedSummary() throws -> Summary? {
        try summary.map { try JSONDecoder().decode(Summary.self, from: Data($0.utf8)) }
    }
}
