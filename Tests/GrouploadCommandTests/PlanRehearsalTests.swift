import Foundation
import TestSupport
import Testing

/// Plans of random lists against the sandbox, and what imports then do: a few worlds through the built binary. Many
/// more are tried over a model of the API in `PlanTruthTests`.
@Suite struct PlanRehearsalTests {
    /// A line of a saved plan.
    private struct Line: Decodable {
        struct State: Decodable {
            var rank: Int64?
            var isActive: Bool
        }

        var action: String
        var name: String
        var rank: Int64?
        var isActive: Bool?
        var id: Int64?
        var to: State?
    }

    private struct Saved: Decodable { var records: [Line] }

    /// Lists and options from one seed.
    private struct World {
        var held = "name,rank,isActive\n"
        var list = "name,rank,isActive\n"
        var options: [String] = []

        init(seed: UInt64) {
            var generator = SeededGenerator(state: seed)
            func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
            func row(_ number: Int, _ variants: Bool) -> String {
                let name = "Team \(number)"
                let written = variants && chance(15) ? name.uppercased() : name
                return "\(written),\(chance(30) ? "" : "\(Int.random(in: 0...2, using: &generator))"),"
                    + "\(chance(50) ? "" : chance(60) ? "yes" : "no")\n"
            }
            for number in 1...60 where chance(60) { held += row(number, false) }
            for _ in 1...80 { list += row(Int.random(in: 1...70, using: &generator), true) }
            options = ["--on-existing", ["skip", "update", "update"].randomElement(using: &generator) ?? "skip"]
            if options[1] == "update", chance(50) { options += ["--empty-rank", "clear"] }
            if chance(50) { options += ["--name-match", "folded"] }
            if chance(50) { options += ["--deactivate-missing", "--max-deactivate", "100%"] }
        }
    }

    /// What a server stores: by name, the rank and the activity.
    private static func state(of sandbox: SandboxProcess) async throws -> [String: String] {
        try await sandbox.stored().reduce(into: [:]) { state, group in
            let rank = (group["rank"] as? Int64).map { "\($0)" } ?? "none"
            state[group["name"] as? String ?? ""] = "\(rank) \(group["isActive"] as? Bool ?? true)"
        }
    }

    @Test("an import does what is planned, with the plan and without", arguments: [1, 2] as [UInt64])
    func rehearses(seed: UInt64) async throws {
        let scratch = try Scratch()
        let world = World(seed: seed)
        let held = try scratch.write(world.held, as: "held.csv")
        let list = try scratch.write(world.list, as: "list.csv")
        for isPlanned in [false, true] {
            let sandbox = try await SandboxProcess.start()
            let target = ["--target", sandbox.url]
            let directory = { (name: String) in scratch.file("\(name)-\(isPlanned)") }
            let first = try await scratch.groupload(
                ["import", held, "--on-existing", "update", "--run-dir", directory("held"), "--quiet"] + target
            ).run()
            #expect(first.status == 0, "\(first.errorText)")
            let plan = directory("plan.json")
            let planned = try await scratch.groupload(["plan", list, "-o", plan, "--quiet"] + target + world.options)
                .run()
            #expect(planned.status == 0, "\(planned.errorText)")
            var expected = try await Self.state(of: sandbox)
            let names = try await sandbox.stored().reduce(into: [Int64: String]()) { names, group in
                names[group["id"] as? Int64 ?? 0] = group["name"] as? String
            }
            let saved = try JSONDecoder().decode(Saved.self, from: Data(contentsOf: URL(fileURLWithPath: plan)))
            for line in saved.records {
                if line.action == "create" {
                    expected[line.name] = "\(line.rank.map { "\($0)" } ?? "none") \(line.isActive ?? true)"
                } else if let to = line.to, let name = line.id.flatMap({ names[$0] }) {
                    expected[name] = "\(to.rank.map { "\($0)" } ?? "none") \(to.isActive)"
                }
            }
            let yes = world.options.contains("--deactivate-missing") ? ["--yes"] : []
            let own = isPlanned ? ["--plan", plan] : [list] + target + world.options
            let done = try await scratch.groupload(["import", "--run-dir", directory("run"), "--quiet"] + own + yes)
                .run()
            #expect(done.status == 0, "\(done.errorText)")
            let found = try await Self.state(of: sandbox)
            #expect(found == expected, "seed \(seed), \(world.options)")
            try await Report(directory("run")).expectAccounts()
        }
    }
}
