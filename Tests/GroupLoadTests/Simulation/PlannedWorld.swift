import Foundation
import GroupLoad
import RewardsClient
import TestSupport

/// A list, the groups that are there, and the options of an import, all drawn from one seed: names that differ in case,
/// blanks and form, ranks and activities that agree or don't, duplicates and invalid records.
struct PlannedWorld: Sendable {
    /// The settings of the import.
    let settings: RunConfiguration
    /// The groups that are there before.
    let groups: [ModelServer.Group]
    /// The records, in their order; the outcome of one that is no draft.
    let records: [(record: MemoryLedger.StoredRecord, outcome: Outcome?)]

    private static let variants: [@Sendable (String) -> String] = [
        { $0 }, { $0 }, { $0 }, { $0.uppercased() }, { $0.lowercased() }, { $0.replacing(" ", with: "  ") },
        { $0.decomposedStringWithCanonicalMapping },
    ]

    init(seed: UInt64, now: Int64) {
        var generator = SeededGenerator(state: seed)
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
        func rank() -> Int64? { chance(30) ? nil : Int64.random(in: 0...3, using: &generator) }
        func name() -> String {
            let name = "Café No \(Int.random(in: 1...30, using: &generator))"
            return Self.variants.randomElement(using: &generator)?(name) ?? name
        }
        var settings = RunConfiguration()
        settings.target.url = "https://example.test"
        settings.existing = ExistingPolicy.allCases.randomElement(using: &generator) ?? .skip
        if settings.existing == .update, chance(40) { settings.emptyRank = .clear }
        settings.nameMatch = chance(30) ? .folded : .exact
        settings.deactivatesMissing = chance(25)
        settings.deactivateLimit =
            [.percent(10), .percent(100), .count(2)].randomElement(using: &generator) ?? .count(2)
        settings.snapshot = [SnapshotUse.auto, .always, .never].randomElement(using: &generator) ?? .auto
        // What the command line refuses: both need the target's list.
        if settings.deactivatesMissing || settings.nameMatch == .folded, settings.snapshot == .never {
            settings.snapshot = .auto
        }
        settings.concurrency = [1, 4, 64].randomElement(using: &generator) ?? 4
        var groups: [ModelServer.Group] = []
        for _ in 0..<Int.random(in: 0...25, using: &generator) {
            let name = name()
            // Names are unique on the server, to the byte.
            guard !groups.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { continue }
            // Made some days ago: what is an hour old can't be told from the run's own.
            let made = now - Int64.random(in: 86_400_000...864_000_000, using: &generator)
            groups.append(
                ModelServer.Group(
                    id: Int64(groups.count * 3 + 1), name: name, rank: rank(), isActive: chance(70), createdOn: made,
                    updatedOn: made))
        }
        var records: [(record: MemoryLedger.StoredRecord, outcome: Outcome?)] = []
        var seen: Set<[UInt8]> = []
        let invalidPercent = chance(30) ? 10 : 0
        for number in 0..<(chance(10) ? 0 : Int64.random(in: 1...30, using: &generator)) {
            var record = MemoryLedger.StoredRecord(source: 0, line: number + 2)
            let name = name()
            record.name = Array(name.utf8)
            let isActive = chance(50) ? nil : chance(60)
            record.isActive = isActive
            let key = settings.nameMatch == .folded ? NearName.form(of: name) : name
            if chance(invalidPercent) {
                records.append((record, .invalid))
            } else if seen.insert(Array(key.utf8)).inserted {
                (record.isDraft, record.draftRank) = (true, rank())
                records.append((record, nil))
            } else {
                records.append((record, .duplicate))
            }
        }
        (self.settings, self.groups, self.records) = (settings, groups, records)
    }

    /// A ledger that holds the list, read, and nothing else.
    func ledger(_ settings: RunConfiguration, at now: Int64) -> MemoryLedger.State {
        var state = MemoryLedger.State()
        state.sources = [SourceSummary(path: "-", format: "csv", bytes: 0, sha256: "")]
        for (index, (record, outcome)) in records.enumerated() {
            state.records[Int64(index) + 1] = record
            if let outcome { state.outcomes[Int64(index) + 1] = MemoryLedger.StoredOutcome(outcome: outcome) }
        }
        state.metadata.run = "planned"
        state.metadata.configuration = settings
        state.metadata.reading = .read
        state.metadata.startedAt = now
        return state
    }
}
