import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import TestSupport
import Testing

/// What a client without any HTTP library saw of one request: all that came up to the end of the connection, or of the
/// wait for more.
struct Sight {
    /// What the connection was like then.
    enum End { case open, closed, reset }

    var status = 0
    /// By their names, all in lower case.
    var headers: [String: String] = [:]
    var body = ""
    var end = End.open
    var pieces = 0
    /// Bytes that the Content-Length promised and that didn't come.
    var missing = 0

    /// Sends a create on a connection of its own, and looks. Blocks.
    ///
    /// - Parameters:
    ///   - wait: how many seconds a response is waited for.
    ///   - linger: how many seconds the connection is watched after a whole response.
    init(port: Int, name: String, wait: Double, linger: Double) throws {
        let connection = try LoopbackConnection(to: port, waiting: wait)
        try connection.send(
            LoopbackConnection.request(
                "POST " + groupPath + "/create", "{\"name\":\"\(name)\"}", authorization: basicCredentials))
        var bytes: [UInt8] = []
        reading: while true {
            switch connection.receive() {
            case .bytes(let more): bytes += more
            case .nothing: break reading
            case .end:
                end = .closed
                break reading
            case .reset:
                end = .reset
                break reading
            }
            pieces += 1
            read(bytes)
            if headers["content-length"] != nil, missing <= 0 { connection.wait(linger) }
        }
    }

    /// Takes apart what has come so far.
    private mutating func read(_ bytes: [UInt8]) {
        guard let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).lowercased()
            .components(separatedBy: "\r\n")
        status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = [:]
        for line in lines.dropFirst() {
            let parts = line.components(separatedBy: ": ")
            headers[parts[0]] = parts.dropFirst().joined(separator: ": ")
        }
        let rest = bytes[head.upperBound...]
        // Latin-1: every byte is a character.
        body = String(String.UnicodeScalarView(rest.map { Unicode.Scalar($0) }))
        missing = (headers["content-length"].flatMap { Int($0) } ?? 0) - rest.count
    }
}

/// A line of `/sandbox/stored`.
struct SightedGroup: Decodable, Sendable {
    var id: Int64
    var name: String
    var rank: Int?
    var isActive: Bool
    var createdOn: Int64
    var sent: String
    var by: Int64
    var foreign: Bool?
    var foreignAfter: Bool?
}

/// Sends creates of `g0`, `g1` … over raw sockets.
/// - Parameters:
///   - wait: how many seconds a response is waited for.
///   - linger: how many seconds the connection is watched after a whole response.
///   - storedMin: how many stored groups are waited for.
/// - Returns: what was seen of each, the stored names and groups, and the response of `/sandbox/requests`.
func sights(
    _ rates: String, count: Int, wait: Double = 30, linger: Double = 0.2, storedMin: Int = 0,
    configure: (inout SandboxConfiguration) -> Void = { _ in }
) async throws -> (sights: [Sight], stored: Set<String>, groups: [SightedGroup], requests: [String: [String: Int]]) {
    var configuration = SandboxConfiguration(faults: try FaultRates(rates))
    configure(&configuration)
    let sandbox = try Sandbox(configuration: configuration, logger: quietLogger)
    return try await sandbox.application().test(.live) { client in
        let port = try #require(client.port)
        let sights = try await blocking {
            try (0..<count).map { try Sight(port: port, name: "g\($0)", wait: wait, linger: linger) }
        }
        // A request is counted once it is stored, which may be after its client has gone.
        var requests: [String: [String: Int]] = [:]
        for _ in 0..<10_000 where requests["POST /group/create", default: [:]].values.reduce(0, +) < count {
            let text = try await client.send(.get, "/sandbox/requests").text
            requests = try JSONDecoder().decode([String: [String: Int]].self, from: Data(text.utf8))
        }
        var groups: [SightedGroup] = []
        for _ in 0..<10_000 {
            let lines = try await client.send(.get, "/sandbox/stored").text.split(separator: "\n")
            groups = try lines.map { try JSONDecoder().decode(SightedGroup.self, from: Data($0.utf8)) }
            if groups.count >= storedMin { break }
        }
        let names = groups.map(\.name)
        #expect(names.count == Set(names).count)
        return (sights, Set(names), groups, requests)
    }
}
