import Foundation
import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// What stands in a run's directory, and what an import makes of it: a run to go on with, one that makes way, or one
/// that is left alone.
@Suite struct RunDirectoryTests {
    private static let list = "name,rank\nA,1\nB,2\nC,3\nD,4\n"

    /// A world with a list, whose target fails as a test says.
    private func world(fault: @escaping LedgerRun.Fault = { _, _ in nil }) throws -> RunWorld {
        let world = try RunWorld(fault: fault)
        _ = try world.scratch.write(Self.list, as: "list.csv")
        return world
    }

    private func settings(
        _ world: RunWorld, run: String = "run", _ change: (inout RunConfiguration) -> Void = { _ in }
    ) throws -> ImportConfiguration {
        try world.configuration(of: ["list.csv"], run: run) {
            $0.concurrency = 1
            change(&$0)
        }
    }

    /// A world with a run that has read its list, and was asked to stop before it sent anything.
    private func unsent() async throws -> RunWorld {
        let stop = StopSwitch()
        let world = try world { operation, number in
            if operation == .list, number == 1 { stop.stop(.signal(.terminated)) }
            return nil
        }
        let summary = try await world.load(try settings(world), stop: stop)
        #expect(summary.outcomes["unprocessed"] == 4 && world.server.groups.isEmpty)
        return world
    }

    /// The code of the error that a run ends with, thrown or told.
    private func code(_ world: RunWorld, _ configuration: ImportConfiguration) async throws -> String? {
        do { return try await world.load(configuration).error?.code } catch let error as RunError {
            return error.code.description
        }
    }

    @Test("a run that has finished is not begun again: its summary is given, and nothing is sent") func finished()
        async throws
    {
        let world = try world()
        let first = try await world.load(try settings(world))
        let asked = world.server.operations.count
        let second = try await world.load(try settings(world))
        #expect(second.run == first.run && second.outcomes == first.outcomes && second.finished == first.finished)
        #expect(world.server.operations.count == asked && world.notes.all.contains { $0.contains("finished already") })
    }

    @Test("one that was stopped goes on where it stopped, once") func goesOn() async throws {
        let stop = StopSwitch()
        let world = try world { operation, number in
            if operation == .create, number == 2 { stop.stop(.signal(.interrupted)) }
            return nil
        }
        let first = try await world.load(try settings(world), stop: stop)
        #expect(first.outcomes["created"] == 2 && first.outcomes["unprocessed"] == 2)
        let second = try await world.load(try settings(world))
        #expect(second.run == first.run && second.outcomes.filter { $0.value > 0 } == ["created": 4])
        #expect(world.server.operations.count { $0 == .create } == 4)
        #expect(try world.text("run/results.csv").split(separator: "\n").count == 5)
        #expect(try await world.differences(try settings(world), againstTarget: true) == [])
    }

    @Test(
        "a run that is asked to stop when nothing is left to do ends as its records say, and so does who resumes it",
        arguments: [(StopReason.signal(.terminated), 3), (.signal(.interrupted), 4), (.timeIsOver, 4)])
    func stoppedInVain(reason: StopReason, at number: Int) async throws {
        let stop = StopSwitch()
        let world = try world { operation, count in
            if operation == .create, count == number { stop.stop(reason) }
            return nil
        }
        let first = try await world.load(try settings(world), stop: stop)
        let isDone = number == 4
        #expect(first.outcomes["created"] == number)
        #expect(first.exit == (isDone ? 0 : 143) && (first.error == nil) == isDone && first.message == nil)
        #expect(try await world.load(try settings(world)).exit == 0)
    }

    @Test(
        "a list that has changed, or is gone, since a run read it stops it; unless what was read is enough",
        arguments: [
            (String?.some("name\nX\n"), String?.some("inputChanged"), false), (nil, "noInput", false),
            ("name\nX\n", nil, true), (nil, nil, true),
        ])
    func changed(text: String?, expected: String?, accepts: Bool) async throws {
        let stop = StopSwitch()
        let world = try world { operation, number in
            if operation == .create, number == 2 { stop.stop(.signal(.interrupted)) }
            return nil
        }
        _ = try await world.load(try settings(world), stop: stop)
        if let text {
            _ = try world.scratch.write(text, as: "list.csv")
        } else {
            try FileManager.default.removeItem(atPath: world.scratch.file("list.csv"))
        }
        var configuration = try settings(world)
        configuration.acceptsChangedInput = accepts
        let found = try await code(world, configuration)
        #expect(found == expected)
        #expect(world.server.groups.map(\.name) == (accepts ? ["A", "B", "C", "D"] : ["A", "B"]))
    }

    @Test("a finished run isn't taken for one of another list") func changedAfterEnd() async throws {
        let world = try world()
        _ = try await world.load(try settings(world))
        _ = try world.scratch.write("name\nX\n", as: "list.csv")
        let found = try await code(world, try settings(world))
        #expect(found == "inputChanged" && world.server.groups.count == 4)
    }

