import Foundation
import TestSupport
import Testing

/// Runs that others could have planted or changed, and credentials that others can read.
@Suite struct OwnRunTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func loaded(_ sandbox: SandboxProcess, _ name: String) async throws -> String {
        let list = try scratch.write("name\n\(name)\n", as: "\(name).csv")
        let run = scratch.file("groupload-runs/\(name)")
        let result = try await Command.groupload(["import", list, "--target", sandbox.url, "--run-dir", run, "--quiet"])
            .run()
        #expect(result.status == 0, "\(result.errorText)")
        return run
    }

    private func chmod(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test("a run that others may write to is refused with the remedy, and --last passes it over") func writable()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let sound = try await loaded(sandbox, "20260101-000000-0001")
        let planted = try await loaded(sandbox, "20260101-000000-0002")
        let requests = try await sandbox.requests(matching: "/group")
        for (path, mode, usual) in [
            (planted, 0o770, 0o700), (planted, 0o707, 0o700), (planted + "/ledger.sqlite", 0o606, 0o600),
        ] {
            try chmod(mode, path)
            for arguments in [
                ["resume", planted], ["undo", planted, "--yes"], ["report", planted], ["verify", planted],
                ["import", scratch.file("20260101-000000-0002.csv"), "--target", sandbox.url, "--run-dir", planted],
            ] {
                let result = try await scratch.groupload(arguments).run()
                #expect(
                    result.status == 78 && result.errorText.contains("chmod go-w \(path)"),
                    "\(arguments): \(result.errorText)")
            }
            try chmod(usual, path)
        }
        #expect(try await sandbox.requests(matching: "/group") == requests)
        try chmod(0o770, planted)
        var command = scratch.groupload(["report", "--last", "--format", "json"])
        command.environment["XDG_STATE_HOME"] = scratch.file("state")
        let last = try await command.run()
        #expect(last.errorText.contains("in groupload-runs/20260101-000000-0001, finished, \(sandbox.url)"))
        #expect(last.status == 0 && last.errorText.contains("passed over"), "\(last.errorText)")
        #expect(try last.output == Data(contentsOf: URL(fileURLWithPath: sound + "/summary.json")))
    }

    @Test("another user's run, and another user's link to one, are refused", .enabled(if: getuid() == 0))
    func owned() async throws {
        let run = try await loaded(try await SandboxProcess.start(), "20260101-000000-0001")
        let link = scratch.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: run)
        #expect(try await Command.groupload(["report", link, "--format", "json"]).run().status == 0)
        #expect(lchown(link, 12345, 12345) == 0)
        #expect(try await Command.groupload(["report", link, "--format", "json"]).run().status == 78)
        #expect(chown(run, 12345, 12345) == 0)
        let result = try await Command.groupload(["resume", run]).run()
        #expect(result.status == 78 && result.errorText.contains("chown"), "\(result.errorText)")
    }

    @Test("--keep-runs doesn't go through links") func pruned() async throws {
        let sandbox = try await SandboxProcess.start()
        for name in ["1", "2"] { _ = try await loaded(sandbox, name) }
        let elsewhere = try await loaded(sandbox, "elsewhere")
        let moved = scratch.file("moved")
        try FileManager.default.moveItem(atPath: elsewhere, toPath: moved)
        try FileManager.default.createSymbolicLink(atPath: elsewhere, withDestinationPath: moved)
        let kept = try scratch.write("kept", as: "kept")
        try FileManager.default.removeItem(atPath: scratch.file("groupload-runs/1/results.csv"))
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("groupload-runs/1/results.csv"), withDestinationPath: kept)
        let list = try scratch.write("name\nLast\n", as: "last.csv")
        let result = try await scratch.groupload(["import", list, "--target", sandbox.url, "--keep-runs", "1"]).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(FileManager.default.fileExists(atPath: moved + "/ledger.sqlite"))
        #expect(FileManager.default.fileExists(atPath: scratch.file("groupload-runs/1/ledger.sqlite")))
        #expect(!FileManager.default.fileExists(atPath: scratch.file("groupload-runs/2")))
        #expect(result.errorText.contains("left alone"))
    }

    private func imported(_ sandbox: SandboxProcess, _ text: String, mode: Int = 0o600) async throws -> Command.Result {
        let file = try scratch.write(text, as: "credentials")
        try chmod(mode, file)
        let list = try scratch.write("name\nA\n", as: "list.csv")
        return try await Command.groupload(
            [
                "import", list, "--target", sandbox.url, "--credentials", file, "--quiet", "--run-dir",
                scratch.file(UUID().uuidString),
            ],
            environment: [:]
        ).run()
    }

    @Test("a credentials file is read as a shell reads it") func shell() async throws {
        let sandbox = try await SandboxProcess.start()
        for text in [
            "GROUPLOAD_TILL=sandbox.till\nGROUPLOAD_PASSWORD=sandbox\n",
            "\u{FEFF}GROUPLOAD_TILL=sandbox.till\r\nGROUPLOAD_PASSWORD=sandbox\r\n",
            "# ours\n\n  export GROUPLOAD_TILL='sandbox.till' # the till\nexport\tGROUPLOAD_PASSWORD=\"sandbox\"",
            "GROUPLOAD_TILL=sand\"box\".'till'\nGROUPLOAD_PASSWORD=s\\andbox\nOTHER='x y'\n",
            "GROUPLOAD_TILL=x\nGROUPLOAD_TILL=sandbox.till\nGROUPLOAD_PASSWORD=sandbox\n",
            "# ours\r\n\r\nexport GROUPLOAD_TILL='sandbox.till' # x\r\nexport GROUPLOAD_PASSWORD=\"sandbox\"  \r\n",
            "export GROUPLOAD_TILL=sandbox.till GROUPLOAD_PASSWORD=sandbox\n",
            "set -a\nGROUPLOAD_TILL=sandbox.till; GROUPLOAD_PASSWORD=sandbox;\nset +a\n",
            "GROUPLOAD_TILL=sandbox.till; export GROUPLOAD_TILL\nGROUPLOAD_PASSWORD='sand'\"box\" ; "
                + "export GROUPLOAD_PASSWORD",
            "GROUPLOAD_TILL=sandbox.till\nGROUPLOAD_PASSWORD=sandbox\nexport GROUPLOAD_TILL GROUPLOAD_PASSWORD # x\n",
            // As bash writes them.
            "declare -x GROUPLOAD_TILL=\"sandbox.till\"\ndeclare -x GROUPLOAD_PASSWORD=\"sandbox\"\ndeclare -x OTHER\n",
        ] {
            let result = try await imported(sandbox, text)
            #expect(result.status == 0, "\(text): \(result.errorText)")
            let plain = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{FEFF}" && $0 != "\r" }))
            let said = try await Command("/bin/bash", ["-c", plain + "\necho $GROUPLOAD_TILL $GROUPLOAD_PASSWORD"])
                .run()
            #expect(said.outputText == "sandbox.till sandbox\n", "\(text): a shell reads it otherwise")
        }
    }

    @Test("a credentials file in UTF-16, as PowerShell writes it, is refused with what to do") func wide() async throws
    {
        let text = "\u{FEFF}GROUPLOAD_TILL=sandbox.till\r\n"
        let path = scratch.file("wide")
        let bytes = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(
            FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600]))
        let result = try await Command.groupload(
            ["export", "--target", "http://127.0.0.1:9", "--credentials", path], environment: [:]
        ).run()
        #expect(
            result.status == 78 && result.errorText.contains("it is UTF-16; save it as UTF-8"), "\(result.errorText)")
    }

    @Test(
        "what a shell would expand or not take, and names that aren't known, are refused without a value",
        arguments: [
            ("GROUPLOAD_PASSWORD=s3cr3t$x", "line 1: a shell would expand"),
            ("\nGROUPLOAD_PASSWORD=\"s3cr3t`x\"", "line 2: a shell would expand"),
            ("GROUPLOAD_PASSWORD=s3cr3t;x", "single quotes"), ("GROUPLOAD_PASSWORD=s3cr3t; x", "single quotes"),
            ("GROUPLOAD_PASSWORD=s3cr3t && x", "more than one word"),
            ("export GROUPLOAD_PASSWORD s3cr3t-x", "NAME=value"), ("GROUPLOAD_PASSWORD=s3cr3t x", "more than one word"),
            ("GROUPLOAD_PASSWORD='s3cr3t", "isn't closed"), ("GROUPLOAD_PASSWORD = s3cr3t", "NAME=value"),
            ("GROUPLOAD_PASWORD=s3cr3t", "is it GROUPLOAD_PASSWORD?"), ("s3cr3t", "NAME=value"),
        ])
    func refused(text: String, finding: String) async throws {
        let result = try await imported(try await SandboxProcess.start(), text)
        #expect(result.status == 78 && result.errorText.contains(finding), "\(result.errorText)")
        #expect(!result.errorText.contains("s3cr3t"))
    }

    @Test(
        "a credentials file that others can read or write is refused with the chmod to use",
        arguments: [0o644, 0o640, 0o620, 0o602])
    func readable(mode: Int) async throws {
        let text = "GROUPLOAD_TILL=sandbox.till\nGROUPLOAD_PASSWORD=sandbox\n"
        let sandbox = try await SandboxProcess.start()
        let result = try await imported(sandbox, text, mode: mode)
        #expect(
            result.status == 78 && result.errorText.contains("chmod 600 \(scratch.file("credentials"))"),
            "\(result.errorText)")
        // A pipe isn't anybody's to read.
        let list = try scratch.write("name\nA\n", as: "list.csv")
        var command = Command(
            "/bin/bash",
            [
                "-c",
                """
                exec \(Command.groupload([]).path) import \(list) --target \(sandbox.url) --run-dir \
                \(scratch.file("piped")) --credentials <(cat \(scratch.file("credentials")))
                """,
            ])
        command.environment = [:]
        let piped = try await command.run()
        #expect(piped.status == 0, "\(piped.errorText)")
    }
}
