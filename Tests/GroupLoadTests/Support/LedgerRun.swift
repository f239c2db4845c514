import GroupLoad
import Logging
import RewardsClient
import Synchronization
import TestSupport

/// What a fault may reach: somebody else's work at the target, or a stop of the run.
final class Scene: Sendable {
    let stop = StopSwitch()
    private let found = Mutex<ModelServer?>(nil)

    /// The target; nil before there is a run.
    var server: ModelServer? {
        get { found.withLock { $0 } }
        set { found.withLock { $0 = newValue } }
    }

    /// Adds a group as somebody else would.
    func add(_ name: String, rank: Int64? = nil) {
        server?.add(name)
        if let id = server?.groups.last?.id { server?.change(id) { $0.rank = rank } }
    }
}

/// An import over a ledger in memory, in virtual time, whose records are read already. Groups are made and changed at a
/// model of the API, which misbehaves where a test says so.
struct LedgerRun: Sendable {
    /// What a request meets, by what it asks for, and how many of its kind came before it, itself included.
    typealias Fault = @Sendable (ModelServer.Operation, _ number: Int) -> ModelServer.Fault?

    let time: VirtualTime
    let environment: RunEnvironment
    let server: ModelServer
    let scratch: Scratch
    let stop: StopSwitch
    let progress = RunProgress()
    let notes = Notes()
    private let configuration: ImportConfiguration
    private let world: SimulatedWorld

    /// - Parameters:
    ///   - wanted: the list; its records are numbered from 1.
    ///   - groups: what the target has before.
    ///   - age: how long ago they were made, in milliseconds.
    ///   - skew: what the target's clock is ahead of the run's, in milliseconds.
    ///   - kept: the settings; the target's list isn't read beforehand unless they say so.
    init(
        _ wanted: [SimulatedWorld.Wanted], groups: [ModelServer.Group] = [], age: Int64 = 86_400_000,
        skew: Int64 = 0, pageSizeMax: Int = 1_000, scene: Scene = Scene(),
        _ kept: RunConfiguration = .with(), fault: @escaping Fault = { _, _ in nil }
    ) throws {
        stop = scene.stop
        scratch = try Scratch()
        time = VirtualTime()
        environment = time.environment(["XDG_STATE_HOME": scratch.file("state")])
        let madeAt = environment.epochMilliseconds - age
        let groups = groups.map { group in
            var group = group
            (group.createdOn, group.updatedOn) = (madeAt, madeAt)
            return group
        }
        world = SimulatedWorld(wanted: wanted, groups: groups)
        let counts = Recorder<ModelServer.Operation>()
        // No divisor of anything else, so that the target's instants have no grain.
        server = ModelServer(
            environment, groups: groups, latency: .milliseconds(7), pageSizeMax: pageSizeMax, skew: skew
        ) {
            operation, _ in
            counts.add(operation)
            return fault(operation, counts.all.count { $0 == operation })
        }
        scene.server = server
        configuration = ImportConfiguration(
            kept,
            client: try ClientConfiguration(
                target: kept.target.url, credentials: .basic(till: "till", password: Secret("pass")),
                requestTimeout: .seconds(15)))
    }

    /// A list of names without ranks.
    init(
        names: [String], groups: [ModelServer.Group] = [], scene: Scene = Scene(),
        _ kept: RunConfiguration = .with(), fault: @escaping Fault = { _, _ in nil }
    ) throws {
        try self.init(
            names.map { SimulatedWorld.Wanted(name: $0, rank: nil, isActive: true) }, groups: groups, scene: scene,
            kept, fault: fault)
    }

    /// How a run ended.
    struct Result: Sendable {
        /// The code of the error that ended it early.
        var error: RunError.Code?
        /// What the ledger holds.
        var ledger: MemoryLedger.State

        /// The outcomes in the order of the records.
        var outcomes: [Outcome?] { ledger.records.keys.sorted().map { ledger.outcomes[$0]?.outcome } }
        /// The groups' ids, likewise.
        var ids: [Int64?] { ledger.records.keys.sorted().map { ledger.outcomes[$0]?.id } }

        func message(_ recordNumber: Int64) -> String { ledger.outcomes[recordNumber]?.message ?? "" }
    }

    /// Carries it out to its end.
    ///
    /// - Parameters:
    ///   - ledger: what an earlier process has left; else one that holds the list.
    ///   - meanwhile: runs beside it.
    func load(
        _ ledger: MemoryLedger? = nil, meanwhile: @escaping @Sendable () async -> Void = {}
    ) async throws -> Result {
        let ledger = ledger ?? fresh()
        let client = RewardsClient(
            configuration: configuration.client, transport: server, environment: time.clientEnvironment())
        let run = ImportRun(
            configuration, client: client,
            makeSender: { [configuration] in
                CreateSender(client: client, inFlightMax: configuration.concurrency, queue: $0)
            },
            stop: stop, progress: progress, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            note: { [notes] in notes.add($0) }, environment: environment, approval: { _ in })
        let error = try await time.run {
            async let other: Void = meanwhile()
            let error = try await run.run(over: ledger)
            await other
            return error
        }
        return Result(error: error?.code, ledger: ledger.contents)
    }

    /// A ledger that holds the list and nothing else.
    func fresh() -> MemoryLedger {
        MemoryLedger(
            world.ledger(configuration.kept, at: environment.epochMilliseconds), pause: { await Task.yield() })
    }

    /// How often something was asked for.
    func count(_ operation: ModelServer.Operation) -> Int { server.operations.count { $0 == operation } }
}

extension RunConfiguration {
    /// The settings of a ``LedgerRun``, of which `fill` sets what the test needs.
    static func with(_ fill: (inout RunConfiguration) -> Void = { _ in }) -> RunConfiguration {
        var kept = RunConfiguration()
        kept.target.url = "https://example.test"
        kept.snapshot = .never
        kept.concurrency = 4
        fill(&kept)
        return kept
    }
}
