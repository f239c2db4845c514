import Foundation
import Synchronization
import TestSupport

/// The API's calls for an empty organisation, save for what a test has it respond instead.
final class APIServer: Sendable {
    /// A request, and what came before it.
    struct Request {
        /// The method and the path with its query.
        var (method, path): (String, String)
        /// The head's other lines.
        var fields: [String]
        /// Seconds since the first request.
        var seconds: Double
        /// How many groups were created before it.
        var created: Int

        /// The value of a field.
        func header(_ name: String) -> String? {
            let line = fields.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
    }

    /// A status, fields of the head and a body.
    struct Response {
        var status: Int
        var headers: [String] = []
        var body = ""
    }

    private struct State {
        var began: ContinuousClock.Instant?
        var created = 0
    }

    /// An organisation's, which the server's threads and this share.
    private final class Organisation: Sendable {
        let state = Mutex(State())
    }

    private static let emptyList = Response(
        status: 200, body: #"{"status":{"success":true},"groupRoList":[],"pagingDto":{"last":true}}"#)

    private let organisation: Organisation
    private let server: ScriptedServer

    /// - Parameter behaviour: the response in place of the usual one, if there is one.
    init(_ behaviour: @escaping @Sendable (Request) -> Response?) throws {
        let organisation = Organisation()
        self.organisation = organisation
        server = try ScriptedServer { _, text in
            let response = organisation.state.withLock { Self.response(to: text, &$0, behaviour) }
            return .send(rawResponse(response.status, response.body, headers: response.headers))
        }
    }

    deinit { server.stop() }

    /// Its address.
    var target: String { server.target }
    /// How many groups were created.
    var created: Int { organisation.state.withLock { $0.created } }
    /// How many requests there were whose path has a part.
    func requests(matching part: String = "") -> Int {
        server.requests.count { part.isEmpty || $0.prefix { $0 != "\r\n" }.contains(part) }
    }

    private static func response(
        to text: String, _ state: inout State, _ behaviour: (Request) -> Response?
    ) -> Response {
        let now = ContinuousClock.now
        let began = state.began ?? now
        state.began = began
        let parts = text.components(separatedBy: "\r\n\r\n")
        let head = parts[0].components(separatedBy: "\r\n")
        let line = head[0].split(separator: " ").map(String.init)
        let request = Request(
            method: line[0], path: line[1], fields: Array(head.dropFirst()),
            seconds: began.duration(to: now) / .seconds(1), created: state.created)
        if let response = behaviour(request) { return response }
        guard request.method == "POST" else { return emptyList }
        state.created += 1
        let name = parts[1].split(separator: #""name":""#).last?.prefix { $0 != "\"" } ?? ""
        return Response(status: 200, body: #"{"id":\#(state.created),"name":"\#(name)","rank":null}"#)
    }
}
