import Foundation

/// What a ledger says of its run as a whole.
package struct RunFacts: Sendable {
    private let facts: [String: String]
    /// The sources, in their order; none while the first is being read.
    package let sources: [SourceSummary]

    package init(_ facts: [String: String], _ sources: [SourceSummary]) {
        self.facts = facts
        self.sources = sources
    }

    /// The run's id.
    package var run: String { facts[Ledger.Key.run] ?? "" }
    /// When it was started, ISO 8601 in UTC.
    package var started: String { facts[Ledger.Key.started] ?? "" }
    /// When it was started, in epoch milliseconds.
    var startedAt: Int64 { facts[Ledger.Key.startedAt].flatMap { Int64($0) } ?? 0 }
    /// What the run is at, or was at when it died; `finished` at its end.
    package var state: String? { facts[Ledger.Key.state] }
    /// What it exited with; nil before it finished.
    package var exit: Int32? { facts[Ledger.Key.exit].flatMap { Int32($0) } }
    /// The target's URL, and the till or key that requests were made as.
    package var target: String { (facts[Ledger.Key.scope] ?? "").split(separator: " ").first.map(String.init) ?? "" }
    package var keyID: String {
        (facts[Ledger.Key.scope] ?? "").split(separator: " ", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
    }

    /// What the run was told; nil where the ledger doesn't say.
    ///
    /// - Throws: `DecodingError` if that is not what the ledger holds.
    package func plan() throws -> RunConfiguration? {
        try facts[Ledger.Key.plan].map { try JSONDecoder().decode(RunConfiguration.self, from: Data($0.utf8)) }
    }

    /// The summary as it was written at the run's end; nil before.
    ///
    /// - Throws: `DecodingError` if that is not what the ledger holds.
    package func summary() throws -> Summary? {
        try facts[Ledger.Key.summary].map { try JSONDecoder().decode(Summary.self, from: Data($0.utf8)) }
    }
}
