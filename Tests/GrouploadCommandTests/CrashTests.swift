import Foundation
import TestSupport
import Testing

@Suite struct CrashTests {
    @Test("what the report, the ledger and the sandbox say agrees after kills and resumes", arguments: [1, 8])
    func holds(seed: Int) async throws {
        let scratch = try Scratch()
        let script = URL(fileURLWithPath: Samples.directory).deletingLastPathComponent()
            .appendingPathComponent("Scripts/checks/crash-test").path
        let result = try await Command(
            "/usr/bin/env",
            [
                "python3", "-B", script, "--binary", Command.groupload([]).path, "--seed", String(seed), "--records",
                "300", "--work", scratch.file("work"),
            ]
        ).run()
        #expect(result.status == 0, "\(result.outputText)\(result.errorText)")
        #expect(result.outputText.contains("1 of 1 seeds hold"))
    }
}
