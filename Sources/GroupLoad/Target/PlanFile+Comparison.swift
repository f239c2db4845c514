import Crypto
import Foundation

extension PlanFile {
    /// Makes sure that what would be done now is what was planned.
    ///
    /// - Returns: what would be done.
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput`` that says what differs.
    func check(_ comparison: TargetComparison) async throws -> PlanPreview {
        let changed = try changedSources(try await comparison.ledger.sources())
        if let path = changed.first {
            throw RunError(
                .inputChanged, "\(path) has changed since it was planned, so nothing was sent", naming: .path(path),
                remedy: "plan again: \(againCommand)")
        }
        var differences = PlanDifferences()
        let preview = try await compare(comparison) { differences.add(planned: $0, now: $1) }
        guard differences.count > 0 else { return preview }
        throw RunError(
            .planDiffers, "the target isn't what it was when this was planned, so nothing was sent",
            naming: .path(path), remedy: "plan again, which shows all that differs: \(againCommand)",
            details: ["What differs:"] + differences.lines)
    }

    /// The lists that aren't what they were when this was planned, by their paths.
    func changedSources(_ sources: [SourceSummary]) throws -> [String] {
        zip(try head().sources, sources.map(SummaryInput.init)).filter { $0 != $1 }.map(\.1.path)
    }

    /// Compares what was planned with what would be done now.
    ///
    /// - Parameter body: receives each difference, in the order of the plan: what was planned, and what would be done;
    ///   nil where the plan, or the lists and the target, don't have it.
    /// - Returns: what would be done.
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput`` where the file isn't as a plan was written.
    func compare(
        _ comparison: TargetComparison, _ body: (_ planned: PlanEntry?, _ now: PlanEntry?) throws -> Void
    ) async throws -> PlanPreview {
        var lines = try PlanLines(self)
        var digest = SHA256()
        var preview = PlanPreview()
        var isSame = true
        try await comparison.forEach { decisions in
            preview.add(decisions)
            for decision in decisions {
                let (line, essence) = PlanLine.bytes(of: decision)
                digest.update(data: line[..<essence])
                try lines.pass(line[..<essence], of: decision) { planned, now in
                    isSame = false
                    try body(planned, now)
                }
            }
        }
        while let entry = try lines.takeEntry() {
            isSame = false
            try body(entry, nil)
        }
        guard try lines.tail().digest == digest.finalize().hexadecimal || !isSame else { throw notOne }
        return preview
    }
}

/// The lines of a plan, compared one after the other with what would be done.
private struct PlanLines {
    private let plan: PlanFile
    private let reader: LineReader
    /// The line that is next; nil behind the last.
    private var line: String?

    init(_ plan: PlanFile) throws {
        self.plan = plan
        reader = try LineReader(plan.path)
        guard try reader.next() != nil else { throw plan.notOne }
        try advance()
    }

    /// Goes past what stands in the plan for a decision, and before it.
    mutating func pass(
        _ essence: ArraySlice<UInt8>, of decision: Decision, _ body: (PlanEntry?, PlanEntry?) throws -> Void
    ) throws {
        while true {
            guard isEntry, let line else { return try body(nil, PlanEntry(decision)) }
            if PlanLine.isSame(line, as: essence) { return try advance() }
            let (planned, now) = (try entry(line), PlanEntry(decision))
            if now.isBefore(planned) { return try body(nil, now) }
            try advance()
            guard planned.isBefore(now) else { return try body(planned, now) }
            try body(planned, nil)
        }
    }

    /// Takes the next entry out; nil behind the last.
    mutating func takeEntry() throws -> PlanEntry? {
        guard isEntry, let line else { return nil }
        try advance()
        return try entry(line)
    }

    /// What stands behind the entries, once all are taken.
    func tail() throws -> PlanFile.Tail {
        guard let line, line.hasPrefix(PlanFile.tailStart) else { throw plan.notOne }
        return try plan.decode(PlanFile.Tail.self, "{" + line.dropFirst(PlanFile.tailStart.count))
    }

    private var isEntry: Bool { line.map { !$0.hasPrefix(PlanFile.tailStart) } ?? false }

    private func entry(_ line: String) throws -> PlanEntry {
        guard let entry = PlanLine.entry(of: line) else { throw plan.notOne }
        return entry
    }

    /// Goes to the next line that isn't empty.
    private mutating func advance() throws {
        repeat { line = try reader.next() } while line?.isEmpty == true
    }
}
