import Foundation
import RewardsClient

/// An address that is told when a run begins and how it ends, as healthchecks.io has it: a GET of `URL/start`, and of
/// `URL/EXITSTATUS`. Who knows the address can ping it, so that it is never shown but for its host.
package struct PingAddress: Sendable, CustomStringConvertible {
    /// How long a ping may take.
    private static let timeMax = Duration.seconds(5)

    /// `scheme://host[:port]`.
    private let origin: String
    private let path: String
    /// With the question mark; empty where there is none.
    private let query: String

    /// Reads an address.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/usage``, which doesn't show it.
    package init(_ text: String) throws(RunError) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.encodedHost, !host.isEmpty, parts.user == nil,
            parts.password == nil, parts.fragment == nil
        else {
            throw RunError(
                .usage, "the value of --ping isn't an address", remedy: "write https://host/path, without a user")
        }
        origin = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
        let path = parts.percentEncodedPath
        self.path = path.hasSuffix("/") ? String(path.dropLast()) : path
        query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
    }

    /// The address without what makes it secret.
    package var description: String { "\(origin)/…" }

    /// Tells the address, within 5 seconds.
    ///
    /// - Parameter word: `start`, or the exit status.
    /// - Returns: what went wrong, in a sentence without the address; nil for nothing.
    package func send(_ word: String, userAgent: String) async -> String? {
        await withTaskGroup(of: String?.self) { group in
            group.addTask { await get("\(path)/\(word)\(query)", userAgent) }
            group.addTask {
                await RunEnvironment.system.wait(for: Self.timeMax)
                return "no response within \(WallTime.length(Self.timeMax))"
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func get(_ path: String, _ userAgent: String) async -> String? {
        do {
            // Nothing of these credentials is sent.
            let configuration = try ClientConfiguration(
                target: origin, credentials: .oauth(key: "none", secret: Secret("none")), userAgent: userAgent,
                connectTimeout: Self.timeMax, requestTimeout: Self.timeMax, allowInsecure: true, connectionsMax: 1,
                environment: SystemCall.environment)
            let transport = try HTTPTransport(configuration: configuration)
            let status: Result<Int, TransportFailure>
            do throws(TransportFailure) {
                status = .success(try await transport.status(ofGet: path, by: configuration))
            } catch {
                status = .failure(error)
            }
            try await transport.shutdown()
            let code = try status.get()
            return (200..<300).contains(code) ? nil : "it responded with HTTP \(code)"
        } catch let error as TransportFailure {
            return error.message
        } catch let error as ClientError {
            return error.message
        } catch {
            return "\(error)"
        }
    }
}
