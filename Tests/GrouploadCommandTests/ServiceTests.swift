import Foundation
import TestSupport
import Testing

/// Under a service manager: it is told that a process is ready, alive, what it does, and that it ends (sd_notify).
@Suite struct ServiceTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func importer(_ target: String, _ environment: [String: String]) throws -> Command {
        let list = try scratch.write("name\n" + (1...300).map { "Served \($0)\n" }.joined(), as: "list.csv")
        var command = Command.groupload([
            "import", list, "--target", target, "--run-dir", scratch.file("run"), "--quiet", "--rate", "20/s",
        ])
        command.environment.merge(environment) { $1 }
        return command
    }

    @Test("a run is ready, alive, says what it does, and that it stops", arguments: [false, true])
    func run(isAbstract: Bool) async throws {
        let sandbox = try await SandboxProcess.start()
        let socket = try NotifySocket(isAbstract ? "@\(scratch.path)" : scratch.file("notify"))
        async let received = socket.messages()
        let status = scratch.file("run/status.json")
        let ended = try await importer(
            sandbox.url, ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "1000000"]
        ).run { process in
            try await Command.wait(for: process) { FileManager.default.fileExists(atPath: status) }
            kill(process, SIGTERM)
        }
        #expect(ended.status == 143 && !ended.errorText.contains("watch"), "\(ended.errorText)")
        socket.end()
        let messages = try await received
        #expect(messages.first == "READY=1")
        #expect(messages.contains("WATCHDOG=1"))
        let said = messages.contains { $0.contains(/^STATUS=sending: 300 records read: [0-9]+ done, 0 failed/) }
        #expect(said, "\(messages)")
        #expect(messages.contains("STOPPING=1"))
        #expect(messages.last == "STATUS=ended with exit status 143", "\(messages)")
    }

    @Test("the sandbox is ready once it serves; a watchdog for another process is left alone") func sandbox()
        async throws
    {
        let socket = try NotifySocket(scratch.file("notify"))
        async let received = socket.messages()
        var command = Command.groupload(["sandbox", "--port", "0"])
        command.environment.merge(
            ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "20000", "WATCHDOG_PID": "1"]
        ) { $1 }
        let output = scratch.file("out")
        let ended = try await command.redirected(output: output).run { process in
            try await Command.wait(for: process) {
                FileManager.default.contents(atPath: output)?.isEmpty == false
            }
            kill(process, SIGTERM)
        }
        #expect(ended.status == 0 || ended.status == 143, "\(ended.errorText)")
        socket.end()
        let messages = try await received
        #expect(messages.first == "READY=1" && messages.contains("STOPPING=1"), "\(messages)")
        #expect(messages.contains { $0.hasPrefix("STATUS=serving http://127.0.0.1:") }, "\(messages)")
        #expect(!messages.contains("WATCHDOG=1"))
    }

    @Test("a socket that isn't there changes nothing", arguments: ["/nowhere/notify", "relative", "@nobody"])
    func nobody(name: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\nAlone\n", as: "one.csv")
        var command = Command.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--quiet",
        ])
        command.environment.merge(["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "nonsense"]) { $1 }
        let ended = try await command.run()
        #expect(ended.status == 0 && ended.errorText.isEmpty, "\(ended.errorText)")
    }
}
