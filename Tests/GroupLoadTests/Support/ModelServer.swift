import Foundation
import GroupLoad
import HTTPTypes
import RewardsClient
import Synchronization

/// The API as a model in memory, in place of a network: it keeps groups by unique names, and misbehaves where a test
/// says so. Each request takes `latency` of virtual time.
final class ModelServer: Transport {
    /// A group as the model keeps it.
    struct Group: Sendable, Equatable {
        var id: Int64
        var name: String
        var rank: Int64?
        var isActive = true
        var createdOn: Int64 = 0
        var updatedOn: Int64 = 0
    }

    /// What a request meets in place of a plain response.
    enum Fault: Sendable {
        /// It is carried out, and its response never comes.
        case loseResponse
        /// It never arrives, and no response comes.
        case loseRequest
        /// No connection is made.
        case unreachable
        /// It is not carried out.
        case refuse(Int, code: Int? = nil, retryAfter: Int? = nil)
        /// Something that isn't the API answers.
        case page(Int)
    }

    /// What a request asks for, in a word.
    enum Operation: Sendable, Equatable { case create, list, find, get, update }

    /// What it does in another way than the API's page says.
    struct Habits: Sendable {
        /// The name that it keeps, of one that was sent.
        var keptName: @Sendable (String) -> String = { $0 }
        /// Whether it gives the group of a name that is taken, in place of a refusal.
        var upserts = false
        /// The groups of a page in a list, and how many it says that there are, from those that there are, the page's
        /// size and which page it is of all that were asked for, from 1; nil for the truth.
        var listed: (@Sendable ([Group], _ size: Int, _ number: Int) -> (groups: [Group], total: Int))?
    }

    private struct State {
        var groups: [Int64: Group] = [:]
        var nextID: Int64 = 1
        var operations: [Operation] = []
        var habits = Habits()
    }

    private let environment: RunEnvironment
    private let latency: Duration
    private let pageSizeMax: Int
    private let skew: Int64
    private let fault: @Sendable (Operation, _ number: Int) -> Fault?
    private let state: Mutex<State>

    /// - Parameters:
    ///   - pageSizeMax: what a list's size is cut down to.
    ///   - skew: what its clock is ahead of the environment's, in milliseconds.
    ///   - fault: what the request of this number, counted from 1, meets; nil for nothing unusual.
    init(
        _ environment: RunEnvironment, groups: [Group] = [], latency: Duration = .milliseconds(10),
        pageSizeMax: Int = 1_000, skew: Int64 = 0,
        fault: @escaping @Sendable (Operation, Int) -> Fault? = { _, _ in nil }
    ) {
        self.environment = environment
        self.latency = latency
        self.pageSizeMax = pageSizeMax
        self.skew = skew
        self.fault = fault
        var state = State()
        for group in groups { state.groups[group.id] = group }
        state.nextID = (groups.map(\.id).max() ?? 0) + 1
        self.state = Mutex(state)
    }

    /// The groups, by id.
    var groups: [Group] { state.withLock { $0.groups.values.sorted { $0.id < $1.id } } }

    /// What was asked for so far, in order.
    var operations: [Operation] { state.withLock { $0.operations } }

    /// Gives it habits.
    func behave(_ body: (inout Habits) -> Void) { state.withLock { body(&$0.habits) } }

    /// Changes a group as somebody else would.
    func change(_ id: Int64, _ body: (inout Group) -> Void) {
        state.withLock { state in
            guard var group = state.groups[id] else { return }
            body(&group)
            group.updatedOn = environment.epochMilliseconds + skew
            state.groups[id] = group
        }
    }

    /// Adds a group as somebody else would.
    func add(_ name: String) {
        state.withLock { state in
            let now = environment.epochMilliseconds + skew
            state.groups[state.nextID] = Group(id: state.nextID, name: name, createdOn: now, updatedOn: now)
            state.nextID += 1
        }
    }

