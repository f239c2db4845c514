import Foundation
import TestSupport
import Testing

/// What a profile gives a command that talks to the target, and where it doesn't go.
@Suite struct ProfileTests {
    private let scratch: Scratch
    private let sandbox: SandboxProcess

    init() async throws {
        scratch = try Scratch()
        sandbox = try await SandboxProcess.start()
        _ = try scratch.write("Title,Order\nGold,1\nSilver,NULL\nBronze,two\n", as: "list.csv")
        for (name, secret) in [("good", "sandbox"), ("bad", "wrong")] {
            let path = try scratch.write("GROUPLOAD_KEY=sandbox\nGROUPLOAD_SECRET=\(secret)\n", as: name)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
        try write(
            """
            map = { name = "Title", rank = "Order" }
            null = ["NULL"]
            credentials = "bad"
            [profile.good]
            target = "\(sandbox.url)"
            credentials = "good"
            concurrency = 2
            headers = { X-Trace = "1" }
            [profile.command]
            cluster = "eu"
            credentials-command = ["cat", "good"]
            [profile.none]
            rate = "600/s"
            """)
    }

    private func write(_ text: String) throws { _ = try scratch.write(text, as: "groupload.toml") }

    private func run(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Command.Result {
        var command = scratch.groupload(arguments)
        command.environment = environment.merging(["XDG_STATE_HOME": scratch.file("state")]) { first, _ in first }
        return try await command.run()
    }

    @Test("import, resume, verify and undo need nothing but the profile") func wholeJob() async throws {
        let loaded = try await run(["import", "list.csv", "--profile", "good", "--run-dir", "run", "--json"])
        #expect(loaded.status == 1, "\(loaded.errorText)")
        #expect(loaded.errorText.contains("settings: target, credentials, concurrency, headers from profile good in"))
        let summary = try #require(try JSONSerialization.jsonObject(with: loaded.output) as? [String: Any])
        #expect((summary["outcomes"] as? [String: Int])?["created"] == 2)
        #expect(try await sandbox.stored().compactMap { $0["rank"] as? Int } == [1])

        // The correction names the profile; the run's own file isn't read by the profile's map.
        let line = try #require(loaded.errorText.split(separator: "\n").first { $0.hasPrefix("  groupload import") })
        #expect(line.contains(" --profile good") && !line.contains("--credentials") && !line.contains("--header"))
        var corrected = scratch.groupload([])
        (corrected.path, corrected.arguments) = (
            "/bin/sh",
            [
                "-c",
                "sed -i 's/,two/,3/' run/failed.csv && exec "
                    + line.replacing("groupload import", with: "\"$0\" import", maxReplacements: 1), corrected.path,
            ]
        )
        corrected.environment = ["XDG_STATE_HOME": scratch.file("state")]
        let correction = try await corrected.run()
        #expect(correction.status == 0, "\(correction.errorText)")
        #expect(try await sandbox.stored().count == 3)

        for (arguments, status) in [
            (["resume", "run"], 1), (["verify", "run", "--against-target"], 0), (["undo", "run", "--yes"], 0),
        ] as [([String], Int32)] {
            let result = try await run(arguments + ["--profile", "good"])
            #expect(result.status == status, "\(arguments): \(result.errorText)")
        }
        #expect(try await sandbox.stored().filter { $0["isActive"] as? Bool == false }.count == 2)
        // Without it a header is missing; with it the flag's counts.
        let without = try await run(["verify", "run"])
        #expect(without.status == 64 && without.errorText.contains("x-trace"))
    }

    @Test("a plan goes on as it was made, whatever files say of its lists and target") func plan() async throws {
        let planned = try await run(["plan", "list.csv", "--profile", "good", "-o", "plan.json"])
        #expect(planned.status == 1, "\(planned.errorText)")
        try write(
            """
            target = "https://elsewhere.invalid"
            map = { name = "Nothing" }
            concurrency = 3
            [profile.good]
            credentials = "good"
            headers = { x-trace = "1" }
            """)
        for arguments in [["plan", "--again", "plan.json"], ["import", "--plan", "plan.json"]] {
            let result = try await run(arguments + ["--profile", "good"])
            #expect(result.status == 1, "\(arguments): \(result.errorText)")
        }
        #expect(try await sandbox.stored().count == 2)
    }

    @Test("credentials: the flag, the profile, the environment, the file; which counts is said") func credentials()
        async throws
    {
        let good = ["GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "sandbox"]
        let bad = ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD": "wrong"]
        for (flags, environment, status, said) in [
            (["--profile", "good"], bad, 0, "credentials: profile good, groupload.toml:6; not GROUPLOAD_TILL in the"),
            (["--profile", "good"], [:], 0, "credentials: profile good, groupload.toml:6; not groupload.toml:3"),
            (
                ["--profile", "good", "--credentials", "bad"], good, 3,
                "credentials: --credentials; not profile good, groupload.toml:6, GROUPLOAD_KEY in the environment"
            ),
            (
                ["--target", sandbox.url], good, 0,
                "credentials: GROUPLOAD_KEY in the environment; not groupload.toml:3"
            ),
            (["--target", sandbox.url], [:], 3, "settings: credentials from groupload.toml\n"),
            (["--target", sandbox.url, "--profile", "none", "--credentials", "good"], [:], 0, "credentials: --cred"),
        ] as [([String], [String: String], Int32, String)] {
            let result = try await run(["export"] + flags, environment)
            #expect(result.status == status && result.errorText.contains(said), "\(flags): \(result.errorText)")
            let quiet = try await run(["export", "--quiet"] + flags, environment)
            #expect(!quiet.errorText.contains("settings:") && !quiet.errorText.contains("credentials:"))
        }
    }

    @Test("what a profile gives for one target goes to no other") func fit() async throws {
        for arguments in [
            ["export", "--target", sandbox.url, "--profile", "command"],
            ["import", "list.csv", "--target", sandbox.url, "--profile", "command"],
        ] {
            let result = try await run(arguments)
            #expect(
                result.status == 78 && result.errorText.contains("may only go to https://eu.api."),
                "\(result.errorText)")
        }
        let requests = try await sandbox.requests(matching: "/")
        #expect(requests == 0)
        #expect(try await run(["import", "list.csv", "--profile", "good", "--run-dir", "run"]).status == 1)
        let sent = try await sandbox.requests(matching: "/")
        for command in ["resume", "undo", "verify"] {
            let flags = ["run", "--header", "X-Trace: 1", "--profile", "command"]
            let more = ["undo": ["--yes"], "verify": ["--against-target"]][command] ?? []
            let result = try await run([command] + flags + more)
            #expect(result.status == 78 && result.errorText.contains("nothing was sent"), "\(result.errorText)")
        }
        #expect(try await sandbox.requests(matching: "/") == sent)
    }

    @Test("a command's output is read as a credentials file, and what fails in it is said without its words")
    func commands() async throws {
        for (words, status, said) in [
            ("\"cat\", \"good\"", 0, "0 groups written"),
            // What it leaves running is not waited for.
            ("\"sh\", \"-c\", \"cat good; exec >/dev/null 2>&1; sleep 100 & exit 0\"", 0, "0 groups written"),
            ("\"sh\", \"-c\", \"cat; cat good\"", 0, "0 groups written"),
            ("\"sh\", \"-c\", \"echo hunter2; exit 3\"", 78, "sh ended with status 3"),
            ("\"sh\", \"-c\", \"kill -9 $$\"", 78, "sh was ended by signal 9"),
            ("\"no-such-program\"", 78, "no-such-program can't be run: No such file"),
            ("\"echo\", \"hunter2\"", 78, "line 1"), ("\"true\"", 78, "no credentials in what"),
            ("\"printf\", \"\\\\377\"", 78, "isn't UTF-8"), ("\"yes\", \"# hunter2\"", 78, "printed too much"),
        ] as [(String, Int32, String)] {
            try write("target = \"\(sandbox.url)\"\ncredentials-command = [\(words)]\n")
            let result = try await run(["export"])
            #expect(result.status == status && result.errorText.contains(said), "\(words): \(result.errorText)")
            #expect(!result.errorText.contains("hunter2"))
        }
    }

    @Test("a worker takes the ledger from a profile, and an import its file of metrics") func others() async throws {
        try write(
            """
            [profile.w]
            ledger = "postgresql://127.0.0.1:1/none"
            credentials = "good"
            [profile.m]
            target = "\(sandbox.url)/gate"
            api-prefix = "/gate"
            credentials = "good"
            metrics-file = "night.prom"
            """)
        let worker = try await run(["work", "--profile", "w"])
        #expect(worker.status == 3 && worker.errorText.contains("127.0.0.1:1"), "\(worker.errorText)")
        // The target's path is its prefix, so that the sandbox has no such API; nothing refuses the credentials.
        let loaded = try await run(["import", "list.csv", "--map", "name=Title", "--profile", "m", "--run-dir", "run"])
        #expect(loaded.status != 78 && !loaded.errorText.contains("may only go to"), "\(loaded.errorText)")
        #expect(FileManager.default.fileExists(atPath: scratch.file("night.prom")))
    }

    @Test("validate, convert and doctor go by the profile too") func withoutRun() async throws {
        try write(
            """
            [profile.lists]
            map = { name = "Title", rank = "Order" }
            null = ["NULL"]
            [profile.eu]
            target = "\(sandbox.url)"
            credentials = "good"
            run-dir = "night"
            """)
        let validated = try await run(["validate", "list.csv", "--profile", "lists", "--json"])
        let summary = try #require(try JSONSerialization.jsonObject(with: validated.output) as? [String: Any])
        let outcomes = try #require(summary["outcomes"] as? [String: Int])
        #expect(outcomes["invalid"] == 1, "\(validated.errorText)")
        let converted = try await run(["convert", "list.csv", "out.ndjson", "--profile", "lists"])
        #expect(converted.errorText.contains("settings: map from profile lists"), "\(converted.errorText)")
        let text = try String(contentsOfFile: scratch.file("out.ndjson"), encoding: .utf8)
        #expect(text.hasPrefix(#"{"name":"Gold","rank":1}"#), "\(text)")
        let doctor = try await run(["doctor", "--profile", "eu"])
        #expect(doctor.status == 0, "\(doctor.outputText)\(doctor.errorText)")
        for words in ["ok    target       \(sandbox.url)/", "the key sandbox and a secret, from good", "night can be"] {
            #expect(doctor.outputText.contains(words), "\(doctor.outputText)")
        }
    }

    @Test("how lists are read doesn't hold for a run's own list, in its directory too") func ownList() async throws {
        try FileManager.default.createDirectory(
            atPath: scratch.file("user/groupload"), withIntermediateDirectories: true)
        _ = try scratch.write("map = { name = \"Title\", rank = \"Order\" }\n", as: "user/groupload/groupload.toml")
        let user = ["XDG_CONFIG_HOME": scratch.file("user")]
        #expect(try await run(["import", "list.csv", "--profile", "good", "--run-dir", "run"], user).status == 1)
        for (directory, list) in [("run", "failed.csv"), (".", "run/failed.csv")] {
            var command = scratch.groupload(["validate", list])
            command.directory = scratch.file(directory)
            command.environment = user
            let result = try await command.run()
            #expect(result.status == 1, "\(list): \(result.errorText)")
        }
        #expect(try await run(["validate", "list.csv"], user).status == 1)
    }

    @Test("a path begins at its file's directory") func paths() async throws {
        for name in ["user/groupload", "work"] {
            try FileManager.default.createDirectory(
                atPath: scratch.file(name), withIntermediateDirectories: true)
        }
        try FileManager.default.moveItem(atPath: scratch.file("good"), toPath: scratch.file("user/groupload/good"))
        _ = try scratch.write("[profile.u]\ncredentials = \"good\"\n", as: "user/groupload/groupload.toml")
        var command = scratch.groupload(["export", "--target", sandbox.url, "--profile", "u"])
        command.directory = scratch.file("work")
        command.environment = ["XDG_CONFIG_HOME": scratch.file("user")]
        let result = try await command.run()
        #expect(result.status == 0, "\(result.errorText)")
    }
}