    /// What is asked of a directory that holds another run, and whether that makes way where it sent nothing.
    private static let others: [(String, makesWay: Bool)] = [
        ("options", true), ("target", true), ("list", true), ("same", false),
    ]

    private func other(_ what: String, _ world: RunWorld) throws -> ImportConfiguration {
        if what == "list" { _ = try world.scratch.write("name\nX\n", as: "list.csv") }
        var configuration = try settings(world) { kept in
            switch what {
            case "options": kept.nameLengthMax = 80
            case "target": kept.target.url = "https://other.test"
            default: break
            }
        }
        configuration.replacesUnsent = true
        return configuration
    }

    @Test("a run that sent nothing makes way for another, which says so", arguments: others)
    func makesWay(what: String, makesWay: Bool) async throws {
        let world = try await unsent()
        let first = try await RunListing(try RunLocation(directory: world.scratch.file("run")))
        let summary = try await world.load(try other(what, world))
        #expect((summary.run != first.run) == makesWay)
        #expect(world.notes.all.contains { $0.contains("sent nothing") } == makesWay)
        #expect(summary.outcomes["created"] == (what == "list" ? 1 : 4) && summary.exit == Status.done.rawValue)
        #expect(try world.text("run/results.csv").split(separator: "\n").count == (what == "list" ? 2 : 5))
    }

    @Test("without leave it stays as it is", arguments: ["options", "target", "list"]) func stays(what: String)
        async throws
    {
        let world = try await unsent()
        let first = try await RunListing(try RunLocation(directory: world.scratch.file("run")))
        var configuration = try other(what, world)
        configuration.replacesUnsent = false
        let found = try await code(world, configuration)
        #expect(found == (what == "list" ? "inputChanged" : "otherRun"))
        #expect(try await RunListing(try RunLocation(directory: world.scratch.file("run"))) == first)
    }

    @Test(
        "one that sent anything never makes way",
        arguments: [("options", "otherRun"), ("target", "otherRun"), ("list", "inputChanged")])
    func neverMakesWay(what: String, expected: String) async throws {
        let stop = StopSwitch()
        let world = try world { operation, _ in
            if operation == .create { stop.stop(.signal(.interrupted)) }
            return nil
        }
        _ = try await world.load(try settings(world), stop: stop)
        let configuration = try other(what, world)
        let found = try await code(world, configuration)
        #expect(found == expected)
        #expect(world.server.groups.count == 1)
    }

    @Test(
        "a file of a report where no run stands is somebody's, and is left alone",
        arguments: ["results.csv", "failed.csv", "summary.json", "report.html"])
    func foreignFile(name: String) async throws {
        let world = try world()
        try FileManager.default.createDirectory(
            atPath: world.scratch.file("run"), withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        _ = try world.scratch.write("mine", as: "run/" + name)
        let found = try await code(world, try settings(world))
        #expect(found == "otherRun" && world.server.operations.isEmpty)
        #expect(try world.text("run/" + name) == "mine")
    }

    @Test("a run that another process works on is busy") func busy() async throws {
        let world = try world()
        _ = try await world.load(try settings(world))
        let lock = try LockFile.ofRun(world.scratch.file("run"))
        let found = try await code(world, try settings(world))
        #expect(found == "busy")
        withExtendedLifetime(lock) {}
    }

    @Test("two runs on one target at once are refused, whatever their directories") func scopeBusy() async throws {
        let world = try world()
        let lock = try ScopeLock.acquire(
            scope: "https://example.test till", run: "other", environment: world.environment.variables)
        let found = try await code(world, try settings(world))
        #expect(found == "busy" && world.server.operations.isEmpty)
        _ = consume lock
    }
}

/// Runs that are found, listed and removed.
@Suite struct FoundRunsTests {
    /// A world with finished runs in these directories, one after the other.
    private func world(_ runs: [String], stop: StopSwitch? = nil) async throws -> RunWorld {
        // Each run makes two creates, so that the switch is set in the one behind them.
        let world = try RunWorld { operation, number in
            if operation == .create, number == runs.count * 2 + 1 { stop?.stop(.signal(.interrupted)) }
            return nil
        }
        _ = try world.scratch.write("name\nA\nB\n", as: "list.csv")
        for run in runs { _ = try await world.load(try world.configuration(of: ["list.csv"], run: run)) }
        return world
    }

    private func others(_ world: RunWorld, scope: String, excluding run: String) -> [String] {
        ScopeRuns.others(
            scope: scope, environment: world.environment.variables, excluding: world.scratch.file(run)
        )
        .map { String($0.path.dropFirst(world.scratch.path.count + 1)) }.sorted()
    }

