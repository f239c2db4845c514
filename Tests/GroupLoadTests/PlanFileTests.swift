import Foundation
import GroupLoad
import TestSupport
import Testing

/// Plans in one process: what they say, what they hold, and when they are not carried out.
@Suite struct PlanFileTests {
    private static let list = "name,rank\nNew,1\nGold,5\nSilver,2\nNew,1\n,3\nplatinum,\n"
    private static let groups = [
        ModelServer.Group(id: 1, name: "Gold", rank: 1), ModelServer.Group(id: 2, name: "Silver", rank: 2),
        ModelServer.Group(id: 3, name: "Platinum"), ModelServer.Group(id: 4, name: "Lost"),
    ]

    /// A plan that was saved, with the settings of its import.
    private func planned(
        _ change: (inout RunConfiguration) -> Void = { $0.existing = .update }
    ) async throws -> (world: RunWorld, configuration: ImportConfiguration, PlanSummary, PlanPreview) {
        let world = try RunWorld(groups: Self.groups)
        _ = try world.scratch.write(Self.list, as: "list.csv")
        let configuration = try world.configuration(of: ["list.csv"], change)
        let (summary, preview) = try await world.plan(configuration, to: world.scratch.file("plan.json"))
        return (world, configuration, summary, preview)
    }

    /// The settings of an import that carries the plan out.
    private func carriedOut(_ world: RunWorld) throws -> ImportConfiguration {
        let head = try PlanFile(world.scratch.file("plan.json")).head()
        var kept = head.command
        kept.plan = world.scratch.file("plan.json")
        return try world.configuration(of: ["list.csv"]) { $0 = kept }
    }

    @Test(
        "what becomes of each record, by the policy",
        arguments: [
            (ExistingPolicy.update, ["create": 2, "update": 1, "existing": 1, "duplicate": 1, "invalid": 1]),
            (.skip, ["create": 2, "existing": 2, "duplicate": 1, "invalid": 1]),
            (.fail, ["create": 2, "failed": 2, "duplicate": 1, "invalid": 1]),
        ])
    func counts(policy: ExistingPolicy, counts: [String: Int]) async throws {
        let (world, _, summary, preview) = try await planned { $0.existing = policy }
        #expect(summary.counts.filter { $0.value > 0 } == counts)
        #expect(summary.read == 6 && summary.groups == 4 && summary.near == 1)
        #expect(summary.exit == Status.finishedWithFailures.rawValue)
        #expect(preview.counts == summary.counts && world.server.groups == Self.groups)
        let near = try #require(preview.examples.first { !$0.near.isEmpty })
        #expect(near.name == "platinum" && near.near.map(\.id) == [3] && near.near.map(\.name) == ["Platinum"])
    }

    @Test("groups that no record names are to be set inactive; one of a near name isn't") func missing() async throws {
        let (_, _, summary, preview) = try await planned { $0.deactivatesMissing = true }
        #expect(summary.counts["deactivate"] == 1)
        let example = try #require(preview.examples.first { $0.action == "deactivate" })
        #expect(example.name == "Lost" && example.id == 4 && example.recordNumber == nil)
        #expect(example.from == GroupState(rank: nil, isActive: true))
        #expect(example.to == GroupState(rank: nil, isActive: false))
    }

    @Test("a list that names no group is no ground for setting all inactive") func empty() async throws {
        let world = try RunWorld(groups: Self.groups)
        _ = try world.scratch.write("name\n", as: "list.csv")
        let configuration = try world.configuration(of: ["list.csv"]) { $0.deactivatesMissing = true }
        let code = try await runErrorCode { _ = try await world.plan(configuration, to: nil) }
        #expect(code == .emptyList)
    }