    /// A client of this server.
    func client() throws -> RewardsClient {
        let configuration = try ClientConfiguration(
            target: "https://example.test", credentials: .basic(till: "till", password: Secret("pass")))
        return RewardsClient(configuration: configuration, transport: self, environment: environment.client)
    }

    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        let operation = Self.operation(of: request)
        let number = state.withLock { state in
            state.operations.append(operation)
            return state.operations.count
        }
        let sentAt = environment.epochMilliseconds
        await environment.wait(for: latency)
        switch fault(operation, number) {
        case nil: break
        case .loseResponse:
            _ = response(operation, request, environment.epochMilliseconds + skew)
            throw TransportFailure(delivery: .unknown, kind: .closed, message: "the connection was closed")
        case .loseRequest:
            throw TransportFailure(delivery: .unknown, kind: .closed, message: "the connection was closed")
        case .unreachable: throw TransportFailure(delivery: .nothingSent, kind: .connect, message: "connection refused")
        case .refuse(let status, let code, let retryAfter):
            let headers: HTTPFields = retryAfter.map { [.retryAfter: String($0)] } ?? [:]
            return Self.refusal(status, code ?? status, headers)
        case .page(let status):
            return TransportResponse(
                status: status, headers: [.contentType: "text/html"],
                body: Array("<html><title>Sorry</title></html>".utf8))
        }
        var response = response(operation, request, environment.epochMilliseconds + skew)
        response.sentAt = sentAt
        return response
    }

    /// Carries a request out at an instant of the server's clock, without a fault; gives the response.
    func carryOut(_ request: TransportRequest, at now: Int64) -> TransportResponse {
        let operation = Self.operation(of: request)
        state.withLock { $0.operations.append(operation) }
        return response(operation, request, now)
    }

    /// What a request asks for.
    static func operation(of request: TransportRequest) -> Operation {
        switch request.method {
        case .post: .create
        case .put: .update
        case _ where holds(request.url, "name="): .find
        case _ where holds(request.url, "/group?"): .list
        default: .get
        }
    }

    private func response(
        _ operation: Operation, _ request: TransportRequest, _ now: Int64
    ) -> TransportResponse {
        state.withLock { state in
            switch operation {
            case .create: Self.create(request, now, &state)
            case .update: Self.update(request, now, &state)
            case .get:
                state.groups[Self.id(in: request)].map { Self.response(Self.json($0)) } ?? Self.refusal(404, 404)
            case .list, .find: Self.list(request, pageSizeMax, state)
            }
        }
    }

    /// Whether a text has another in it, byte for byte.
    private static func holds(_ text: String, _ part: String) -> Bool {
        // A general search takes longer than all else that the model does.
        var rest = text.utf8[...]
        while rest.count >= part.utf8.count {
            if rest.starts(with: part.utf8) { return true }
            rest.removeFirst()
        }
        return false
    }

    /// The id in a request's path.
    static func id(in request: TransportRequest) -> Int64 {
        Int64(request.url.split(separator: "/").last ?? "") ?? 0
    }

    private static func body(of request: TransportRequest) -> [String: Any] {
        let body = Data(request.body ?? [])
        do { return try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:] } catch { return [:] }
    }

    private static func create(_ request: TransportRequest, _ now: Int64, _ state: inout State) -> TransportResponse {
        let body = body(of: request)
        guard let sent = body["name"] as? String else { return refusal(400, 400) }
        let name = state.habits.keptName(sent)
        // To the byte: equal strings may be in two forms.
        if let taken = state.groups.values.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
            return state.habits.upserts ? response(json(taken)) : refusal(400, 12012)
        }
        let group = Group(
            id: state.nextID, name: name, rank: (body["rank"] as? NSNumber)?.int64Value, createdOn: now, updatedOn: now)
        state.nextID += 1
        state.groups[group.id] = group
        return response(json(group))
    }

    private static func update(_ request: TransportRequest, _ now: Int64, _ state: inout State) -> TransportResponse {
        let body = body(of: request)
        guard var group = state.groups[id(in: request)] else { return refusal(404, 404) }
        if let name = body["name"] as? String { group.name = name }
        if let rank = body["rank"] { group.rank = (rank as? NSNumber)?.int64Value }
        if let isActive = body["isActive"] as? Bool { group.isActive = isActive }
        group.updatedOn = now
        state.groups[group.id] = group
        return response(json(group))
    }

    private static func list(_ request: TransportRequest, _ pageSizeMax: Int, _ state: State) -> TransportResponse {
        var query: [String: String] = [:]
        for item in URLComponents(string: request.url)?.queryItems ?? [] { query[item.name] = item.value }
        let name = query["name"]?.lowercased() ?? ""
        var groups = state.groups.values.filter { name.isEmpty || holds($0.name.lowercased(), name) }
        groups.sort { $0.id < $1.id }
        if query["sortBy"] == "LAST_UPDATED_ON" { groups.sort { ($0.updatedOn, $0.id) < ($1.updatedOn, $1.id) } }
        if query["orderBy"] == "DESC" { groups.reverse() }
        let size = min(query["size"].flatMap { Int($0) } ?? 10, pageSizeMax)
        let number = query["page"].flatMap { Int($0) } ?? 0
        var total = groups.count
        if name.isEmpty, let listed = state.habits.listed {
            (groups, total) = listed(groups, size, state.operations.count { $0 == .list })
        }
        let page = groups.dropFirst(number * size).prefix(size)
        let pages = (total + size - 1) / size
        return response(
            """
            {"status":{"success":true,"code":12013,"message":"ok"},\
            "groupRoList":[\(page.map(json).joined(separator: ","))],\
            "pagingDto":{"last":\(number + 1 >= pages),"totalElements":\(total),"totalPages":\(pages),\
            "numberOfElements":\(page.count),"first":\(number == 0),"size":\(size),"number":\(number)}}
            """)
    }

    private static func json(_ group: Group) -> String {
        let isPlain = group.name.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
        let name =
            isPlain
            ? "\"\(group.name)\"" : String(decoding: (try? JSONEncoder().encode(group.name)) ?? Data(), as: UTF8.self)
        return """
            {"id":\(group.id),"orgId":1,"name":\(name),"rank":\(group.rank.map(String.init) ?? "null"),\
            "isActive":\(group.isActive),"createdBy":7,"createdOn":\(group.createdOn),\
            "lastUpdatedOn":\(group.updatedOn)}
            """
    }

    private static func response(_ json: String) -> TransportResponse {
        TransportResponse(status: 200, headers: [.contentType: "application/json"], body: Array(json.utf8))
    }

    /// A response in the API's own words that nothing was done.
    static func refusal(_ status: Int, _ code: Int, _ headers: HTTPFields = [:]) -> TransportResponse {
        TransportResponse(
            status: status, headers: headers,
            body: Array(#"{"status":{"success":false,"code":\#(code),"message":"no"}}"#.utf8))
    }
}
