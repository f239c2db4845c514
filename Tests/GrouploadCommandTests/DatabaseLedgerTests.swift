import Foundation
import TestSupport
import Testing

/// Runs whose ledger is in a PostgreSQL database: where the run directory is, and on a machine that has none of it.
@Suite struct DatabaseLedgerTests: DatabaseScene {
    let scratch: Scratch
    let schema: String

    init() throws {
        scratch = try Scratch()
        schema = URL(fileURLWithPath: scratch.path).lastPathComponent.lowercased()
    }

    private func listed(_ arguments: [String], on machine: String) async throws -> [[String: Any]] {
        let output = try await run(["runs", "--json"] + arguments, on: machine).output
        return try #require(try JSONSerialization.jsonObject(with: output) as? [[String: Any]])
    }

    @Test("a run and its undo, from its directory and from elsewhere", arguments: [false, true])
    func session(throughPgBouncer: Bool) async throws {
        let (sandbox, ledger) = (try await SandboxProcess.start(), try await address(throughPgBouncer))
        let list = try scratch.write("name,rank\nGold,1\nSilver,2\nGold,3\nBronze,two\n", as: "list.csv")
        let target = ["--target", sandbox.url, "--ledger", ledger]
        try await run(["import", list] + target + ["--run-dir", "night"], status: 1)
        let report = try await Report(scratch.file("here/night"))
        #expect(report.outcomes == ["created": 2, "duplicate": 1, "invalid": 1])
        let id = try #require(report.summary["run"] as? String)
        let file = scratch.file("here/night/ledger.url")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "\(ledger)\n\(id)\n")
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("here/night/ledger.sqlite")))
        try await run(["verify", "night", "--against-target"])
        try await run(["resume", "night"], status: 1)
        try await run(["verify", "night/", "--ledger", ledger])
        let other = try await run(["verify", "night", "--ledger", "postgresql://127.0.0.1:9/x"], status: 64)
        #expect(other.errorText.contains("is \(ledger), run \(id), not in"), "\(other.errorText)")
        #expect(try await run(["verify", "--last"]).errorText.contains("run \(id) in "))

        let elsewhere = ["--ledger", ledger]
        let runs = try await listed(elsewhere, on: "there")
        #expect(runs.count == 1 && runs.first?["run"] as? String == id)
        #expect(runs.first?["ledger"] as? String == ledger && runs.first?["directory"] as? String == "")
        // The list is gone, and the run's copy of it isn't here.
        try FileManager.default.moveItem(atPath: list, toPath: scratch.file("moved.csv"))
        let proof = try await run(["verify", id, "--against-target"] + elsewhere, on: "there")
        #expect(proof.errorText.contains("the report isn't here") && proof.errorText.contains("list.csv isn't here"))
        try await run(["report", "--last"] + elsewhere, on: "there")
        for name in ["results.csv", "failed.csv", "unprocessed.csv", "summary.json"] {
            let copy = try Data(contentsOf: scratch.url("there/groupload-runs/\(id)/\(name)"))
            #expect(try copy == Data(contentsOf: scratch.url("here/night/\(name)")), "\(name)")
        }
        // Now it is, but for the list and its copy.
        #expect(try await run(["verify", id], on: "there").errorText.contains("list.csv isn't here"))
        let csv = try await run(["report", id, "--format", "csv"] + elsewhere, on: "third").output
        #expect(try csv == Data(contentsOf: scratch.url("here/night/results.csv")))
        #expect(!FileManager.default.fileExists(atPath: scratch.file("third/groupload-runs")))

        try await run(["undo", id, "--yes", "--run-dir", "undone"] + elsewhere, on: "third")
        #expect(try await sandbox.stored().map { $0["isActive"] as? Bool } == [false, false])
        try await run(["verify", "undone", "--against-target"], on: "third")
        try await run(["undo", "--last", "--redo", "--yes"] + elsewhere, on: "there")
        #expect(try await sandbox.stored().map { $0["isActive"] as? Bool } == [true, true])
        #expect(try await listed(elsewhere, on: "there").map { $0["undoes"] as? String }.dropLast() == [nil, id])
        try await run(["undo", "night", "--yes"])
    }

    @Test("--trust-ledger: what another run on the target had in the same form costs no request")
    func trusted() async throws {
        let (sandbox, other) = (try await SandboxProcess.start(), try await SandboxProcess.start())
        let options = ["--ledger", try await address(), "--trust-ledger", "--snapshot", "never"]
        func load(_ records: String, _ sandbox: SandboxProcess, _ name: String) async throws -> [String: String] {
            let list = try scratch.write("name,rank\n\(records)\n", as: name + ".csv")
            try await run(["import", list, "--target", sandbox.url, "--run-dir", name] + options)
            let rows = try await Report(scratch.file("here/\(name)")).results
            try await run(["verify", name, "--against-target"])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"] ?? "", $0["_message"] ?? "") })
        }
        #expect(try await load("A,1\nB,2\nC,", sandbox, "first").values.allSatisfy(\.isEmpty))
        let first = try await Report(scratch.file("here/first")).summary["run"] as? String ?? ""
        // The same, another rank, no rank, and what isn't known.
        let known = try await load("A,1\nB,3\nC,\nD,", sandbox, "second")
        for (name, record) in [("A", 1), ("C", 3)] {
            let message = try #require(known[name])
            #expect(message.contains("record \(record) of run \(first) (created)"), "\(message)")
        }
        let report = try await Report(scratch.file("here/second"))
        #expect(report.outcomes == ["existing": 3, "created": 1] && known["B"]?.contains("rank") == true)
        #expect(try await load("A,1\nB,2", other, "elsewhere").values.allSatisfy(\.isEmpty))

        // What an undo has set inactive isn't trusted to be active.
        try await run(["undo", "first", "--yes"])
        let undone = try await load("A,1\nD,", sandbox, "third")
        #expect(undone["A"]?.contains("not active") == true && undone["D"]?.contains("(created)") == true)
        for (flags, part) in [
            (["--trust-ledger"], "goes with --ledger"),
            (options + ["--on-existing", "update"], "--on-existing other than skip"),
            (options + ["--deactivate-missing", "--snapshot", "auto"], "--deactivate-missing"),
        ] {
            let refused = try await run(["import", "x.csv", "--target", sandbox.url] + flags, status: 64)
            #expect(refused.errorText.contains(part), "\(refused.errorText)")
        }
    }

    @Test("killed, and finished by another machine that has neither the run directory nor the list")
    func killed() async throws {
        let (sandbox, ledger) = (try await SandboxProcess.start(), try await address())
        let names = (1...300).map { "Moved \($0)" }
        let list = try scratch.write("name\n" + names.map { $0 + "\n" }.joined(), as: "list.csv")
        let killed = try await command([
            "import", list, "--target", sandbox.url, "--ledger", ledger, "--quiet", "--rate", "5/s",
            "--request-timeout", "1",
        ]).run { process in
            try await sandbox.waitForStored(3)
            kill(process, SIGKILL)
        }
        #expect(killed.status == 128 + SIGKILL)
        try await expire()
        try FileManager.default.removeItem(atPath: list)
        let finished = try await run(
            ["resume", "--last", "--ledger", ledger, "--run-dir", "finished", "--rate", "auto"], on: "there")
        #expect(finished.errorText.contains("list.csv isn't here; going on with the list as it was read"))
        let report = try await Report(scratch.file("there/finished"))
        #expect(report.results.count == 300 && report.made == 300)
        #expect(try await sandbox.stored().compactMap { $0["name"] as? String }.sorted() == names.sorted())
        try await run(["verify", "finished", "--against-target"], on: "there")
        // The first machine's directory leads to the same run.
        let here = try await run(["runs"]).outputText
        #expect(here.contains("  finished  300 read"), "\(here)")
    }

    @Test("one run on a scope, wherever its processes are; a lease that nobody renews is waited for")
    func exclusive() async throws {
        let (sandbox, ledger) = (try await SandboxProcess.start(), try await address())
        let list = try scratch.write("name\n" + (1...300).map { "Held \($0)\n" }.joined(), as: "list.csv")
        let target = ["--target", sandbox.url, "--ledger", ledger]
        let slow = ["--quiet", "--rate", "5/s", "--request-timeout", "1"]
        let killed = try await command(["import", list] + slow + target).run { process in
            try await sandbox.waitForStored(3)
            for arguments in [["import", list] + target, ["resume", "--last", "--ledger", ledger]] {
                let busy = try await command(arguments, on: "there").run()
                #expect(busy.status == 75 && busy.errorText.contains(":\(process), whose lease"), "\(busy.errorText)")
            }
            kill(process, SIGKILL)
        }
        #expect(killed.status == 128 + SIGKILL)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("there/list.csv")))
        var resume = try command(["resume", "--last", "--ledger", ledger, "--rate", "auto"], on: "there")
        resume = Command("/bin/bash", ["-c", #"exec "$0" "$@" 2>said"#, resume.path] + resume.arguments)
        resume.directory = scratch.file("there")
        resume.environment = Command.sandboxCredentials
        // However slow this machine is, the lease lasts until the resume waits for it.
        try await sql("UPDATE lease SET expires_at = clock_timestamp() + interval '1 h'")
        let finished = try await resume.run { process in
            let said = scratch.file("there/said")
            try await Command.wait(for: process) {
                try FileManager.default.fileExists(atPath: said)
                    && String(contentsOfFile: said, encoding: .utf8).contains("waiting until the lease ends")
            }
            try await expire()
        }
        #expect(finished.status == 0)
        #expect(try await sandbox.stored().count == 300)
        // The lease is given back at the end: nobody waits.
        try await run(["import", list, "--quiet"] + target, on: "third")
    }

    @Test("of a database, --keep-runs removes the rows of old runs, also of runs of other machines")
    func pruned() async throws {
        let (sandbox, ledger) = (try await SandboxProcess.start(), try await address())
        let list = try scratch.write("name\nA\n", as: "list.csv")
        for machine in ["one", "two", "three"] {
            try await run(
                ["import", list, "--target", sandbox.url, "--ledger", ledger, "--keep-runs", "2", "--quiet"],
                on: machine)
        }
        #expect(try await listed(["--ledger", ledger], on: "one").count == 2)
        #expect(try await listed(["--ledger", ledger], on: "three").last?["directory"] as? String != "")
    }

    @Test("addresses that can't be used: nothing is made, and the status and the message say why")
    func unusable() async throws {
        let server = try await PostgreSQLServer.shared()
        let list = try scratch.write("name\nA\n", as: "list.csv")
        let role = "postgresql://\(PostgreSQLServer.role)"
        let local = "@/postgres?host=\(server.socketDirectory)&port=\(server.port)"
        for (address, status, message) in [
            ("\(role):geheim@127.0.0.1/x", 64, "PGPASSFILE"), ("mysql://h/d", 64, "postgresql://"),
            ("\(role)\(local)&schema=pg_x", 64, "schema"), ("\(role)@127.0.0.1:1/x", 3, "refused"),
            ("\(role)@127.0.0.1:\(server.port)/postgres", 3, "no password supplied"),
            ("\(role)@127.0.0.1:\(server.port)/postgres?sslmode=require", 3, "SSL"),
            ("\(role)@/nowhere?host=\(server.socketDirectory)&port=\(server.port)", 3, "nowhere"),
            ("postgresql://nobody\(local)", 3, "nobody"),
        ] as [(String, Int32, String)] {
            let result = try await run(
                ["import", list, "--target", "http://127.0.0.1:1", "--ledger", address], status: status)
            #expect(result.errorText.contains(message), "\(address): \(result.errorText)")
            #expect(!result.errorText.contains("geheim") && !result.errorText.contains("\\u{A}"))
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.file("here/groupload-runs")))
        // A schema that isn't there is made by an import, and by nothing else.
        let none = try await run(["runs", "--ledger", address()], status: 3)
        #expect(none.errorText.contains("its schema \(schema) holds no ledger"))
    }

    @Test("a run that isn't there, a directory of another run, and options that contradict each other")
    func misnamed() async throws {
        let (sandbox, ledger) = (try await SandboxProcess.start(), try await address())
        let list = try scratch.write("name\nA\n", as: "list.csv")
        try await run(["import", list, "--target", sandbox.url, "--run-dir", "file", "--quiet"])
        try await run(["import", list, "--target", sandbox.url, "--ledger", ledger, "--run-dir", "night", "--quiet"])
        for verb in ["resume", "report", "verify", "undo"] {
            try await run([verb, "20260101-000000-abcd", "--ledger", ledger], status: 66)
        }
        try await run(["report", "--last", "--ledger", ledger, "--run-dir", "file"], status: 73)
        try await run(["report", "--last", "--ledger", ledger, "--run-dir", "night"])
        try await run(["report", "night", "--run-dir", "other"], status: 64)
        try await run(["runs", "--directory", ".", "--ledger", ledger], status: 64)
        // The same directory with another ledger is another run's.
        let other = try await run(["import", list, "--target", sandbox.url, "--run-dir", "night"], status: 73)
        #expect(other.errorText.contains("--ledger"), "\(other.errorText)")
    }

    @Test("a role that may use its schema alone; PGPASSFILE, PGSERVICE and PGHOST are libpq's") func libpq()
        async throws
    {
        let (server, sandbox) = (try await PostgreSQLServer.shared(), try await SandboxProcess.start())
        let list = try scratch.write("name\nA\n", as: "list.csv")
        let role = "role_\(schema)"
        let sql = """
            CREATE ROLE "\(role)" LOGIN PASSWORD 'p'; CREATE SCHEMA "\(schema)" AUTHORIZATION "\(role)";
            REVOKE CREATE ON SCHEMA public FROM PUBLIC
            """
        let made = try await Command(
            "/usr/bin/psql",
            [
                "-h", server.socketDirectory, "-p", "\(server.port)", "-U", PostgreSQLServer.role, "-q", "-c", sql,
                "postgres",
            ]
        ).run()
        #expect(made.status == 0, "\(made.errorText)")
        let passwords = try scratch.write("127.0.0.1:\(server.port):postgres:\(role):p\n", as: "passwords")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: passwords)
        let services = try scratch.write(
            "[load]\nhost=127.0.0.1\nport=\(server.port)\nuser=\(role)\ndbname=postgres\n", as: "services")
        for (ledger, environment) in [
            ("postgresql://\(role)@127.0.0.1:\(server.port)/postgres?schema=\(schema)", ["PGPASSFILE": passwords]),
            (
                "postgresql://?schema=\(schema)",
                ["PGPASSFILE": passwords, "PGSERVICE": "load", "PGSERVICEFILE": services]
            ),
            (
                "postgresql:///postgres?schema=\(schema)&sslmode=prefer",
                ["PGPASSWORD": "p", "PGHOST": "127.0.0.1", "PGPORT": "\(server.port)", "PGUSER": role]
            ),
        ] {
            let target = ["--target", sandbox.url]
            try await run(["import", list, "--ledger", ledger, "--quiet"] + target, environment)
            try await run(["verify", "--last", "--ledger", ledger], environment)
        }
        let other = "postgresql://\(role)@127.0.0.1:\(server.port)/postgres?schema=other_\(schema)"
        let refused = try await run(
            ["import", list, "--target", sandbox.url, "--ledger", other], status: 3, ["PGPASSFILE": passwords])
        #expect(refused.errorText.contains("permission denied"), "\(refused.errorText)")
        #expect(refused.errorText.contains("make the schema, and grant the role"), "\(refused.errorText)")
    }
}
