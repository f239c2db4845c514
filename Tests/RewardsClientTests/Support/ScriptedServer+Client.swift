import RewardsClient
import TestSupport

/// The name in a create's request, which stands there without escapes.
func sentName(_ request: String) -> String {
    request.split(separator: #""name":""#).last?.prefix { $0 != "\"" }.description ?? ""
}

/// The response to a create with a group of the name that was sent.
func echo(_ request: String, id: Int = 7) -> ScriptedServer.Step {
    .send(rawResponse(200, #"{"id":\#(id),"name":"\#(sentName(request))"}"#))
}

/// Calls a scripted server by a client of its own, which is shut down behind `body`.
func withClient<Value: Sendable>(
    _ server: ScriptedServer, connections: Int = 1, _ body: (RewardsClient) async -> Value
) async throws -> Value {
    let configuration = try ClientConfiguration(
        target: server.target, credentials: .basic(till: "till", password: Secret("pass")),
        connectTimeout: .seconds(5), requestTimeout: .seconds(20), connectionsMax: connections)
    let transport = try HTTPTransport(configuration: configuration)
    let value = await body(RewardsClient(configuration: configuration, transport: transport))
    try await transport.shutdown()
    return value
}
