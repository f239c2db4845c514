import RecordFormats
package import RewardsClient

/// Reading, validating and sending, with nothing kept of it: no ledger, no report, no second try.
package struct Sending: Sendable {
    private let configuration: ImportConfiguration
    private let environment: RunEnvironment
    private let client: RewardsClient
    private let transport: HTTPTransport

    /// - Parameter transport: the one that `client` sends over.
    package init(
        _ configuration: ImportConfiguration, client: RewardsClient, transport: HTTPTransport,
        environment: RunEnvironment = .system
    ) {
        self.configuration = configuration
        self.environment = environment
        self.client = client
        self.transport = transport
    }

    /// The counts of records that were read, sent with success, and sent without.
    package struct Counts: SummaryDocument, Sendable {
        /// Records read; creates whose response was a success; all other creates.
        package var read = 0, created = 0, failed = 0
    }

    /// Sends everything once.
    ///
    /// - Throws: ``RunError`` where a source can't be opened or is damaged.
    package func run() async throws -> Counts {
        let (stop, progress) = (StopSwitch(), RunProgress())
        let (unsettled, end) = AsyncStream.makeStream(
            of: UnsettledCreate.self, bufferingPolicy: .bufferingOldest(configuration.concurrency))
        let requests = RunRequests(
            gate: RequestGate(rate: configuration.rate, environment: environment, stop: stop), facts: ServerFacts(),
            stop: stop,
            progress: progress, latency: LatencyHistogram())
        let flow = DraftFlow(
            limit: InFlightLimit(ceiling: configuration.concurrency, isFixed: configuration.rate != nil),
            gate: requests.gate, stop: stop, unsettled: end, honoursActive: false,
            learn: { reply, create, sent, ended in
                requests.learn(
                    fromCreate: reply, recordNumber: create.tag, name: create.name, rank: create.rank, sent: sent,
                    ended: ended)
            })
        let sender = CreateSender(client: client, transport: transport, queue: flow)
        async let failures: Void = {
            for await draft in unsettled {
                flow.settle(
                    DraftOutcome(recordNumber: draft.draft.recordNumber, outcome: .failed, endedAt: draft.endedAt),
                    sentAt: draft.sentAt)
                sender.wake()
            }
        }()
        async let sent = outcomes(of: flow)
        var generator = environment.random
        var sink = FlowSink(flow: flow, sender: sender)
        let result = try await Ingest(
            sources: configuration.sources, options: configuration.decoding,
            validator: configuration.validator, nameMatch: configuration.nameMatch,
            hash: KeyedHash(using: &generator), progress: progress, stop: stop, note: { _ in }
        )
        .run(into: &sink)
        flow.endClaims()
        var counts = await sent
        end.finish()
        await failures
        if let damage = result.damage { throw damage }
        counts.read = Int(result.read)
        return counts
    }

    private func outcomes(of flow: DraftFlow) async -> Counts {
        var counts = Counts()
        while true {
            let taken = flow.takeOutcomes()
            let created = taken.uncounted[.created]
            counts.created += created
            counts.failed += taken.outcomes.count - created
            if taken.isLast { return counts }
            await environment.wait(for: .milliseconds(50))
        }
    }
}

/// Hands drafts over to be sent at once.
private struct FlowSink: RecordSink {
    let flow: DraftFlow
    let sender: CreateSender

    func accept(_ batch: CheckedBatch) async {
        var drafts: [Draft] = []
        drafts.reserveCapacity(batch.checked.count)
        for (record, checked) in zip(batch.batch.records, batch.checked) where checked.standing == .draft {
            let name = checked.fields.name
            drafts.append(
                Draft(
                    recordNumber: batch.recordBase + record.ordinal,
                    name: String(decoding: batch.batch.arena[name.start..<name.end], as: UTF8.self),
                    rank: checked.fields.rank))
        }
        guard !drafts.isEmpty else { return }
        await flow.waitForRoom()
        flow.put(drafts)
        sender.wake()
    }
}
