import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

/// A client without any HTTP library: sends requests over raw sockets, one a connection, and prints what came back up
/// to the end of the response or of the connection, then what the connection did then.
private let rawClient = """
    import json, socket, sys, time
    port, authorization, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    def request(line, body):
        return (line + " HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: " + authorization +
            "\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)).encode() + body.encode()
    for i in range(count):
        s = socket.create_connection(("127.0.0.1", port))
        s.settimeout(float(sys.argv[4]))
        s.sendall(request("POST /api_gateway/core/v1/group/create", json.dumps({"name": "g%d" % i})))
        data, end, began, pieces = b"", "open", time.monotonic(), 0
        try:
            while True:
                more = s.recv(65536)
                if not more:
                    end = "closed"
                    break
                data += more
                pieces += 1
                head, blank, body = data.partition(b"\\r\\n\\r\\n")
                if blank:
                    lines = head.lower().split(b"\\r\\n")
                    lengths = [l.split(b":")[1] for l in lines if l.startswith(b"content-length")]
                    if lengths and len(body) >= int(lengths[0]):
                        s.settimeout(float(sys.argv[5]))
        except socket.timeout:
            end = "open"
        except ConnectionResetError:
            end = "reset"
        head, blank, body = data.partition(b"\\r\\n\\r\\n")
        lines = head.decode().lower().split("\\r\\n")
        headers = dict(l.split(": ", 1) for l in lines[1:])
        print(json.dumps({"status": int(lines[0].split(" ")[1]) if blank else 0, "headers": headers,
            "body": body.decode("latin-1"), "end": end, "pieces": pieces,
            "missing": int(headers.get("content-length", 0)) - len(body)}))
        s.close()
    """

/// What the raw client saw of one request.
struct Sight: Decodable {
    var status: Int
    var headers: [String: String]
    var body: String
    /// `open`, `closed` or `reset`.
    var end: String
    var pieces: Int
    /// Bytes that the Content-Length promised and that didn't come.
    var missing: Int
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
        let python = try await run(
            "python3",
            ["-c", rawClient, String(port), basicCredentials, String(count), String(wait), String(linger)])
        #expect(python.status == 0)
        let sights = try python.output.split(separator: "\n").map {
            try JSONDecoder().decode(Sight.self, from: Data($0.utf8))
        }
        #expect(sights.count == count)
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