    @Test(
        "the runs on a scope are known wherever they stand, its own excepted",
        arguments: [
            ("https://example.test till", ["b", "far/away/c"]),
            ("HTTPS://EXAMPLE.TEST:443/ till", ["b", "far/away/c"]),
            ("https://example.test other", []), ("http://example.test till", []), ("https://example.org till", []),
        ])
    func scope(scope: String, found: [String]) async throws {
        let world = try await world(["a", "b", "far/away/c"])
        #expect(others(world, scope: scope, excluding: "a") == found)
    }

    @Test("what is gone, or isn't the user's alone, is none of them", arguments: ["gone", "open", "empty"])
    func dropped(what: String) async throws {
        let world = try await world(["a", "b", "far/c"])
        let files = FileManager.default
        switch what {
        case "gone": for run in ["b", "far/c"] { try files.removeItem(atPath: world.scratch.file(run)) }
        case "open":
            for run in ["b", "far/c"] {
                try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: world.scratch.file(run))
            }
        default: for run in ["b", "far/c"] { _ = try world.scratch.write("", as: run + "/ledger.sqlite") }
        }
        #expect(others(world, scope: "https://example.test till", excluding: "a") == [])
    }

    @Test("a listing says what a run is at, and what is left of it") func listing() async throws {
        let stop = StopSwitch()
        let world = try await world(["a"], stop: stop)
        let finished = try await RunListing(try RunLocation(directory: world.scratch.file("a")))
        #expect(finished.isFinished && finished.state == "finished" && finished.exit == 0 && finished.left == 0)
        #expect(finished.read == 2 && finished.outcomes["created"] == 2 && finished.undoes == nil)
        #expect(finished.target == "https://example.test")
        _ = try world.scratch.write("name\nC\nD\nE\n", as: "list.csv")
        let second = try world.configuration(of: ["list.csv"], run: "b") { $0.concurrency = 1 }
        _ = try await world.load(second, stop: stop)
        let stopped = try await RunListing(try RunLocation(directory: world.scratch.file("b")))
        #expect(!stopped.isFinished && stopped.left == 2 && stopped.exit == Status.interrupted.rawValue)
        #expect(finished.isBefore(stopped) && !stopped.isBefore(finished))
    }

    /// The runs that are there, of `a` to `d` and whatever a test adds.
    private func left(_ world: RunWorld) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: world.scratch.path).sorted()
            .filter { !["list.csv", "state"].contains($0) }
    }

    @Test(
        "the last runs are kept, and those before them removed",
        arguments: [(1, ["d"]), (2, ["c", "d"]), (9, ["a", "b", "c", "d"])])
    func prunes(count: Int, expected: [String]) async throws {
        let world = try await world(["a", "b", "c", "d"])
        let notes = Notes()
        let removed = await RunPruning.prune(
            beside: world.scratch.file("d"), keeping: count, note: { notes.add($0) })
        #expect(try left(world) == expected && removed.count == 4 - expected.count && notes.all.isEmpty)
    }

    @Test(
        "one that could be gone on with, or isn't plainly a run's, is left alone; what else stands in one stays",
        arguments: ["stopped", "link", "other target", "own file", "locked"])
    func leftAlone(what: String) async throws {
        let stop = StopSwitch()
        let world = try await world(["a", "b", "d"], stop: what == "stopped" ? stop : nil)
        let files = FileManager.default
        var lock: LockFile?
        switch what {
        case "stopped":
            try files.removeItem(atPath: world.scratch.file("a"))
            _ = try world.scratch.write("name\nC\nD\n", as: "list.csv")
            let again = try world.configuration(of: ["list.csv"], run: "a") { $0.concurrency = 1 }
            _ = try await world.load(again, stop: stop)
            _ = try await world.load(try world.configuration(of: ["list.csv"], run: "e"))
        case "link":
            try files.moveItem(atPath: world.scratch.file("a"), toPath: world.scratch.file("state/a"))
            try files.createSymbolicLink(
                atPath: world.scratch.file("a"), withDestinationPath: world.scratch.file("state/a"))
        case "other target":
            try files.removeItem(atPath: world.scratch.file("a"))
            let other = try world.configuration(of: ["list.csv"], run: "a") { $0.target.url = "https://other.test" }
            _ = try await world.load(other)
        case "own file": _ = try world.scratch.write("mine", as: "a/notes.txt")
        default: lock = try LockFile.ofRun(world.scratch.file("a"))
        }
        let last = what == "stopped" ? "e" : "d"
        _ = await RunPruning.prune(beside: world.scratch.file(last), keeping: 1, note: { world.notes.add($0) })
        #expect(try left(world) == (what == "stopped" ? ["a", "e"] : ["a", "d"]))
        let kept = try files.contentsOfDirectory(atPath: world.scratch.file("a")).sorted()
        if what == "own file" { #expect(kept == ["notes.txt"]) } else { #expect(kept.contains("ledger.sqlite")) }
        withExtendedLifetime(lock) {}
    }
}
