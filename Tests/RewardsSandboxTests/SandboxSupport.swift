import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import RewardsSandbox
import Synchronization
import TestSupport
import Testing

/// A clock that stands still until it is moved.
final class ManualClock: Sendable {
    private let milliseconds: Mutex<Int64>

    init(_ milliseconds: Int64 = 1_742_180_327_000) {
        self.milliseconds = Mutex(milliseconds)
    }

    var clock: SandboxClock { SandboxClock { self.milliseconds.withLock { $0 } } }

    func advance(seconds: Int64) {
        milliseconds.withLock { $0 += seconds * 1000 }
    }
}

let basicCredentials = SandboxAccess.authorization
let sandboxMD5 = SandboxAccess.passwordMD5
let groupPath = "/api_gateway/core/v1/group"

/// A logger that only speaks when something is wrong.
var quietLogger: Logger {
    var logger = Logger(label: "sandbox-tests")
    logger.logLevel = .critical
    return logger
}

/// Runs a test against a sandbox of its own, through the router unless `live`.
func withSandbox(
    _ configuration: SandboxConfiguration = SandboxConfiguration(),
    clock: SandboxClock = .system,
    over setup: TestingSetup = .live,
    _ body: @Sendable (any TestClientProtocol) async throws -> Void
) async throws {
    let sandbox = try Sandbox(configuration: configuration, logger: quietLogger, clock: clock)
    try await sandbox.application().test(setup, body)
}

/// Runs a test against a sandbox of its own, and gives its value.
func withSandboxValue<Value: Sendable>(
    _ configuration: SandboxConfiguration, clock: SandboxClock,
    _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Value
) async throws -> Value {
    let sandbox = try Sandbox(configuration: configuration, logger: quietLogger, clock: clock)
    return try await sandbox.application().test(.live, body)
}

/// A response taken apart.
struct Reply {
    let status: Int
    let headers: HTTPFields
    let text: String

    /// The response as a JSON object; an issue is recorded when it is none.
    func object(_ location: SourceLocation = #_sourceLocation) throws -> [String: Any] {
        try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], sourceLocation: location)
    }

    /// The code of the status object.
    func code() throws -> Int? {
        (try object()["status"] as? [String: Any])?["code"] as? Int
    }
}

extension TestClientProtocol {
    /// Sends a request as the till, unless other headers are given.
    func send(
        _ method: HTTPRequest.Method, _ uri: String, _ body: String? = nil,
        headers: HTTPFields = [.authorization: basicCredentials]
    ) async throws -> Reply {
        try await execute(uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }) {
            Reply(status: $0.status.code, headers: $0.headers, text: String(buffer: $0.body))
        }
    }

    /// Creates a group with a name that needs no escapes.
    func create(_ name: String, rank: Int? = nil) async throws -> Reply {
        let rank = rank.map(String.init) ?? "null"
        return try await send(.post, groupPath + "/create", "{\"name\":\"\(name)\",\"rank\":\(rank)}")
    }
}

/// Runs a program to its end on a thread of its own: a blocked thread of the cooperative pool would starve the server.
/// Its output is read before waiting, so a full pipe can't stop it.
func run(_ program: String, _ arguments: [String]) async throws -> (status: Int32, output: String) {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(
                with: Result {
                    let process = Process()
                    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                    process.arguments = [program] + arguments
                    let pipe = Pipe()
                    process.standardOutput = pipe
                    try process.run()
                    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
                    process.waitUntilExit()
                    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
                })
        }
    }
}

/// A directory that is there while the body runs.
func withTemporaryDirectory(_ body: (URL) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    do {
        try await body(directory)
    } catch {
        try FileManager.default.removeItem(at: directory)
        throw error
    }
    try FileManager.default.removeItem(at: directory)
}

/// Does `work` for each of `items`, as many at once as the test client has connections for: who waits for one longer
/// than a few seconds fails, however slow the machine is.
func concurrently<Item: Sendable, Value: Sendable>(
    _ items: [Item], _ work: @escaping @Sendable (Item) async throws -> Value
) async throws -> [Value] {
    let connections = 8
    return try await withThrowingTaskGroup(of: [Value].self) { group in
        for first in 0..<connections {
            group.addTask {
                var values: [Value] = []
                for index in stride(from: first, to: items.count, by: connections) {
                    values.append(try await work(items[index]))
                }
                return values
            }
        }
        return try await group.reduce(into: []) { $0 += $1 }
    }
}
