import GroupLoad
import TestSupport

/// What a simulation begins with: a list, and groups that somebody else has made; and what must hold at its end.
struct SimulatedWorld: Sendable {
    /// A record of the list.
    struct Wanted: Sendable {
        var name: String
        var rank: Int64?
        var isActive: Bool
    }

    /// The records, in their order.
    private(set) var wanted: [Wanted] = []
    /// The groups that were there before.
    private(set) var groups: [ModelServer.Group] = []

    init(wanted: [Wanted], groups: [ModelServer.Group]) {
        self.wanted = wanted
        self.groups = groups
    }

    /// A list of so many records, and groups of some of them, by chance.
    init(records: Int, at now: Int64, using generator: inout SeededGenerator) {
        for number in 1...records {
            let record = Wanted(
                name: "Group \(number)", rank: Bool.random(using: &generator) ? Int64(number) : nil,
                isActive: Int.random(in: 0..<8, using: &generator) > 0)
            wanted.append(record)
            guard Int.random(in: 0..<10, using: &generator) == 0 else { continue }
            // By somebody else, some days ago: what is an hour old can't be told from the run's own.
            let age = Int64.random(in: 86_400_000...864_000_000, using: &generator)
            groups.append(
                ModelServer.Group(
                    id: Int64(groups.count + 1), name: record.name,
                    rank: Bool.random(using: &generator) ? record.rank : Int64(number) + 1_000,
                    isActive: Bool.random(using: &generator), createdOn: now - age, updatedOn: now - age))
        }
    }

    /// A ledger that holds the list, and nothing else.
    func ledger(_ configuration: RunConfiguration, at now: Int64) -> MemoryLedger.State {
        var state = MemoryLedger.State()
        for (index, record) in wanted.enumerated() {
            var stored = MemoryLedger.StoredRecord(source: 0, line: Int64(index) + 2)
            stored.name = Array(record.name.utf8)
            (stored.isDraft, stored.draftRank, stored.isActive) = (true, record.rank, record.isActive)
            state.records[Int64(index) + 1] = stored
        }
        state.metadata.run = "simulation"
        state.metadata.configuration = configuration
        state.metadata.reading = .read
        state.metadata.startedAt = now
        return state
    }

    /// What doesn't hold at the end, of what a ledger says and a server has.
    func faults(
        in ledger: MemoryLedger.State, _ stored: [ModelServer.Group], _ existing: ExistingPolicy
    ) -> [String] {
        var faults: [String] = []
        let byName = Dictionary(grouping: stored, by: \.name)
        let foreign = Set(groups.map(\.id))
        var owners: [Int64: Int64] = [:]
        if ledger.outcomes.count != wanted.count {
            faults.append("\(ledger.outcomes.count) outcomes for \(wanted.count) records")
        }
        if stored.count != Set(groups.map(\.name)).union(wanted.map(\.name)).count {
            faults.append("the server has \(stored.count) groups")
        }
        for (index, record) in wanted.enumerated() {
            let number = Int64(index) + 1
            guard let outcome = ledger.outcomes[number] else { continue }
            let there = byName[record.name] ?? []
            let said =
                "record \(number), \(outcome.outcome) \(outcome.id.map(String.init) ?? "-") "
                + "\(outcome.message ?? ""): "
            if there.count != 1 { faults.append("\(said)the server has \(there.count) groups of its name") }
            guard let group = there.first else { continue }
            if let id = outcome.id, id != group.id { faults.append("\(said)its group is \(group.id)") }
            switch outcome.outcome {
            case .created, .confirmed:
                if let other = owners.updateValue(number, forKey: group.id) {
                    faults.append("\(said)record \(other) claims its group, too")
                }
                if foreign.contains(group.id) { faults.append("\(said)somebody else made its group") }
                if existing == .update, group.isActive != record.isActive {
                    faults.append("\(said)it is \(group.isActive ? "" : "not ")active")
                }
            case .existing, .updated:
                if !foreign.contains(group.id), outcome.outcome == .existing {
                    faults.append("\(said)this run made its group")
                }
                let isAsWanted = group.rank == record.rank ?? group.rank && group.isActive == record.isActive
                if existing == .update, !isAsWanted { faults.append("\(said)\(group) isn't as wanted") }
            case .present: break
            default: faults.append("\(said)it is not settled")
            }
        }
        return faults
    }
}
