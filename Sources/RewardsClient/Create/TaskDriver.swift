/// Sends creates through ``RewardsClient/create(name:rank:)``, and so over any transport, with a task for each.
actor TaskDriver: CreateDriver {
    private let client: RewardsClient
    private let environment: ClientEnvironment
    private let queue: any CreateQueue
    private let inFlightMax: Int
    private var inFlight: [Int: Task<Void, Never>] = [:]
    private var number = 0
    private var alarm: Task<Void, Never>?
    private var isCancelled = false

    init(client: RewardsClient, inFlightMax: Int, queue: any CreateQueue) {
        precondition(inFlightMax >= 1, "a sender has room for at least one create")
        self.client = client
        self.queue = queue
        self.inFlightMax = inFlightMax
        environment = client.environment
    }

    nonisolated func wake() { _ = environment.start { await self.pump() } }

    nonisolated func cancel() { _ = environment.start { await self.cancelAll() } }

    private func pump() {
        while !isCancelled, inFlight.count < inFlightMax {
            var creates: [PendingCreate] = []
            let step = queue.next(atMost: 1, &creates)
            for create in creates { send(create) }
            switch step {
            case .more: continue
            case .rest: return
            case .wait(let duration): return wakeAfter(duration)
            }
        }
    }

    private func send(_ create: PendingCreate) {
        number += 1
        let number = number
        // The task can't end before this call does, for its end runs on this actor.
        inFlight[number] = environment.start { [client] in
            let reply = await client.create(name: create.name, rank: create.rank, span: create.span)
            await self.ended(number, create, reply)
        }
    }

    private func ended(_ number: Int, _ create: PendingCreate, _ reply: Reply<RewardGroup>) {
        inFlight[number] = nil
        queue.ended(create, reply)
        pump()
    }

    /// Pumps again after the duration; one such wait is under way at most.
    private func wakeAfter(_ duration: Duration) {
        guard alarm == nil else { return }
        alarm = environment.start { [environment] in
            await environment.wait(duration)
            await self.alarmed()
        }
    }

    private func alarmed() {
        alarm = nil
        pump()
    }

    private func cancelAll() {
        isCancelled = true
        alarm?.cancel()
        for task in inFlight.values { task.cancel() }
    }
}
