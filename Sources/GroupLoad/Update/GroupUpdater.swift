import RewardsClient

/// Makes the updates that the ledger holds: each group is read, and changed if it is still what the update takes
/// it for.
struct GroupUpdater: Sendable {
    var client: RewardsClient
    var ledger: any RunLedger
    /// Updates under way at once.
    var concurrency: Int
    var rule: GroupUpdateRule
    var requests: RunRequests
    var errorLimit: ErrorLimit?
    var note: @Sendable (String) -> Void

    private var environment: RunEnvironment { requests.environment }

    /// Makes all updates of the ledger that have no outcome, until the run is asked to stop.
    ///
    /// Each that was begun has its outcome in the ledger when this returns, unless the ledger fails: that stops the
    /// run, and `note` receives what was sent and can't be recorded.
    func run() async {
        let source = GroupUpdateSource(ledger: ledger, stop: requests.stop)
        let log = GroupUpdateLog(ledger: ledger, requests: requests)
        await withTaskGroup(of: Bool.self) { group in
            // The first goes alone: what the target makes of it, it would make of all.
            let isTried = Latch()
            for number in 0..<concurrency {
                group.addTask {
                    defer { isTried.open() }
                    if number > 0 { await isTried.wait() }
                    while let update = await source.next() {
                        await make(update, log, source)
                        isTried.open()
                    }
                    return true
                }
            }
            group.addTask {
                await requests.stop.asked.wait()
                await environment.wait(for: RunRequests.drainMax)
                return false
            }
            var workers = concurrency
            while workers > 0, let isWorker = await group.next() {
                if isWorker {
                    workers -= 1
                } else {
                    requests.cutOff.open()
                    group.cancelAll()
                }
            }
            group.cancelAll()
        }
    }

    /// What was read of a group is acted on within this time, else it is read again.
    private static let readingMax = Duration.seconds(1)

    private func make(_ update: GroupUpdate, _ log: GroupUpdateLog, _ source: GroupUpdateSource) async {
        let began = environment.now
        var course = GroupUpdateStateMachine(update, rule)
        var action = course.begin()
        // When the last reading was asked for.
        var readAt = began
        do {
            while true {
                switch action {
                case .read(let retries, let after):
                    // The change's turn is taken with the reading's, so that nothing is waited for between the two.
                    let admitsRequest =
                        course.mayHaveHappened
                        ? await requests.admitsLookUp(retries, after, turns: 2)
                        : await requests.admitsRequest(retries, after, turns: 2)
                    guard admitsRequest else { action = course.stopped(); continue }
                    readAt = environment.now
                    action = await read(&course)
                    if action != .change { requests.gate.giveBack(1) }
                case .change:
                    guard requests.stop.reason == nil else { action = course.stopped(); continue }
                    let sent = environment.epochMilliseconds
                    let change = course.update
                    try await log.intend(change, at: sent)
                    // Writing may have taken long; so may the reading.
                    if readAt.duration(to: environment.now) > Self.readingMax, let again = course.readAnew() {
                        requests.gate.giveBack(1)
                        action = again
                        continue
                    }
                    let reply = await client.update(
                        id: change.id, name: change.name, rank: .some(change.to.rank), isActive: change.to.isActive)
                    requests.learn(from: reply, isCreate: false, isChange: true)
                    action = course.changed(reply)
                case .end(let outcome, let message):
                    var ended = DraftOutcome(
                        recordNumber: update.recordNumber, outcome: outcome, id: update.id, http: course.http,
                        code: course.code, message: message, attempts: course.changes,
                        milliseconds: began.duration(to: environment.now).milliseconds,
                        endedAt: environment.epochMilliseconds)
                    if let made = update.made { ended.isMade(made) } else { ended.kept = course.kept }
                    // Whatever its response said: the target did its part.
                    if outcome == .updated { requests.gate.ended(.success, requests: 0, isCreate: true) }
                    do { try await log.settle(ended) } catch {
                        DraftOutcome.tellUnrecorded([ended], note)
                        throw error
                    }
                    requests.count(1, ended.outcome, errorLimit)
                    if let name = ended.kept?.name, !name.hasBytes(of: update.name) {
                        requests.stop.stop(.unusable(Self.renames(update, to: name)))
                    }
                    let isForbidden = outcome == .failed && course.isForbidden
                    if await source.ended(isForbidden: isForbidden) {
                        requests.stop.stop(.unusable("the target refuses every change: \(message ?? "")"))
                    }
                    return
                }
            }
        } catch {
            requests.stop.stop(.unusable("\(LedgerError.lost(to: error))"))
        }
    }
}

extension GroupUpdater {
    /// Why nothing more is changed where the target renames what it changes.
    private static func renames(_ update: GroupUpdate, to name: String) -> String {
        """
        the target renames groups when they are changed: group \(update.id) was "\(Shown.text(update.name))" and is \
        "\(Shown.text(name))" now, which may unlink its rewards; see to it, and resume only if that is no harm
        """
    }

    private func read(_ course: inout GroupUpdateStateMachine) async -> GroupUpdateStateMachine.Action {
        let reply = await client.get(id: course.update.id)
        requests.learn(from: reply, isCreate: false)
        return course.read(reply)
    }
}

/// Hands out the updates of a ledger that have no outcome, in the order of their records.
private actor GroupUpdateSource {
    private static let fetchSize = 1000
    /// Updates in a row that are forbidden, after which it isn't what they say that is forbidden.
    private static let forbiddenMax = 10

    private let ledger: any RunLedger
    private let stop: StopSwitch
    private var fetched: ArraySlice<GroupUpdate> = []
    private var last: Int64 = 0
    private var isOver = false
    private var forbidden = 0

    init(ledger: any RunLedger, stop: StopSwitch) {
        self.ledger = ledger
        self.stop = stop
    }

    /// Learns how an update ended.
    ///
    /// - Returns: whether so many in a row were forbidden that the run is to stop.
    func ended(isForbidden: Bool) -> Bool {
        forbidden = isForbidden ? forbidden + 1 : 0
        return forbidden >= Self.forbiddenMax
    }

    /// The next one; nil when there is none, the run is asked to stop, or the ledger fails, which stops it.
    func next() async -> GroupUpdate? {
        while fetched.isEmpty, !isOver, stop.reason == nil {
            do {
                let more = try await ledger.updates(after: last, limit: Self.fetchSize)
                // Somebody else may have been faster.
                guard let end = more.last, end.recordNumber > last else {
                    isOver = isOver || more.isEmpty
                    continue
                }
                if fetched.isEmpty, more[0].recordNumber > last { (fetched, last) = (more[...], end.recordNumber) }
            } catch {
                stop.stop(.unusable("\(LedgerError.lost(to: error))"))
            }
        }
        return stop.reason == nil ? fetched.popFirst() : nil
    }
}
