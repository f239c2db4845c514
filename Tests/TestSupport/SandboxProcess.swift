package import Foundation

/// The built binary's sandbox on a free port of loopback, with a database of its own; ended when it goes.
package final class SandboxProcess: Sendable {
    /// Where it serves.
    package let url: String
    /// Its database file.
    package let database: String
    private let scratch: Scratch
    private let process: ChildProcess

    /// Starts it and waits for its first line.
    ///
    /// - Parameter options: flags beside `--port` and `--database`.
    package static func start(_ options: [String] = []) async throws -> SandboxProcess {
        let scratch = try Scratch()
        let database = scratch.file("sandbox.sqlite")
        let command = Command.groupload(["sandbox", "--port", "0", "--database", database] + options)
        let lines = scratch.file("out")
        let watch = try FileWatch(directory: scratch.path)
        let process = try ChildProcess(
            [command.path] + command.arguments, environment: command.wholeEnvironment, directory: nil,
            streams: ["/dev/null", lines, scratch.file("err")])
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(300)) { [weak process] in process?.kill() }
        let url = try await blocking {
            while true {
                let said = FileManager.default.contents(atPath: lines) ?? Data()
                if let end = said.firstIndex(of: UInt8(ascii: "\n")) {
                    return String(decoding: said[..<end], as: UTF8.self)
                }
                guard process.isRunning else {
                    throw NoSandbox(said: try String(contentsOfFile: scratch.file("err"), encoding: .utf8))
                }
                _ = watch.next(within: 20)
            }
        }
        return SandboxProcess(url: url, database: database, scratch: scratch, process: process)
    }

    /// It ended before it served.
    private struct NoSandbox: Error { var said: String }

    private init(url: String, database: String, scratch: Scratch, process: ChildProcess) {
        self.url = url
        self.database = database
        self.scratch = scratch
        self.process = process
    }

    deinit { process.killAndReap() }

    /// A connection to it.
    package func connect() throws -> LoopbackConnection {
        try LoopbackConnection(to: url.split(separator: ":").last.flatMap { Int($0) } ?? 0)
    }

    /// What it says of itself under a path.
    package func sight(_ path: String) async throws -> Data {
        try await blocking { [self] in try connect().call("GET /sandbox/\(path)").body }
    }

    /// The groups that it stores: a JSON object each, in order of storing.
    package func stored() async throws -> [[String: Any]] {
        try await sight("stored").split(separator: UInt8(ascii: "\n")).compactMap { line in
            try JSONSerialization.jsonObject(with: line) as? [String: Any]
        }
    }

    /// How many requests a route met, whatever their statuses.
    package func requests(matching part: String) async throws -> Int {
        Self.sum(try JSONSerialization.jsonObject(with: try await sight("requests")), under: part, isMatched: false)
    }

    /// Waits until it stores so many groups.
    package func waitForStored(_ count: Int) async throws {
        try await waitForChanges { connection, _ in
            try connection.call("GET /sandbox/stored").body.count { $0 == UInt8(ascii: "\n") } >= count
        }
    }

    /// Waits until a route has met so many requests.
    package func waitForRequests(_ count: Int, matching part: String) async throws {
        try await waitForChanges { connection, _ in
            let requests = try JSONSerialization.jsonObject(with: try connection.call("GET /sandbox/requests").body)
            return Self.sum(requests, under: part, isMatched: false) >= count
        }
    }

    /// Waits until nothing is stored for half a second, or for so long in all.
    package func waitForStandstill(atMost limit: Duration) async throws {
        let end = ContinuousClock.now.advanced(by: limit)
        try await waitForChanges(milliseconds: 500) { _, isChanged in !isChanged || ContinuousClock.now >= end }
    }

    /// Looks again at each change of the database, or where none comes for so long, until `isDone`.
    ///
    /// - Throws: ``WaitedTooLong`` after five minutes: what was to make the changes has failed.
    private func waitForChanges(
        milliseconds: Int = 20, until isDone: @escaping @Sendable (LoopbackConnection, _ isChanged: Bool) throws -> Bool
    ) async throws {
        try await blocking { [self] in
            let watch = try FileWatch(directory: scratch.path)
            let connection = try connect()
            let end = ContinuousClock.now.advanced(by: .seconds(300))
            var isChanged = true
            while try !isDone(connection, isChanged) {
                guard ContinuousClock.now < end else { throw WaitedTooLong() }
                isChanged = watch.next(within: milliseconds)
            }
        }
    }

    /// Creates groups, or changes some, one after the other on one connection: a request line's method and last part,
    /// and the body.
    package func send(_ calls: [(method: String, part: String, body: [String: Any])]) async throws {
        let bodies = try calls.map { call in
            let data = try JSONSerialization.data(withJSONObject: call.body)
            return (
                "\(call.method) /api_gateway/core/v1/group/\(call.part)", String(decoding: data, as: UTF8.self)
            )
        }
        try await blocking { [self] in
            let connection = try connect()
            for (line, body) in bodies {
                let response = try connection.call(line, body)
                guard response.status == 200 else { throw Refusal(status: response.status, call: line) }
            }
        }
    }

    private struct Refusal: Error {
        var status: Int
        var call: String
    }

    private static func sum(_ value: Any, under part: String, isMatched: Bool) -> Int {
        if let object = value as? [String: Any] {
            return object.reduce(0) { $0 + sum($1.value, under: part, isMatched: isMatched || $1.key.contains(part)) }
        }
        return isMatched ? (value as? Int ?? 0) : 0
    }
}
