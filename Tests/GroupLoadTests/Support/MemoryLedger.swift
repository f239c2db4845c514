import GroupLoad
import RewardsClient
import Synchronization

/// A ledger in memory: the reference that other stores are held against, and the store of a simulation. Simple rather
/// than fast: each change works on a copy, which counts as a whole or not at all.
final class MemoryLedger: Sendable {
    /// A record as it was read, and the draft that it is.
    struct StoredRecord: Sendable {
        var source: Int64
        var line: Int64
        var name: [UInt8]?
        var rank: [UInt8]?
        var raw: [UInt8]?
        var isActive: Bool?
        var isDraft = false
        var draftName: [UInt8]?
        var draftRank: Int64?

        /// The name that is sent.
        var sentName: [UInt8] { draftName ?? name ?? [] }
        /// The rank that is sent.
        var sentRank: Int32? { draftRank.map(Int32.init(clamping:)) }
    }

    /// How a record ended.
    struct StoredOutcome: Sendable {
        var outcome: Outcome
        var id: Int64?
        var http: Int?
        var code: Int?
        var message: String?
        var attempts = 0
        var milliseconds: Int64?
        var duplicateOf: Int64?
        var endedAt: Int64?
    }

    /// A range of records that may be sent.
    struct Claim: Sendable {
        var records: ClosedRange<Int64>
        var claimedAt: Int64
        var isOpen = true
    }

    /// When a record may have been sent; until when is unknown where it is nil.
    struct Doubt: Sendable {
        var from: Int64
        var until: Int64?
    }

    /// All that a ledger holds.
    struct State: Sendable {
        var metadata = RunMetadata()
        var sources: [SourceSummary] = []
        var records: [Int64: StoredRecord] = [:]
        var outcomes: [Int64: StoredOutcome] = [:]
        var claims: [Claim] = []
        var doubts: [Int64: Doubt] = [:]
        var spans: [CreateSpans] = []
        var updates: [Int64: (update: GroupUpdate, sentAt: Int64?)] = [:]
        var found: [Int64: (found: FoundGroup, outcome: DraftOutcome, isJudged: Bool)] = [:]
        var kept: [Int64: KeptForm] = [:]
        var buckets: [Int64: ClockSamples.Bucket] = [:]
        var examples: [Int64: ClockSamples.Sample] = [:]
        /// The target's groups by id, and their ids by near names.
        var target: [Int64: TargetGroup] = [:]
        var near: [String: [Int64]] = [:]
        var missing: [TargetGroup] = []

        /// Records that have something of their own, after `last`, in order.
        func numbers<Value>(_ table: [Int64: Value], after last: Int64 = 0) -> [Int64] {
            table.keys.filter { $0 > last }.sorted()
        }

        /// The name that a record is sent under.
        func name(_ recordNumber: Int64) -> String {
            String(decoding: records[recordNumber]?.sentName ?? [], as: UTF8.self)
        }

        /// Whether a record's outcome isn't for good.
        func isLeft(_ recordNumber: Int64) -> Bool {
            switch outcomes[recordNumber]?.outcome {
            case .unprocessed, .unresolved: true
            case .present: found[recordNumber]?.isJudged == false
            case .created, .confirmed: updates[recordNumber]?.update.made != nil
            default: false
            }
        }
    }

    private let state: Mutex<State>
    private let isCut = Mutex(false)
    private let pause: @Sendable () async -> Void

    /// - Parameter pause: is called before each change and after it, so that others run meanwhile.
    init(_ state: State = State(), pause: @escaping @Sendable () async -> Void = {}) {
        self.state = Mutex(state)
        self.pause = pause
    }

    /// What the ledger holds.
    var contents: State { state.withLock { $0 } }

    /// The ledger as the next process finds it: without what is known of the target.
    func reopened() -> MemoryLedger {
        var contents = contents
        (contents.target, contents.near, contents.missing) = ([:], [:], [])
        return MemoryLedger(contents, pause: pause)
    }

    /// Refuses every change from now on: the process that has it open is dead.
    func cut() { isCut.withLock { $0 = true } }

    /// Changes what the ledger holds, as a whole or not at all.
    func change<Value: Sendable>(_ body: (inout State) throws -> Value) async throws -> Value {
        await pause()
        guard !isCut.withLock({ $0 }) else { throw LedgerError(reason: "the process was killed") }
        let value = try state.withLock { state in
            var next = state
            let value = try body(&next)
            state = next
            return value
        }
        await pause()
        return value
    }
}

extension MemoryLedger: RunLedger {
    func checkSoundness(sparingRows: Bool) async throws {}
    func hasMoved() async throws -> Bool { false }
    func close() async throws {}
    func closeReading() throws {}

    func metadata() async throws -> RunMetadata { contents.metadata }

    func merge(_ change: RunMetadata) async throws { try await self.change { $0.metadata.merge(change) } }

    func sources() async throws -> [SourceSummary] { contents.sources }

    func set(_ sources: [SourceSummary]) async throws { try await change { $0.sources = sources } }

    func unfinished() async throws -> UnfinishedRun {
        let state = contents
        let drafts = state.records.filter(\.value.isDraft).keys
        return UnfinishedRun(
            metadata: state.metadata, sources: state.sources, lastRecord: state.records.keys.max() ?? 0,
            hasClaims: !state.claims.isEmpty,
            pending: drafts.filter { state.outcomes[$0] == nil || state.isLeft($0) }.count)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any LedgerSnapshot) throws -> Value
    ) async throws -> Value { try body(MemorySnapshot(state: contents)) }
}
