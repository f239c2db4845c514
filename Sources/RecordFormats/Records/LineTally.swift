/// How often things of several kinds were met in a source, and on which lines the first of each kind were.
package struct LineTally<Kind: Hashable & Sendable>: Sendable, Equatable {
    /// The number of a kind, and the lines of the first, from 1 and in their order.
    private struct Entry: Sendable, Equatable {
        var count = 0
        var lines: [Int64] = []
    }

    /// Lines that are kept of a kind.
    package static var linesMax: Int { 10 }

    private var entries: [Kind: Entry] = [:]

    /// Nothing was met.
    package init() {}

    /// The number of all kinds together.
    package var total: Int { entries.values.reduce(0) { $0 + $1.count } }

    /// The kinds that were met, in no order.
    package var kinds: [Kind] { Array(entries.keys) }

    /// How often a kind was met.
    package func count(_ kind: Kind) -> Int { entries[kind]?.count ?? 0 }

    /// The lines of the first of a kind, at most ``linesMax``, from 1.
    package func lines(_ kind: Kind) -> [Int64] { entries[kind]?.lines ?? [] }

    /// Counts one on `line`, which isn't before one that was counted already.
    package mutating func add(_ kind: Kind, line: Int64) { add(kind, 1, from: line) }

    /// Counts `count` of a kind, the first of which are on `lines`; they aren't before one that was counted already.
    mutating func add(_ kind: Kind, count: Int, lines: [Int64]) {
        guard count > 0 else { return }
        var entry = entries[kind] ?? Entry()
        entry.count += count
        entry.lines += lines.prefix(Self.linesMax - entry.lines.count)
        entries[kind] = entry
    }

    /// Counts what another tally has, on lines `offset` further on; none is before one that was counted already.
    mutating func add(_ other: Self, movedBy offset: Int64) {
        for (kind, entry) in other.entries {
            add(kind, count: entry.count, lines: entry.lines.map { $0 + offset })
        }
    }

    /// Counts `count`, one on each line from `line` on, which isn't before one that was counted already.
    mutating func add(_ kind: Kind, _ count: Int, from line: Int64) {
        guard count > 0 else { return }
        let lines = min(count, Self.linesMax - entries[kind, default: Entry()].lines.count)
        entries[kind, default: Entry()].count += count
        if lines > 0 { entries[kind, default: Entry()].lines += line..<line + Int64(lines) }
    }
}
