/// The cause of a missing response, and whether the request may have reached the server.
package struct TransportFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// How far the request came.
    package enum Delivery: String, Sendable {
        /// Nothing that the server could act on was sent; the request may be sent again.
        case nothingSent
        /// The server may have received the request and acted on it.
        case unknown
    }

    /// The cause.
    package enum Kind: String, Sendable {
        /// No connection: refused, unreachable, name not found, closed within the handshake, no connection in time.
        case connect
        /// No connection, for a cause that doesn't pass by waiting: a certificate that isn't trusted, TLS that only one
        /// side speaks, a proxy that wants credentials.
        case unfit
        /// No response in time.
        case timeout
        /// The connection closed before the response was whole.
        case closed
        /// The response is longer than the limit; the rest was not read.
        case responseTooLarge
        /// The calling task was cancelled.
        case cancelled
        case other
    }

    /// How far the request came.
    package let delivery: Delivery
    /// The cause.
    package let kind: Kind
    /// A sentence that names host and port, and holds no header or body.
    package let message: String
    /// HTTP requests that the call cost all the same: token calls, and a request that a 401 refused.
    package var requests: Int

    /// A failure; `requests` is 0 where the call cost none.
    package init(delivery: Delivery, kind: Kind, message: String, requests: Int = 0) {
        self.delivery = delivery
        self.kind = kind
        self.message = message
        self.requests = requests
    }

    package var description: String { message }
}
