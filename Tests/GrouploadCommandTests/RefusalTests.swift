import Foundation
import TestSupport
import Testing

@Suite struct RefusalTests {
    @Test(
        "wrong credentials: 3, nothing created, no secret anywhere",
        arguments: [
            ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD": "s3cr3t-wrong"],
            ["GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "s3cr3t-wrong"],
        ])
    func wrongCredentials(environment: [String: String]) async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let run = scratch.file("run")
        let result = try await Command.groupload(
            ["import", Samples.path("clean.csv"), "--target", sandbox.url, "--run-dir", run], environment: environment
        ).run()
        #expect(result.status == 3, "\(result.errorText)")
        #expect(result.errorText.contains("GROUPLOAD_"))
        #expect(try await sandbox.stored().isEmpty)
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.outcomes == ["unprocessed": 22])
        // printf s3cr3t-wrong | md5sum
        for secret in ["s3cr3t-wrong", "d33aacf3679ad416fe88fde889c06a18"] {
            #expect(!result.errorText.contains(secret) && !result.outputText.contains(secret))
            let found = try await Command("/usr/bin/env", ["grep", "-rc", secret, run]).run()
            #expect(found.status == 1, "\(found.outputText)")
        }
    }

    @Test(
        "right credentials of each kind work",
        arguments: [
            ["GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "sandbox"],
            ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD_MD5": SandboxAccess.passwordMD5],
        ])
    func rightCredentials(environment: [String: String]) async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let result = try await Command.groupload(
            ["import", Samples.path("clean.xml"), "--target", sandbox.url, "--run-dir", scratch.file("run")],
            environment: environment
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try await sandbox.stored().count == 22)
    }

    @Test("a target that can't be reached: 3") func unreachable() async throws {
        let scratch = try Scratch()
        let result = try await LoopbackSocket.withRefusingPort { port in
            try await Command.groupload(
                [
                    "import", Samples.path("clean.csv"), "--target", "http://127.0.0.1:\(port)", "--run-dir",
                    scratch.file("run"),
                ]
            ).run()
        }
        #expect(result.status == 3, "\(result.errorText)")
        #expect(result.errorText.contains("--target"))
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.outcomes == ["unprocessed": 22])
    }

    @Test(
        "what is wrong before anything is read",
        arguments: [
            (["import", "x.csv", "--no-such-flag"], Int32(64), "--no-such-flag"),
            (["import"], 64, "file"),
            (["import", "x.csv"], 64, "--target"),
            (["import", "x.csv", "--target", "http://127.0.0.1:1", "--concurrency", "0"], 64, "--concurrency"),
            (["import", "no-such.csv", "--target", "http://127.0.0.1:1"], 66, "no-such.csv"),
            (["import", "no-*.csv", "--target", "http://127.0.0.1:1"], 66, "no-*.csv"),
            (["import", "/", "--target", "http://127.0.0.1:1"], 66, "directory"),
            (["import", "x.csv", "--target", "http://example.com"], 78, "--allow-insecure"),
            (["validate", "no-such.csv"], 66, "no-such.csv"),
            (["validate", "x.csv", "--format", "xls"], 64, "format"),
        ])
    func refuses(arguments: [String], status: Int32, part: String) async throws {
        let result = try await Command.groupload(arguments).run()
        #expect(result.status == status, "\(result.errorText)")
        #expect(result.errorText.contains(part), "\(result.errorText)")
        #expect(result.output.isEmpty)
    }

    @Test("no credentials: 78") func noCredentials() async throws {
        let result = try await Command.groupload(
            ["import", Samples.path("clean.csv"), "--target", "http://127.0.0.1:1"], environment: [:]
        ).run()
        #expect(result.status == 78)
        #expect(result.errorText.contains("GROUPLOAD_TILL"))
    }

}
