import GroupLoad
import Logging
import RewardsClient
import Testing

/// Reading the target's list: single pages, all of it while it changes, and the check before anything is sent.
@Suite struct TargetTests {
    /// A reader over a model, on a virtual clock.
    private struct World {
        let time = VirtualTime()
        let stop = StopSwitch()
        let progress = RunProgress()
        let notes = Notes()
        let server: ModelServer
        let requests: RunRequests
        let client: RewardsClient
        var reader: PageReader { PageReader(client: client, requests: requests) }

        init(
            groups: Int = 0, pageSizeMax: Int = 1_000,
            fault: @escaping @Sendable (ModelServer.Operation, Int) -> ModelServer.Fault? = { _, _ in nil }
        ) throws {
            let environment = time.environment()
            server = ModelServer(
                environment, groups: (0..<groups).map { ModelServer.Group(id: Int64($0 + 1), name: "G\($0)") },
                pageSizeMax: pageSizeMax, fault: fault)
            let notes = notes
            requests = RunRequests(
                gate: RequestGate(rate: nil, environment: environment, stop: stop, note: { notes.add($0) }),
                facts: ServerFacts(), stop: stop, progress: progress, latency: LatencyHistogram())
            client = try server.client()
        }

        /// How many groups a reading of the whole list gives, and how it ended.
        func readAll(
            concurrency: Int = 4, pagesMax: Int = TargetList.pagesMax, _ body: ([RewardGroup]) -> Void = { _ in }
        ) async throws -> ([Int64], TargetList.Completeness) {
            var list = TargetList(reader, concurrency: concurrency, pagesMax: pagesMax)
            var ids: [Int64] = []
            let ending = try await list.read { groups in
                ids += groups.map(\.id)
                body(groups)
            }
            return (ids, ending)
        }
    }

    @Test(
        "a page is read again after what may pass",
        arguments: [
            (ModelServer.Fault.loseResponse, 3), (.refuse(500), 3), (.refuse(503, retryAfter: 2), 3),
            (.refuse(429, retryAfter: 1), 20), (.unreachable, 4), (.refuse(401), 2),
        ])
    func retries(fault: ModelServer.Fault, times: Int) async throws {
        let world = try World(groups: 3) { _, number in number <= times ? fault : nil }
        let page = try await world.time.run { try await world.reader.page(ListQuery(page: 0, size: 10)) }
        #expect(page.groups.map(\.id) == [1, 2, 3])
        #expect(world.server.operations.count == times + 1)
    }

    @Test(
        "a page that can't be read ends within its budget",
        arguments: [
            (ModelServer.Fault.loseResponse, RunError.Code.listUnreadable, 8), (.refuse(404), .listUnreadable, 8),
            (.refuse(500), .listUnreadable, 8),
        ])
    func givesUp(fault: ModelServer.Fault, code: RunError.Code, requests: Int) async throws {
        let world = try World { _, _ in fault }
        let error = await world.time.run { () -> RunError? in
            do throws(RunError) {
                _ = try await world.reader.page(ListQuery())
                return nil
            } catch {
                return error
            }
        }
        #expect(error?.code == code)
        if case .refuse(let status, _, _) = fault {
            let text = error.map { "\($0)" } ?? ""
            #expect(text.contains("HTTP \(status)"), "\(text)")
        }
        #expect(world.server.operations.count == requests)
    }

    @Test("refused credentials are wrong at the first page, and at once") func unauthorized() async throws {
        let world = try World { _, _ in .refuse(401) }
        let error = await world.time.run { () -> RunError? in
            do throws(RunError) {
                _ = try await world.reader.firstPage(ListQuery())
                return nil
            } catch {
                return error
            }
        }
        #expect(error?.code == .credentialsRefused && world.server.operations.count == 1)
    }

    @Test("a stop ends reading with its own code") func stopped() async throws {
        let world = try World { _, _ in .loseRequest }
        world.stop.stop(.signal(.interrupted))
        do {
            _ = try await world.time.run { try await world.reader.page(ListQuery()) }
            Issue.record("it was read")
        } catch let error as RunError {
            #expect(error.code == .interrupted && world.server.operations.isEmpty)
        }
    }

    @Test(
        "all groups are read, each once, whatever the size of pages",
        arguments: [0, 1, 7, 10, 95, 1_000], [3, 10, 1_000])
    func readsAll(groups: Int, pageSizeMax: Int) async throws {
        let world = try World(groups: groups, pageSizeMax: pageSizeMax)
        let (ids, ending) = try await world.time.run { try await world.readAll() }
        #expect(ending == .complete)
        #expect(ids == (0..<groups).map { Int64($0 + 1) })
    }

