import Foundation
import GroupLoad
import TestSupport
import Testing

/// What is proved of a run, in one process: its ledger, its files, its inputs, and the target's list.
@Suite struct VerificationTests {
    private static let list = "name,rank\nGold,1\nSilver,2\nGold,1\nBronze,x\n"

    /// A finished run of four records.
    ///
    /// - Parameter keepsInput: whether a copy of the list is kept in it.
    private func finished(keepsInput: Bool = false) async throws -> (RunWorld, ImportConfiguration) {
        let world = try RunWorld()
        _ = try world.scratch.write(Self.list, as: "list.csv")
        let configuration = try world.configuration(of: ["list.csv"]) { $0.keepsNoInput = !keepsInput }
        let summary = try await world.load(configuration)
        #expect(summary.outcomes.filter { $0.value > 0 } == ["created": 2, "duplicate": 1, "invalid": 1])
        return (world, configuration)
    }

    @Test("nothing differs in a run that nobody touched") func sound() async throws {
        let (world, configuration) = try await finished()
        #expect(try await world.differences(configuration, againstTarget: true) == [])
    }

    @Test(
        "what was changed on disk is found",
        arguments: [
            ("run/results.csv", String?.some("other"), ["files changed"]), ("run/failed.csv", nil, ["files missing"]),
            ("run/report.html", nil, ["files missing"]), ("run/summary.json", nil, ["summary.json"]),
            ("run/summary.json", "{}", ["summary.json"]), ("list.csv", "name,rank\nGold,1\n", ["inputs changed"]),
            ("list.csv", nil, ["inputs missing"]),
        ])
    func files(name: String, text: String?, kinds: [String]) async throws {
        let (world, configuration) = try await finished()
        if let text {
            _ = try world.scratch.write(text, as: name)
        } else {
            try FileManager.default.removeItem(atPath: world.scratch.file(name))
        }
        #expect(try await world.differences(configuration) == kinds)
    }

    @Test(
        "a list that has changed or is gone is read from the run's copy, by the run's rules",
        arguments: ["name\nOther\n", nil], [255, 4])
    func copied(text: String?, nameLengthMax: Int) async throws {
        var (world, configuration) = try await finished(keepsInput: true)
        try FileManager.default.removeItem(atPath: world.scratch.file("list.csv"))
        if let text { _ = try world.scratch.write(text, as: "list.csv") }
        configuration.nameLengthMax = nameLengthMax
        #expect(try await world.differences(configuration) == (nameLengthMax == 4 ? ["verdicts"] : []))
    }

    @Test("inputs that are read by other rules than the run's give other records") func rules() async throws {
        let (world, configuration) = try await finished()
        var other = configuration
        other.nameLengthMax = 4
        #expect(try await world.differences(other) == ["verdicts"])
    }

    @Test("what was changed at the target is found") func target() async throws {
        let (world, configuration) = try await finished()
        let ids = Dictionary(uniqueKeysWithValues: world.server.groups.map { ($0.name, $0.id) })
        let (gold, silver) = (try #require(ids["Gold"]), try #require(ids["Silver"]))
        world.server.change(gold) { $0.rank = 9 }
        #expect(try await world.differences(configuration, againstTarget: true) == ["other ranks"])
        world.server.change(gold) { ($0.rank, $0.name) = (1, "gold") }
        world.server.change(silver) { $0.isActive = false }
        let kinds = try await world.differences(configuration, againstTarget: true)
        #expect(kinds.sorted() == ["other activity", "other names"])
    }

    @Test("a list that moves while it is read is no difference: what it didn't show is read one by one") func moving()
        async throws
    {
        let (world, configuration) = try await finished()
        world.server.behave { $0.listed = { groups, _, _ in (groups.filter { $0.name != "Gold" }, groups.count) } }
        #expect(try await world.differences(configuration, againstTarget: true) == [])
        #expect(world.server.operations.count { $0 == .get } == 1)
        let gold = try #require(world.server.groups.first { $0.name == "Gold" })
        world.server.change(gold.id) { $0.rank = 9 }
        #expect(try await world.differences(configuration, againstTarget: true) == ["other ranks"])
    }

    @Test("a run that was stopped has an outcome for each record, and is sound") func stopped() async throws {
        let world = try RunWorld()
        _ = try world.scratch.write(Self.list, as: "list.csv")
        let configuration = try world.configuration(of: ["list.csv"])
        let stop = StopSwitch()
        stop.stop(.signal(.terminated))
        let summary = try await world.load(configuration, stop: stop)
        #expect(summary.exit == Status.terminated.rawValue && world.server.groups.isEmpty)
        #expect(summary.outcomes.values.reduce(0, +) == summary.read)
    }

    @Test("a stop ends it with the signal's own code", arguments: [Status.interrupted, .terminated])
    func stops(status: Status) async throws {
        let (world, configuration) = try await finished()
        let stop = StopSwitch()
        stop.stop(.signal(status))
        let code = try await runErrorCode { _ = try await world.differences(configuration, stop: stop) }
        #expect(code == (status == .interrupted ? .interrupted : .terminated))
    }

    @Test("an import of the same again finds all that is there, and both runs are sound") func again() async throws {
        let (world, configuration) = try await finished()
        let second = try world.configuration(of: ["list.csv"], run: "second")
        let summary = try await world.load(second)
        #expect(summary.outcomes.filter { $0.value > 0 } == ["existing": 2, "duplicate": 1, "invalid": 1])
        for run in [configuration, second] {
            #expect(try await world.differences(run, againstTarget: true) == [])
        }
        #expect(world.server.groups.count == 2)
    }
}
