import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// A run taken back, and that taken back, in one process: what is touched, and what never is.
@Suite struct UndoRunTests {
    private static let list = "name,rank,active\nNew,1,\nGold,5,\nSilver,2,\nAsleep,,no\n,3,\n"
    private static let groups = [
        ModelServer.Group(id: 1, name: "Gold", rank: 1), ModelServer.Group(id: 2, name: "Silver", rank: 2),
        ModelServer.Group(id: 3, name: "Other", rank: 3),
    ]

    /// A finished import that created two groups, one of them inactive, and changed one.
    private func loaded(
        fault: @escaping LedgerRun.Fault = { _, _ in nil }
    ) async throws -> (RunWorld, ImportConfiguration) {
        let world = try RunWorld(groups: Self.groups, fault: fault)
        _ = try world.scratch.write(Self.list, as: "list.csv")
        let configuration = try world.configuration(of: ["list.csv"]) {
            ($0.existing, $0.snapshot, $0.concurrency) = (.update, .always, 1)
        }
        let summary = try await world.load(configuration)
        #expect(
            summary.outcomes.filter { $0.value > 0 } == ["created": 2, "updated": 1, "existing": 1, "invalid": 1])
        return (world, configuration)
    }

    /// `name rank active` of each group.
    private func state(_ world: RunWorld) -> [String] {
        world.server.groups.map { "\($0.name) \($0.rank.map(String.init) ?? "-") \($0.isActive ? "on" : "off")" }
    }

    @Test("what it made is set inactive, what it changed is given back, and nothing else is touched") func undoes()
        async throws
    {
        let (world, configuration) = try await loaded()
        #expect(state(world) == ["Gold 5 on", "Silver 2 on", "Other 3 on", "New 1 on", "Asleep - off"])
        let preview = try await UndoPreview(try RunLocation(directory: world.scratch.file("run")))
        #expect(preview.deactivated == 1 && preview.reranked == 1 && preview.count == 2 && !preview.isRedo)
        let before = world.server.operations.count { $0 == .update }
        let (summary, undo) = try await world.undo(configuration, run: "undo")
        #expect(state(world) == ["Gold 1 on", "Silver 2 on", "Other 3 on", "New 1 off", "Asleep - off"])
        #expect(summary.outcomes.filter { $0.value > 0 } == ["updated": 2] && summary.exit == Status.done.rawValue)
        #expect(world.server.operations.count { $0 == .update } == before + 2)
        #expect(try await world.differences(undo) == [])
        let (again, _) = try await world.undo(undo, run: "redo", isRedo: true)
        #expect(state(world) == ["Gold 5 on", "Silver 2 on", "Other 3 on", "New 1 on", "Asleep - off"])
        #expect(again.outcomes.filter { $0.value > 0 } == ["updated": 2])
    }

    @Test("an undo of the same run again finds all as it should be") func twice() async throws {
        let (world, configuration) = try await loaded()
        _ = try await world.undo(configuration, run: "undo")
        let before = state(world)
        let (summary, _) = try await world.undo(configuration, run: "again")
        #expect(summary.outcomes.filter { $0.value > 0 } == ["existing": 2] && state(world) == before)
    }

    @Test("what somebody has changed since is left as it is, and said", arguments: ["rank", "name", "activity"])
    func changedSince(what: String) async throws {
        let (world, configuration) = try await loaded()
        let new = try #require(world.server.groups.first { $0.name == "New" })
        world.server.change(new.id) { group in
            switch what {
            case "rank": group.rank = 77
            case "name": group.name = "Renamed"
            default: group.isActive = false
            }
        }
        let before = world.server.groups.first { $0.id == new.id }
        let (summary, _) = try await world.undo(configuration, run: "undo")
        #expect(world.server.groups.first { $0.id == new.id } == before)
        #expect(summary.outcomes.filter { $0.value > 0 } == ["existing": 1, "updated": 1])
    }

    @Test(
        "a change whose response is lost, refused or cut off is settled by reading",
        arguments: [
            (ModelServer.Fault.loseResponse, "updated"), (.loseRequest, "updated"), (.refuse(500), "updated"),
            (.refuse(429), "updated"), (.refuse(400), "failed"), (.page(502), "updated"),
        ])
    func faults(fault: ModelServer.Fault, outcome: String) async throws {
        // The import makes the first two changes.
        let (world, configuration) = try await loaded { $0 == .update && $1 == 3 ? fault : nil }
        let (summary, _) = try await world.undo(configuration, run: "undo")
        #expect(summary.outcomes["updated"] == (outcome == "updated" ? 2 : 1))
        #expect(summary.outcomes["failed"] == (outcome == "failed" ? 1 : 0))
    }

    @Test("one that was stopped is gone on with, and takes nothing back twice") func resumes() async throws {
        let stop = StopSwitch()
        let (world, configuration) = try await loaded { operation, number in
            if operation == .update, number == 3 { stop.stop(.signal(.terminated)) }
            return nil
        }
        let (stopped, _) = try await world.undo(configuration, run: "undo", stop: stop)
        #expect(stopped.exit == Status.terminated.rawValue && stopped.outcomes["unprocessed"] == 1)
        let (summary, _) = try await world.undo(configuration, run: "undo")
        #expect(summary.outcomes.filter { $0.value > 0 } == ["updated": 2])
        #expect(state(world) == ["Gold 1 on", "Silver 2 on", "Other 3 on", "New 1 off", "Asleep - off"])
        #expect(world.server.operations.count { $0 == .update } == 4)
    }

    @Test("a group that may be somebody else's is taken back only where that is asked for", arguments: [false, true])
    func present(includes: Bool) async throws {
        let world = try RunWorld { $0 == .create && $1 == 1 ? .loseResponse : nil }
        _ = try world.scratch.write("name\nOnly\n", as: "list.csv")
        let configuration = try world.configuration(of: ["list.csv"])
        let loaded = try await world.load(configuration)
        #expect(loaded.outcomes["present"] == 1, "one create shows nothing of the clock")
        let (summary, _) = try await world.undo(configuration, run: "undo", includesPresent: includes)
        #expect(summary.read == (includes ? 1 : 0))
        #expect(world.server.groups.map(\.isActive) == [!includes])
    }
}
