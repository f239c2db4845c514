import Foundation
import TestSupport
import Testing

/// `groupload doctor --ledger`: whether a database can hold a run.
@Suite struct DoctorDatabaseTests: DatabaseScene {
    let scratch: Scratch
    let schema: String

    init() throws {
        scratch = try Scratch()
        schema = URL(fileURLWithPath: scratch.path).lastPathComponent.lowercased()
    }

    private func findings(
        _ target: String, _ ledger: String, status: Int32 = 0, _ environment: [String: String] = [:]
    ) async throws -> DoctorTests.Found {
        let result = try await run(
            ["doctor", "--target", target, "--ledger", ledger, "--json"], status: status, environment)
        return try JSONDecoder().decode(DoctorTests.Found.self, from: result.output)
    }

    @Test(
        "a new schema isn't made, a used one is known by its version, and a lease by its run", arguments: [false, true])
    func standing(throughPgBouncer: Bool) async throws {
        let (sandbox, ledger) = (try await SandboxProcess.start(), try await address(throughPgBouncer))
        let new = try await findings(sandbox.url, ledger)
        #expect(new["ledger"]?.message.contains("an import makes tables of version") == true, "\(new.checks)")
        #expect(try await sql("SELECT count(*) FROM pg_namespace WHERE nspname = '\(schema)'") == "0")
        let list = try scratch.write("name\nGold\n", as: "list.csv")
        try await run(["import", list, "--target", sandbox.url, "--ledger", ledger])
        let used = try await findings(sandbox.url, ledger)
        #expect(used.exit == 0 && used.troubles.isEmpty, "\(used.checks)")
        #expect(used["ledger"]?.message.wholeMatch(of: /PostgreSQL [0-9.]+, as .+; tables of version \d+/) != nil)
        try await sql("INSERT INTO version (version) VALUES (99)")
        let newer = try await findings(sandbox.url, ledger, status: 3)
        #expect(newer.troubles == ["ledger": "fail", "lock": "not checked"], "\(newer.checks)")
        #expect(newer["ledger"]?.message.contains("a newer version") == true)
    }

    @Test("an import on another machine holds the lock, and is named") func locked() async throws {
        let (sandbox, ledger) = (try await SandboxProcess.start(), try await address())
        let list = try scratch.write("name\n" + (1...400).map { "Lock \($0)\n" }.joined(), as: "list.csv")
        let load = try command(
            ["import", list, "--target", sandbox.url, "--ledger", ledger, "--quiet", "--rate", "5/s"], on: "there")
        _ = try await load.run { process in
            try await sandbox.waitForStored(2)
            let held = try await findings(sandbox.url, ledger, status: 75)
            #expect(held.troubles == ["lock": "fail"], "\(held.checks)")
            #expect(held["lock"]?.message.contains(":\(process), whose lease lasts until") == true, "\(held.checks)")
            kill(process, SIGINT)
        }
        #expect(try await findings(sandbox.url, ledger).exit == 0)
    }

    @Test("a role that may not write is told what it needs") func rights() async throws {
        let (sandbox, ledger) = (try await SandboxProcess.start(), try await address())
        let role = "reader_" + schema.filter { $0.isLetter || $0.isNumber }
        try await sql("CREATE ROLE \(role) LOGIN PASSWORD 'reader-password-1'")
        let other = ledger.replacing("\(PostgreSQLServer.role)@", with: "\(role)@")
        #expect(other != ledger)
        let password = ["PGPASSWORD": "reader-password-1"]
        let mayNotMake = try await findings(sandbox.url, other, status: 3, password)
        #expect(mayNotMake["ledger"]?.message.contains("may not make tables") == true, "\(mayNotMake.checks)")
        #expect(mayNotMake["ledger"]?.remedy?.contains("CREATE") == true)
        try await run([
            "import", try scratch.write("name\nGold\n", as: "list.csv"), "--target", sandbox.url, "--ledger", ledger,
        ])
        let mayNotUse = try await findings(sandbox.url, other, status: 3, password)
        #expect(mayNotUse["ledger"]?.message.contains("may not use its schema") == true, "\(mayNotUse.checks)")
        try await sql(
            """
            GRANT USAGE ON SCHEMA "\(schema)" TO \(role);
            GRANT SELECT ON ALL TABLES IN SCHEMA "\(schema)" TO \(role)
            """
        )
        let mayNotWrite = try await findings(sandbox.url, other, status: 3, password)
        #expect(mayNotWrite["ledger"]?.message.contains("may not read and write") == true, "\(mayNotWrite.checks)")
        try await sql("DROP OWNED BY \(role); DROP ROLE \(role)")
    }

    @Test("a database that can't be reached fails the ledger; the target is still checked") func unreachable()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        try await LoopbackSocket.withRefusingPort { port in
            let found = try await findings(sandbox.url, "postgresql://nobody@127.0.0.1:\(port)/x", status: 3)
            #expect(found["ledger"]?.result == "fail" && found["list"]?.result == "ok", "\(found.checks)")
        }
    }
}
