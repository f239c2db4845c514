import Foundation
import TestSupport
import Testing

/// `--ping`: who expects to hear of a load each night is told of its start and of its exit status.
@Suite struct PingTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func load(_ target: String, _ ping: String, _ options: [String] = []) async throws -> Command.Result {
        let list = try scratch.write("name,rank\nPinged,1\n,2\n", as: "list.csv")
        return try await Command.groupload(
            ["import", list, "--target", target, "--run-dir", scratch.file("run"), "--quiet", "--ping", ping] + options
        ).run()
    }

    private static func paths(_ server: ScriptedServer) -> [String] {
        server.requests.map { $0.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    }

    @Test("the start and then the exit status, before the path's query, with no credentials") func tells() async throws
    {
        let (sandbox, server) = (try await SandboxProcess.start(), try ScriptedServer([.send(rawResponse(200, "OK"))]))
        defer { server.stop() }
        let ended = try await load(sandbox.url, server.target + "/a-b/?create=1")
        #expect(ended.status == 1 && ended.errorText.isEmpty, "\(ended.errorText)")
        #expect(Self.paths(server) == ["/a-b/start?create=1", "/a-b/1?create=1"])
        #expect(server.requests.allSatisfy { !$0.lowercased().contains("authorization") })
    }

    @Test("what ends before a run begins is told, too") func early() async throws {
        let server = try ScriptedServer([.send(rawResponse(200, "OK"))])
        defer { server.stop() }
        let ended = try await load("http://127.0.0.1:1", server.target, ["--credentials", scratch.file("gone")])
        #expect(ended.status == 78)
        #expect(Self.paths(server) == ["/78"])
    }

    @Test(
        "a failure is said once, changes nothing, and doesn't show the address",
        arguments: [ScriptedServer.Step.send(rawResponse(404, "no such check")), .close, .silence])
    func fails(step: ScriptedServer.Step) async throws {
        let (sandbox, server) = (try await SandboxProcess.start(), try ScriptedServer([step]))
        defer { server.stop() }
        let ended = try await load(sandbox.url, server.target + "/secret-4711")
        #expect(ended.status == 1)
        let text = ended.errorText
        #expect(text.hasPrefix("groupload: the ping to \(server.target)/… failed: "), "\(text)")
        #expect(text.components(separatedBy: "ping").count == 2 && !text.contains("4711"), "\(text)")
    }

    @Test("what is wrong is said of the address, not of a target") func wording() async throws {
        let (sandbox, server) = (try await SandboxProcess.start(), try ScriptedServer([.silence]))
        defer { server.stop() }
        let refused = try await LoopbackSocket.withRefusingPort {
            try await load(sandbox.url, "http://127.0.0.1:\($0)")
        }
        #expect(refused.errorText.contains(": the address refuses connections; is the address right"))
        let plain = try ScriptedServer(first: .sendAndClose("HTTP/1.1 400 Bad\r\n\r\n"))
        defer { plain.stop() }
        let secure = try await load(
            sandbox.url, "https://127.0.0.1:\(plain.port)", ["--run-dir", scratch.file("second")])
        #expect(secure.errorText.contains(": the address doesn't speak TLS on this port\n"))
        for text in [refused.errorText, secure.errorText] { #expect(!text.contains("target"), "\(text)") }
    }

    @Test("a second signal ends the process at once, and that is told, but waited for no longer than two seconds")
    func secondSignal() async throws {
        let target = try ScriptedServer([.silence])
        defer { target.stop() }
        for step in [ScriptedServer.Step.send(rawResponse(200, "OK")), .silence] {
            let server = try ScriptedServer([step])
            defer { server.stop() }
            let list = try scratch.write("name\nPinged\n", as: "list.csv")
            let run = scratch.file("run-\(server.port)")
            let asked = target.requests.count
            let ended = try await Command.groupload([
                "import", list, "--target", target.target, "--run-dir", run, "--quiet", "--ping", server.target,
            ]).run(secondsMax: 60) { process in
                try await Command.wait(for: process) { !server.requests.isEmpty && target.requests.count > asked }
                kill(process, SIGINT)
                kill(process, SIGTERM)
            }
            #expect([130, 143].contains(ended.status), "\(ended.errorText)")
            #expect(Self.paths(server) == ["/start", "/\(ended.status)"])
            let isSilent = ended.errorText.contains("no response within 2s")
            if case .silence = step { #expect(isSilent, "\(ended.errorText)") } else { #expect(!isSilent) }
            #expect(!FileManager.default.fileExists(atPath: run + "/summary.json"))
        }
    }

    @Test("what is no address is refused, and not shown", arguments: ["4711", "ftp://h/4711", "https://u:p@h/4711"])
    func refused(address: String) async throws {
        let ended = try await load("http://127.0.0.1:1", address)
        #expect(ended.status == 64 && ended.errorText.contains("--ping"), "\(ended.errorText)")
        #expect(!ended.errorText.contains("4711"), "\(ended.errorText)")
    }
}
