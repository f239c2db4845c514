import Hummingbird

/// How a request ends on its connection.
enum Ending: Sendable {
    /// With a response, though perhaps not a whole one.
    case responded(Response)
    /// The connection is closed without a byte of a response: in order (FIN) or by a reset (RST).
    /// - `afterwards`: what happens then, though nobody waits for it.
    case closed(isReset: Bool, afterwards: (@Sendable () async throws -> Void)? = nil)
    /// No response comes for as long as the client waits.
    case held

    /// With a whole response.
    static func whole(_ response: BufferedResponse) -> Ending { .responded(Response(response)) }
}

/// Thrown once a connection was closed on purpose, so that nothing more is written to it.
struct ConnectionClosed: Error {}