    @Test("the file is one JSON document with a line for each decision") func document() async throws {
        let (world, configuration, summary, _) = try await planned()
        let text = try world.text("plan.json")
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let records = try #require(object?["records"] as? [[String: Any]])
        #expect(
            records.map { $0["action"] as? String } == [
                "create", "update", "existing", "duplicate", "invalid", "create",
            ])
        #expect(records.map { $0["record"] as? Int } == [1, 2, 3, 4, 5, 6])
        #expect(object?["groups"] as? Int == 4 && object?["counts"] as? [String: Int] == summary.counts)
        let head = try PlanFile(world.scratch.file("plan.json")).head()
        #expect(head.command == configuration.kept)
        #expect(text.split(separator: "\n").count == records.count + 2)
    }

    @Test("what was planned is done, and no more") func carriesOut() async throws {
        let (world, _, _, _) = try await planned()
        let summary = try await world.load(try carriedOut(world))
        #expect(
            summary.outcomes.filter { $0.value > 0 } == [
                "created": 2, "updated": 1, "existing": 1, "duplicate": 1, "invalid": 1,
            ])
        #expect(Set(world.server.groups.map(\.name)) == ["Gold", "Silver", "Platinum", "Lost", "New", "platinum"])
        #expect(world.server.groups.first?.rank == 5)
    }

    @Test(
        "what has changed since stops it before anything is sent",
        arguments: ["rank", "name", "added", "gone", "list"])
    func differs(what: String) async throws {
        let (world, _, _, _) = try await planned()
        let configuration = try carriedOut(world)
        switch what {
        case "rank": world.server.change(1) { $0.rank = 7 }
        case "name": world.server.change(2) { $0.name = "silver" }
        case "added": world.server.add("New")
        case "gone": world.server.change(1) { $0.name = "Gone" }
        default: _ = try world.scratch.write(Self.list + "More,1\n", as: "list.csv")
        }
        let before = world.server.groups
        let summary = try await world.load(configuration)
        #expect(summary.error?.code == (what == "list" ? "inputChanged" : "planDiffers"))
        #expect(summary.outcomes["created"] == 0 && world.server.groups == before)
    }

    @Test("a group that the plan doesn't touch may change") func untouched() async throws {
        let (world, _, _, _) = try await planned()
        world.server.change(4) { $0.rank = 99 }
        let summary = try await world.load(try carriedOut(world))
        #expect(summary.outcomes["created"] == 2 && summary.outcomes["updated"] == 1)
    }

    @Test(
        "what isn't a plan, or not of this version, is refused",
        arguments: [
            ("", RunError.Code.planUnusable), ("{}\n", .planUnusable), ("{\"plan\":1,\"records\":[\n", .planUnusable),
            ("{\"plan\":99,\"records\":[\n],\n", .planUnusable), ("name,rank\n", .planUnusable),
        ])
    func unusable(text: String, code: RunError.Code) async throws {
        let scratch = try Scratch()
        let path = try scratch.write(text, as: "plan.json")
        let found = try await runErrorCode { _ = try PlanFile(path).head() }
        #expect(found == code)
    }

    @Test("a plan that isn't there has no input") func absent() async throws {
        let found = try await runErrorCode { _ = try PlanFile("/nowhere/plan.json").head() }
        #expect(found == .noInput)
    }

    @Test("a plan that was cut short is no plan") func cut() async throws {
        let (world, _, _, _) = try await planned()
        let configuration = try carriedOut(world)
        let text = try world.text("plan.json")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        _ = try world.scratch.write(lines.prefix(4).joined(separator: "\n") + "\n", as: "plan.json")
        let summary = try await world.load(configuration)
        #expect(summary.error != nil && summary.outcomes["created"] == 0)
    }

    @Test("a plan whose digest isn't that of its lines is no plan") func tampered() async throws {
        let (world, _, _, _) = try await planned()
        let configuration = try carriedOut(world)
        let text = try world.text("plan.json")
        let digest = try #require(text.firstMatch(of: /"digest":"[0-9a-f]{64}"/))
        let other = text.replacingCharacters(
            in: digest.range, with: "\"digest\":\"" + String(repeating: "0", count: 64) + "\"")
        _ = try world.scratch.write(other, as: "plan.json")
        let summary = try await world.load(configuration)
        #expect(summary.error?.code == "planUnusable" && summary.outcomes["created"] == 0)
    }

    @Test("a plan is not written over its own list") func itself() async throws {
        let world = try RunWorld()
        let path = try world.scratch.write(Self.list, as: "list.csv")
        let configuration = try world.configuration(of: ["list.csv"])
        let code = try await runErrorCode { _ = try await world.plan(configuration, to: path) }
        #expect(code == .usage)
        #expect(try world.text("list.csv") == Self.list)
    }
}
