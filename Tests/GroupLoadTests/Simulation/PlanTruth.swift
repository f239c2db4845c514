import GroupLoad
import Logging
import RewardsClient
import TestSupport

/// What a plan says of a world, what an import then does to it, and what of the two doesn't agree.
struct PlanTruth: Sendable {
    /// What the import of a plan, or of the list without one, differs in from what was planned.
    private(set) var faults: [String] = []
    /// Records and groups by what was planned for them.
    private(set) var counts: [String: Int] = [:]
    /// Why the import was to do nothing; nil where it was to do what was planned.
    private(set) var refusal: RunError.Code?

    /// Plans, and imports with the plan and without it, each on a server of its own.
    init(seed: UInt64, _ scratch: Scratch) async throws {
        let time = VirtualTime(seed: seed)
        let environment = time.environment(["XDG_STATE_HOME": scratch.file("state")])
        let world = PlannedWorld(seed: seed, now: environment.epochMilliseconds)
        let path = scratch.file("plan-\(seed).json")
        let (entries, preview, refused) = try await Self.plan(world, time, environment, path)
        refusal = refused
        counts = preview?.counts ?? [:]
        for plan in [nil, path] where plan == nil || refused != .emptyList {
            var settings = world.settings
            settings.plan = plan
            let server = ModelServer(environment, groups: world.groups)
            let ledger = MemoryLedger(world.ledger(settings, at: environment.epochMilliseconds))
            let error = try await Self.importing(settings, server, ledger, time, environment, scratch)
            let word = plan == nil ? "the import" : "the import of the plan"
            let planned = refused ?? preview.flatMap { Self.code(of: $0) }
            if error?.code != planned {
                let ending = error.map { "\($0)" } ?? "no error"
                faults.append("\(word) ended with \(ending), planned was \(planned.map { "\($0)" } ?? "no error")")
            } else if error != nil {
                if server.groups != world.groups { faults.append("\(word) was refused, and changed groups") }
            } else {
                faults += Self.differences(entries, world, server.groups, ledger.contents).map { "\(word): \($0)" }
            }
        }
        refusal = refusal ?? preview.flatMap { Self.code(of: $0) }
    }

    private static func code(of preview: PlanPreview) -> RunError.Code? {
        preview.refusal == nil ? nil : preview.counts["invalid"] == 0 ? .tooManyMissing : .invalidRecords
    }

    private static func plan(
        _ world: PlannedWorld, _ time: VirtualTime, _ environment: RunEnvironment, _ path: String
    ) async throws -> ([PlanEntry], PlanPreview?, RunError.Code?) {
        let server = ModelServer(environment, groups: world.groups)
        let configuration = try configuration(world.settings)
        let client = RewardsClient(
            configuration: configuration.client, transport: server, environment: time.clientEnvironment())
        let (stop, progress) = (StopSwitch(), RunProgress())
        let planner = Planner(
            configuration,
            reader: PageReader(client: client, rate: nil, environment: environment, stop: stop, progress: progress),
            stop: stop, progress: progress, to: path, environment: environment, note: { _ in })
        let ledger = MemoryLedger(world.ledger(world.settings, at: environment.epochMilliseconds))
        let entries = Recorder<PlanEntry>()
        do {
            let preview = try await time.run { try await planner.run(over: ledger) { entries.add($0) } }
            return (entries.all, preview, nil)
        } catch let error as RunError {
            return ([], nil, error.code)
        }
    }

    private static func importing(
        _ settings: RunConfiguration, _ server: ModelServer, _ ledger: MemoryLedger, _ time: VirtualTime,
        _ environment: RunEnvironment, _ scratch: Scratch
    ) async throws -> RunError? {
        var configuration = try configuration(settings)
        configuration.runDirectory = scratch.file("run")
        let client = RewardsClient(
            configuration: configuration.client, transport: server, environment: time.clientEnvironment())
        let run = ImportRun(
            configuration, client: client,
            makeSender: { CreateSender(client: client, inFlightMax: settings.concurrency, queue: $0) },
            stop: StopSwitch(), progress: RunProgress(), logger: Logger(label: "plan"), note: { _ in },
            environment: environment, approval: { _ in })
        return try await time.run { try await run.run(over: ledger) }
    }

    private static func configuration(_ settings: RunConfiguration) throws -> ImportConfiguration {
        ImportConfiguration(
            settings,
            client: try ClientConfiguration(
                target: settings.target.url, credentials: .basic(till: "till", password: Secret("pass"))))
    }

    /// The outcome that a record has where an import does what is planned for it.
    private static let outcomes: [String: Outcome] = [
        "create": .created, "existing": .existing, "update": .updated, "reactivate": .updated, "deactivate": .updated,
        "duplicate": .duplicate, "invalid": .invalid, "failed": .failed,
    ]

    /// What isn't as planned, record by record and group by group.
    private static func differences(
        _ entries: [PlanEntry], _ world: PlannedWorld, _ stored: [ModelServer.Group], _ ledger: MemoryLedger.State
    ) -> [String] {
        var faults: [String] = []
        var states = Dictionary(uniqueKeysWithValues: world.groups.map { (Array($0.name.utf8), state($0)) })
        let names = Dictionary(uniqueKeysWithValues: world.groups.map { ($0.id, Array($0.name.utf8)) })
        if entries.compactMap(\.recordNumber).count != world.records.count {
            faults.append("not every record is planned")
        }
        for entry in entries {
            if let recordNumber = entry.recordNumber, ledger.outcomes[recordNumber]?.outcome != outcomes[entry.action] {
                let outcome = ledger.outcomes[recordNumber]
                faults.append("\(entry.action) \(entry.text) ended as \(outcome.map { "\($0)" } ?? "nothing")")
            }
            if entry.action == "create" {
                states[Array(entry.name.utf8)] = GroupState(rank: entry.rank, isActive: !entry.isInactive)
            } else if let to = entry.to, let name = entry.id.flatMap({ names[$0] }) {
                states[name] = to
            }
        }
        let found = Dictionary(uniqueKeysWithValues: stored.map { (Array($0.name.utf8), state($0)) })
        for name in Set(states.keys).union(found.keys) where states[name] != found[name] {
            let told = entries.filter { $0.name.utf8.elementsEqual(name) || $0.id.map { names[$0] } == name }
                .map {
                    "\($0.action) \($0.text), ended \(ledger.outcomes[$0.recordNumber ?? 0].map { "\($0)" } ?? "-")"
                }
            let (planned, now) = (states[name].map { "\($0)" } ?? "none", found[name].map { "\($0)" } ?? "none")
            faults.append("group \(String(decoding: name, as: UTF8.self)): planned \(planned); is \(now); \(told)")
        }
        return faults
    }

    private static func state(_ group: ModelServer.Group) -> GroupState {
        GroupState(rank: group.rank, isActive: group.isActive)
    }
}
