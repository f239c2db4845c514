import Foundation
import RewardsClient

/// Sends one message to an OTLP endpoint.
///
/// A response of 429, 502, 503 or 504, and none, have it sent again as long as the time allows, after what
/// `Retry-After` asks for or a back-off; any other failure is final, as the OTLP specification has it. So is an address
/// that no connection is made to: whoever runs no collector isn't kept waiting.
struct OTLPExporter: Sendable {
    private static let retryable: Set = [429, 502, 503, 504]

    let endpoint: OTLPSettings.Endpoint
    let userAgent: String

    /// Sends it, within the endpoint's time.
    ///
    /// - Returns: what went wrong, in a sentence without the address; nil for nothing.
    func send(_ message: some Encodable) async -> String? {
        let json: [UInt8]
        do { json = Array(try JSONEncoder().encode(message)) } catch { return "\(error)" }
        let ends = RunEnvironment.system.now.advanced(by: endpoint.timeMax)
        let certificates = endpoint.certificates.map(PathText.plain)
        return await endpoint.address.talk(
            within: endpoint.timeMax, userAgent: userAgent, certificates: certificates
        ) { transport, configuration in
            var generator = RandomSource.system
            for attempt in 0... {
                let (failure, wait) = try await post(json, transport, configuration)
                guard let failure else { return nil }
                guard let wait else { return failure }
                let delay = Backoff().delay(attempt: attempt, atLeast: wait, using: &generator)
                let now = RunEnvironment.system.now
                guard now.advanced(by: delay) < ends else { return failure }
                await RunEnvironment.system.wait(for: delay)
            }
            return nil
        }
    }

    /// Sends it once.
    ///
    /// - Returns: what went wrong, and how long to wait at least before it is sent again; nil where it isn't.
    private func post(
        _ json: [UInt8], _ transport: HTTPTransport, _ configuration: ClientConfiguration
    ) async throws -> (failure: String?, retryAfter: Duration?) {
        do {
            let response = try await transport.post(
                json: json, to: endpoint.path, headers: endpoint.headers, by: configuration)
            if (200..<300).contains(response.status) { return (Self.rejection(response.body), nil) }
            let wait = Self.retryable.contains(response.status) ? response.retryAfter ?? .zero : nil
            return ("it responded with HTTP \(response.status)", wait)
        } catch let error as TransportFailure where error.kind == .closed {
            return (error.message, .zero)
        }
    }

    /// What a response says was rejected; nil for nothing.
    private static func rejection(_ body: [UInt8]) -> String? {
        let response: OTLPMessage.Response
        // What isn't JSON rejects nothing.
        do { response = try JSONDecoder().decode(OTLPMessage.Response.self, from: Data(body)) } catch { return nil }
        guard let partial = response.partialSuccess else { return nil }
        let rejected = (partial.rejectedSpans?.value ?? 0) + (partial.rejectedDataPoints?.value ?? 0)
        let message = Shown.text(partial.errorMessage ?? "")
        guard rejected > 0 || !message.isEmpty else { return nil }
        return "it rejected \(rejected) of them" + (message.isEmpty ? "" : ": \(message)")
    }
}
