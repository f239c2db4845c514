import Foundation
import RewardsClient

/// An address that is told of runs over HTTP. Its path and query may be secret, so that it is never shown but for its
/// host.
struct WatcherAddress: Sendable, CustomStringConvertible {
    /// `scheme://host[:port]`.
    private let origin: String
    /// The path; empty where there is none.
    let path: String
    /// With the question mark; empty where there is none.
    let query: String

    /// Reads an address of http or https; nil where it isn't one, or has a user or a fragment.
    init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.encodedHost, !host.isEmpty, parts.user == nil,
            parts.password == nil, parts.fragment == nil
        else { return nil }
        origin = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
        path = parts.percentEncodedPath
        query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
    }

    /// The address without what makes it secret.
    var description: String { "\(origin)/…" }

    /// Lets `body` send to the address, and ends it once the time is over.
    ///
    /// - Parameters:
    ///   - certificates: a file of certificates that are trusted besides the system's.
    ///   - body: gives what went wrong, in a sentence; nil for nothing.
    /// - Returns: what went wrong, in a sentence without the address; nil for nothing.
    func talk(
        within timeMax: Duration, userAgent: String, certificates: String? = nil,
        _ body: @escaping @Sendable (HTTPTransport, ClientConfiguration) async throws -> String?
    ) async -> String? {
        await withTaskGroup(of: String?.self) { group in
            group.addTask { await exchange(timeMax, userAgent, certificates, body) }
            group.addTask {
                await RunEnvironment.system.wait(for: timeMax)
                return "no response within \(WallTime.length(timeMax))"
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func exchange(
        _ timeMax: Duration, _ userAgent: String, _ certificates: String?,
        _ body: (HTTPTransport, ClientConfiguration) async throws -> String?
    ) async -> String? {
        do {
            // Nothing of these credentials is sent.
            let configuration = try ClientConfiguration(
                target: origin, credentials: .oauth(key: "none", secret: Secret("none")), userAgent: userAgent,
                connectTimeout: timeMax, requestTimeout: timeMax, allowInsecure: true, connectionsMax: 1,
                responseBytesMax: 1 << 16, certificatesFile: certificates, environment: SystemCall.environment)
            let transport = try HTTPTransport(configuration: configuration)
            let result: Result<String?, any Error>
            do { result = .success(try await body(transport, configuration)) } catch { result = .failure(error) }
            try await transport.shutdown()
            return try result.get()
        } catch let error as TransportFailure {
            return Self.plain(error.message)
        } catch let error as ClientError {
            return Self.plain(error.message)
        } catch {
            return "\(error)"
        }
    }

    /// What a client says of its target, which is this address here: no flag of a target's changes it.
    private static func plain(_ message: String) -> String {
        let parts = message.split(separator: "; ", maxSplits: 1)
        let kept = parts.count == 2 && parts[1].contains("--") ? String(parts[0]) : message
        return kept.replacing("the target", with: "the address")
    }
}
