import Foundation
import RewardsSandbox
import TestSupport
import Testing

/// The server as others start it, with clients that share no code with it.
@Suite("Serving")
struct SandboxServingTests {
    /// Serves for as long as the body runs, then cancels and waits for the end.
    private func serving(
        _ configuration: SandboxConfiguration, _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let sandbox = try Sandbox(configuration: configuration, logger: quietLogger)
        let (ports, continuation) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingOldest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await sandbox.run { continuation.yield($0) }
            }
            for await port in ports {
                try await body(port)
                break
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Creates 25 groups on five connections, and gives how many were accepted.
    private static func create(from first: Int, on port: Int) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for part in 0..<5 {
                group.addTask {
                    try await blocking {
                        let connection = try LoopbackConnection(to: port)
                        return try (0..<5).count { place in
                            let number = first + 5 * part + place
                            let rank = number % 3 == 0 ? String(-number) : "null"
                            let name = #""Gruppe \"\#(number)\" é \ud83c\udf81""#
                            let response = try connection.call(
                                "POST \(groupPath)/create", "{\"name\":\(name),\"rank\":\(rank)}")
                            let group = try JSONSerialization.jsonObject(with: response.body) as? [String: Any]
                            return group?["name"] as? String == "Gruppe \"\(number)\" é 🎁"
                        }
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    @Test("A client creates, sqlite3 and /sandbox/stored show the same rows, and the file outlives the server")
    func fileOutlivesServer() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appendingPathComponent("groups.sqlite").path
            let configuration = SandboxConfiguration(database: path)
            // The second round overlaps the first by 5 names.
            for (first, accepted, total) in [(0, 25, 25), (20, 20, 45)] {
                try await serving(configuration) { port in
                    let base = "http://127.0.0.1:\(port)"
                    #expect(try await Self.create(from: first, on: port) == accepted)
                    let stored = try await run("curl", ["-sf", base + "/sandbox/stored"])
                    #expect(stored.output.split(separator: "\n").count == total)
                    let query = """
                        SELECT json_object('id', id, 'name', name, 'rank', rank, 'isActive',
                        json(iif(isActive, 'true', 'false')), 'createdOn', createdOn,
                        'sent', coalesce(sent, name), 'by', createdBy)
                        FROM groups ORDER BY id
                        """
                    #expect(try await run("sqlite3", [path, query]).output == stored.output)
                }
            }
            if FileManager.default.fileExists(atPath: path + "-wal") {
                #expect(try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).isEmpty)
            }
        }
    }

    @Test("A database made under the other case rule, or by another program, is refused")
    func otherDatabase() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appendingPathComponent("groups.sqlite").path
            try await serving(SandboxConfiguration(database: path)) { _ in }
            let other = directory.appendingPathComponent("other.sqlite").path
            #expect(try await run("sqlite3", [other, "CREATE TABLE people (x)"]).status == 0)
            let text = directory.appendingPathComponent("text.txt").path
            try Data(repeating: 65, count: 4096).write(to: URL(fileURLWithPath: text))
            for (path, words) in [
                (path, "case-sensitive"), (other, "people"), (text, text), (directory.path, directory.path),
            ] {
                let error = #expect(throws: SandboxError.self) {
                    try Sandbox(
                        configuration: SandboxConfiguration(database: path, nameCase: .caseInsensitive),
                        logger: quietLogger)
                }
                #expect(error?.code == .database)
                #expect(error?.message.contains(words) == true)
            }
        }
    }

    @Test("A database of the version before is opened, and its groups are there")
    func earlierDatabase() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appendingPathComponent("groups.sqlite").path
            let made = """
                CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE BINARY,
                nameKey TEXT UNIQUE, rank INTEGER, isActive INTEGER NOT NULL, createdBy INTEGER NOT NULL,
                createdOn INTEGER NOT NULL, lastUpdatedBy INTEGER NOT NULL, lastUpdatedOn INTEGER NOT NULL);
                INSERT INTO groups VALUES (7, 'Gold', NULL, 1, 1, 100001, 5, 100001, 5); PRAGMA user_version = 1
                """
            #expect(try await run("sqlite3", [path, made]).status == 0)
            for _ in 0..<2 {
                try await serving(SandboxConfiguration(database: path)) { port in
                    let stored = try await run("curl", ["-sf", "http://127.0.0.1:\(port)/sandbox/stored"])
                    let line =
                        #"{"id":7,"name":"Gold","rank":1,"isActive":true,"createdOn":5,"sent":"Gold","by":100001}"#
                    #expect(stored.output == line + "\n")
                }
            }
        }
    }

    @Test("A connection with half a request head, or with none, is closed; one that waits for its response isn't")
    func halfHead() async throws {
        var configuration = SandboxConfiguration(headTimeout: .milliseconds(200))
        configuration.latency = .milliseconds(600)
        try await serving(configuration) { [configuration] port in
            #expect(configuration.headTimeout < configuration.latency)
            try await blocking {
                for text in ["", "GET \(groupPath) HTTP/1.1\r\nHost: x\r\nX-A"] {
                    let connection = try LoopbackConnection(to: port)
                    try connection.send(text)
                    #expect(connection.receive() == .end)
                }
                #expect(try LoopbackConnection(to: port).call("GET \(groupPath)").status == 200)
            }
        }
    }

    @Test("A body over 64 KiB that does not declare its length is 413 too; one within it is taken")
    func chunkedBodyLimit() async throws {
        try await withTemporaryDirectory { directory in
            try await serving(SandboxConfiguration()) { port in
                let url = "http://127.0.0.1:\(port)/api_gateway/core/v1/group/create"
                for (length, status) in [(65_536 - 11, "200"), (65_536, "413"), (1 << 20, "413")] {
                    let body = directory.appendingPathComponent("body").path
                    try Data("{\"name\":\"\(String(repeating: "x", count: length))\"}".utf8)
                        .write(to: URL(fileURLWithPath: body))
                    let curl = try await run(
                        "curl",
                        [
                            "-s", "-o", directory.appendingPathComponent("response").path, "-w", "%{http_code}",
                            "-u", "sandbox.till:" + sandboxMD5, "-H", "Content-Type: application/json",
                            "-H", "Transfer-Encoding: chunked", "--data-binary", "@" + body, url,
                        ])
                    #expect(curl.output == status)
                }
            }
        }
    }

    @Test("A port that is taken is an error, not a wait")
    func portTaken() async throws {
        try await serving(SandboxConfiguration()) { port in
            let second = try Sandbox(configuration: SandboxConfiguration(port: port), logger: quietLogger)
            await #expect(throws: (any Error).self) {
                try await second.run { _ in }
            }
        }
    }

    @Test("Stored groups are given whole over many pages")
    func storedOverPages() async throws {
        try await serving(SandboxConfiguration()) { port in
            try await blocking {
                let connection = try LoopbackConnection(to: port)
                for number in 0..<2500 { try connection.call("POST \(groupPath)/create", "{\"name\":\"\(number)\"}") }
            }
            let lines = try await run("curl", ["-sf", "http://127.0.0.1:\(port)/sandbox/stored"]).output.split(
                separator: "\n")
            #expect(lines.count == 2500)
            #expect(lines.last?.hasPrefix(#"{"id":2500,"name":"2499","rank":null,"isActive":true,"#) == true)
        }
    }
}
