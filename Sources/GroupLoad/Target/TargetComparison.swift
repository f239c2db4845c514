import Crypto
import Foundation
import RewardsClient

/// Compares the drafts of a ledger with all groups of the target, read once, page by page.
struct TargetComparison: Sendable {
    /// Records that are compared at once.
    private static let chunk = 5000
    /// Pages read at once.
    private static let pagesAtOnce = 8

    /// Said where the list names no group, so that all of the target's would be set inactive: rather a slip than meant.
    static let emptyList = RunError(
        .emptyList, "the list names no group, so nothing was done: --deactivate-missing would set every group inactive")

    let ledger: any RunLedger
    let existing: ExistingRule
    let nameMatch: NameMatch
    /// Whether groups that no draft names are to be set inactive.
    let deactivatesMissing: Bool

    /// Reads the target's list, unless it has more pages than `pagesMax`.
    ///
    /// - Returns: how many groups were read, and whether they are all that it has; nil where the list was too long.
    /// - Parameter mustBeWhole: whether a list that doesn't hold still is of no use.
    /// - Throws: ``RunError`` where the list can't be read, or must be whole and would not hold still.
    func readTarget(
        _ reader: PageReader, concurrency: Int, pagesMax: Int?, mustBeWhole: Bool
    ) async throws -> (count: Int, isWhole: Bool)? {
        // A list may grow while it is read, and be read again.
        var list = TargetList(
            reader, concurrency: min(concurrency, Self.pagesAtOnce),
            pagesMax: pagesMax.map { $0 * 8 + 100 } ?? TargetList.pagesMax)
        let pages = try await list.pages()
        if let pagesMax, pages ?? .max > pagesMax { return nil }
        try await ledger.beginTarget()
        var count = 0
        let ending = try await list.read { groups in
            count += groups.count
            try await ledger.put(groups)
        }
        if case .changing(let read, let total) = ending, mustBeWhole {
            throw RunError(
                .listUnsettled,
                """
                the target's list changes faster than it can be read: \(Shown.number(read)) of \
                \(Shown.count(total, "group")) were read, so nothing was done
                """, remedy: "try again when there is less going on")
        }
        try await ledger.endTarget()
        if deactivatesMissing { try await ledger.findMissing() }
        return (count, ending == .complete)
    }

    /// Why a list with so many invalid records is no ground for setting groups inactive; nil where it has none.
    static func refusal(invalid: Int) -> RunError? {
        guard invalid > 0 else { return nil }
        return RunError(
            .invalidRecords,
            """
            the list has invalid records (\(invalid)), so nothing is sent: --deactivate-missing takes it for all that \
            is to be active
            """, remedy: "correct them first")
    }

    /// Why groups that no record names must not be set inactive; nil where they may be.
    ///
    /// - Parameters:
    ///   - invalid: how many records are invalid.
    ///   - limit: how many of the target's active groups may be set inactive.
    func refusal(invalid: Int, _ limit: ErrorLimit) async throws -> RunError? {
        if let refusal = Self.refusal(invalid: invalid) { return refusal }
        let (active, missing) = try await ledger.missingCount()
        guard limit.isExceeded(errors: missing, of: active) else { return nil }
        return RunError(
            .tooManyMissing,
            """
            \(missing) of the target's \(active) active groups are not in the list, more than --max-deactivate \
            (\(limit.text)) allows, so nothing is sent
            """, remedy: "look at the plan, and give --max-deactivate \(missing) if they are meant")
    }

    /// Calls `body` with what becomes of every record, in order, and then of every group that no draft names.
    func forEach(_ body: ([Decision]) async throws -> Void) async throws {
        var last: Int64 = 0
        while true {
            let (candidates, reached) = try await ledger.candidates(after: last, limit: Self.chunk)
            if !candidates.isEmpty { try await body(candidates.map { Decision(of: $0, existing, nameMatch) }) }
            guard let reached else { break }
            last = reached
        }
        if deactivatesMissing { try await forEachMissing(body) }
    }

    /// What stands for the groups that no draft names among the sources, with a digest over them; nil where there are
    /// none.
    func missingSource() async throws -> SourceSummary? {
        guard deactivatesMissing else { return nil }
        var digest = SHA256()
        var bytes: Int64 = 0
        try await forEachMissing { decisions in
            for decision in decisions {
                let line = Data("\(decision.group?.id ?? 0) \(decision.name)\n".utf8)
                digest.update(data: line)
                bytes += Int64(line.count)
            }
        }
        guard bytes > 0 else { return nil }
        return SourceSummary(
            path: SourceSummary.missingPath, format: SourceSummary.missingFormat, bytes: bytes,
            sha256: digest.finalize().hexadecimal, columns: nil)
    }

    private func forEachMissing(_ body: ([Decision]) async throws -> Void) async throws {
        var count: Int64 = 0
        while case let groups = try await ledger.missing(after: count, limit: Self.chunk), !groups.isEmpty {
            count += Int64(groups.count)
            try await body(groups.map(Decision.init(deactivating:)))
        }
    }
}
