import Hummingbird

/// How a request ends on its connection.
enum Ending: Sendable {
    /// With an answer, though perhaps not a whole one.
    case answered(Response)
    /// The connection is closed without a byte of an answer: in order (FIN) or by a reset (RST).
    /// - `afterwards`: what happens then, though nobody waits for it.
    case closed(isReset: Bool, afterwards: (@Sendable () async throws -> Void)? = nil)
    /// Nothing is answered for as long as the client waits.
    case held
}

/// Thrown once a connection was closed on purpose, so that nothing more is written to it.
struct ConnectionClosed: Error {}