    @Test("pages are read several at once") func concurrent() async throws {
        let elapsed = try await [1, 8].asyncMap { concurrency in
            let world = try World(groups: 80, pageSizeMax: 10)
            _ = try await world.time.run { try await world.readAll(concurrency: concurrency) }
            return world.time.elapsed
        }
        #expect(elapsed == [.milliseconds(80), .milliseconds(20)])
    }

    @Test("groups that are added while the list is read are read too") func grows() async throws {
        let world = try World(groups: 50, pageSizeMax: 10)
        let added = Recorder<Void>()
        let (ids, ending) = try await world.time.run {
            try await world.readAll(concurrency: 1) { _ in
                added.add(())
                guard added.all.count <= 3 else { return }
                world.server.add("new \(world.server.groups.count)")
            }
        }
        #expect(ending == .complete)
        #expect(Set(ids) == Set(world.server.groups.map(\.id)) && ids.count == 53)
    }

    @Test("a list that never holds still is read as often as it may, and said to be unsettled") func unsettled()
        async throws
    {
        let world = try World(groups: 20, pageSizeMax: 10)
        let (ids, ending) = try await world.time.run {
            try await world.readAll(concurrency: 1) { _ in
                // Moves the others, and is itself out of sight: it looks as if it had been changed long ago.
                world.server.add("new \(world.server.groups.count)")
                world.server.change(world.server.groups.last?.id ?? 0) { $0.name += "!" }
            }
        }
        guard case .changing(let read, let total) = ending else { return #expect(ending == .complete) }
        #expect(read == ids.count && Int64(read) < total)
    }

    @Test("pages of a node that lags don't make a list that is complete") func lags() async throws {
        let world = try World(groups: 21, pageSizeMax: 10)
        world.server.behave { habits in
            habits.listed = { groups, _, number in
                let isBehind = number == 2 || number == 3
                return (groups.filter { !isBehind || $0.id < 21 }, isBehind ? 20 : 21)
            }
        }
        let (ids, ending) = try await world.time.run { try await world.readAll(concurrency: 1) }
        #expect(ending == .complete && ids == (1...21).map { Int64($0) })
    }

    @Test("a list that needs more pages than it may have is refused") func endless() async throws {
        let world = try World(groups: 100, pageSizeMax: 10)
        do {
            _ = try await world.time.run { try await world.readAll(pagesMax: 5) }
            Issue.record("it was read")
        } catch let error as RunError {
            #expect(error.code == .listUnreadable)
        }
    }

    @Test("a size that is refused is made smaller") func smaller() async throws {
        let world = try World(groups: 30) { _, number in number <= 2 ? .refuse(400) : nil }
        let (ids, ending) = try await world.time.run { try await world.readAll() }
        #expect(ending == .complete && ids.count == 30)
    }

    @Test(
        "what makes the target unusable before anything is sent",
        arguments: [
            (ModelServer.Fault.refuse(401), RunError.Code?.some(.credentialsRefused), 1), (.page(404), .notTheAPI, 1),
            (.loseRequest, .targetUnusable, 4), (.refuse(500), nil, 1), (.refuse(404), nil, 1), (.page(503), nil, 1),
        ])
    func checks(fault: ModelServer.Fault, code: RunError.Code?, requests: Int) async throws {
        let world = try World { _, _ in fault }
        let check = TargetCheck(
            client: world.client, requests: world.requests,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(await world.time.run { await check.run() }?.code == code)
        #expect(world.server.operations.count == requests)
    }

    @Test("a target that is there tells how many groups it has; one that asks to wait is waited for") func checked()
        async throws
    {
        let world = try World(groups: 5) { _, number in number == 1 ? .refuse(429, retryAfter: 30) : nil }
        let check = TargetCheck(
            client: world.client, requests: world.requests,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(await world.time.run { await check.run() } == nil)
        #expect(world.requests.facts.total?.count == 5)
        #expect(world.time.elapsed >= .seconds(30))
    }

    @Test("one that can't be reached is tried until the breaker gives up, and the run stops for it") func unreachable()
        async throws
    {
        let world = try World { _, _ in .unreachable }
        let check = TargetCheck(
            client: world.client, requests: world.requests,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(await world.time.run { await check.run() } == nil)
        #expect(world.stop.reason?.status == .unusable && world.server.operations.count == 6)
    }
}

/// Testing has an `ExitStatus` of its own.
typealias Status = GroupLoad.ExitStatus

extension Sequence {
    /// Maps one element after the other.
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
