/// Why there is no whole answer, and whether the request may have reached the server.
package struct TransportFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is known of the request.
    package enum Delivery: String, Sendable {
        /// Surely nothing that the server could act on was sent; the request may be repeated.
        case nothingSent
        /// It may have been received and acted on.
        case unknown
    }

    package enum Kind: String, Sendable {
        /// No connection: refused, unreachable, name not found, TLS handshake failed, no connection in time.
        case connect
        /// No answer in time.
        case timeout
        /// The connection closed before the answer was whole.
        case closed
        /// The answer is longer than the limit, and was not read on.
        case answerTooLarge
        /// The calling task was cancelled.
        case cancelled
        case other
    }

    package let delivery: Delivery
    package let kind: Kind
    /// A sentence that names host and port, and holds no header or body.
    package let message: String
    /// HTTP requests that the call cost all the same: token calls, and a call that was refused for its token.
    package var requests: Int

    package init(delivery: Delivery, kind: Kind, message: String, requests: Int = 0) {
        self.delivery = delivery
        self.kind = kind
        self.message = message
        self.requests = requests
    }

    package var description: String { message }
}
