import Crypto
import Foundation
import RecordFormats

/// A saved plan: one JSON document, whose first line is its head, whose last is its counts and digest. In
/// between, each line is an object: what would become of a record, or of a group that would be set inactive.
package struct PlanFile: Sendable {
    /// What the plan was made of.
    package struct Head: Sendable, Codable, Equatable {
        /// The version of this form.
        var plan = version
        static let version = 2
        /// When it was made, ISO 8601 in UTC.
        package var made: String
        /// The target's URL.
        package var target: String
        /// The settings of the import.
        package var command: RunConfiguration
        /// The lists, as they were read.
        package var sources: [SummaryInput]
    }

    /// The version of any plan.
    private struct Version: Codable { var plan: Int }

    /// The counts, and what the plan is compared by when it is carried out.
    struct Tail: Codable {
        var counts: [String: Int]
        /// Groups of the target.
        var groups: Int
        /// SHA-256 over the lines: what of the lists and the target decides what is done.
        var digest: String
    }

    let path: String
    static let headEnd = ",\"records\":[", tailStart = "],"

    /// The plan file at `path`, which need not exist yet.
    package init(_ path: String) { self.path = path }

    /// Writes a plan.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``; what comparing throws.
    func write(_ head: Head, groups: Int, _ comparison: TargetComparison) async throws -> PlanPreview {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let file = try AtomicFile(path)
        let start = try encoder.encode(head).dropLast() + Data((Self.headEnd + "\n").utf8)
        try file.append { $0.bytes.append(contentsOf: start) }
        var preview = PlanPreview()
        var digest = SHA256()
        var isFirst = true
        try await comparison.forEach { decisions in
            preview.add(decisions)
            try file.append { csv in
                for decision in decisions {
                    let (line, essence) = PlanLine.bytes(of: decision)
                    digest.update(data: line[..<essence])
                    if !isFirst { csv.bytes.append(contentsOf: ",\n".utf8) }
                    csv.bytes.append(contentsOf: line)
                    isFirst = false
                }
            }
        }
        let tail = Tail(counts: preview.counts, groups: groups, digest: digest.finalize().hexadecimal)
        let end = Data(("\n" + Self.tailStart).utf8) + (try encoder.encode(tail)).dropFirst() + Data("\n".utf8)
        try file.append { $0.bytes.append(contentsOf: end) }
        _ = try file.finish()
        return preview
    }

    /// Reads what was asked.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is no such file, or ``ExitStatus/damagedInput`` if
    ///   it is no plan.
    package func head() throws -> Head {
        let lines = try LineReader(path)
        guard var line = try lines.next(), line.hasSuffix(Self.headEnd) else { throw notOne }
        line.removeLast(Self.headEnd.count)
        let version = try decode(Version.self, line + "}").plan
        guard version == Head.version else {
            throw RunError(
                .planUnusable, "\(path) is a plan of another version of groupload (\(version))",
                naming: .path(path), remedy: "plan again")
        }
        return try decode(Head.self, line + "}")
    }

    /// Calls `body` with what was planned of every record, in order, and then of every group that no record names.
    ///
    /// - Returns: the counts, and groups of the target.
    /// - Throws: ``RunError`` as ``head()``, also where lines were changed or are missing; what `body` throws.
    package func forEach(_ body: (PlanEntry) throws -> Void) throws -> (counts: [String: Int], groups: Int) {
        let lines = try LineReader(path)
        guard try lines.next() != nil else { throw notOne }
        var digest = SHA256()
        while let line = try lines.next() {
            if line.hasPrefix(Self.tailStart) {
                let tail = try decode(Tail.self, "{" + line.dropFirst(Self.tailStart.count))
                guard tail.digest == digest.finalize().hexadecimal else { throw notOne }
                return (tail.counts, tail.groups)
            }
            if line.isEmpty { continue }
            guard let entry = PlanLine.entry(of: line) else { throw notOne }
            digest.update(data: Data(PlanLine.essence(of: line).utf8))
            try body(entry)
        }
        throw notOne
    }

    /// The command that plans again, as a shell reads it; it shows all that differs.
    package var againCommand: String {
        let path = ShellWord.quoted(path)
        return "groupload plan --again \(path) -o \(path)"
    }

    func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch { throw notOne }
    }

    var notOne: RunError {
        RunError(
            .planUnusable, "\(path) isn't a plan as groupload plan -o wrote it", naming: .path(path),
            remedy: "plan again, and leave the file as it is")
    }
}
