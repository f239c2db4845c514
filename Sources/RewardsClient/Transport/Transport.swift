/// Sends one HTTP request and gives its whole answer, or says whether anything of it was sent.
///
/// It never repeats a request, never follows a redirect and ends within the request's time-out (three times that where
/// the answer's body trickles in).
package protocol Transport: Sendable {
    /// - Throws: `TransportFailure` when there is no whole answer, cancellation included.
    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportAnswer
}

/// One HTTP request. Its descriptions leave out headers and body, for they hold credentials.
package struct TransportRequest: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT" }

    package var method: Method
    /// The absolute address.
    package var url: String
    package var headers: [(String, String)]
    /// Nil for a request without a body.
    package var body: [UInt8]?
    package var timeout: Duration
    /// The group's name that the body holds, where it holds one.
    package var name: String?
    /// Whether a response can be this request's. Where it can't the connection is closed, for the next would be
    /// another's too; the response is given to the caller all the same. Called on the transport's own thread: it must
    /// not take long.
    package var check: (@Sendable (TransportAnswer) -> Bool)?

    package init(
        method: Method, url: String, headers: [(String, String)], body: [UInt8]?, timeout: Duration,
        name: String? = nil, check: (@Sendable (TransportAnswer) -> Bool)? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.name = name
        self.check = check
    }
}

extension TransportRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(method.rawValue) \(url)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A whole HTTP answer. Its descriptions leave out headers and body, for a token call's answer holds the token.
package struct TransportAnswer: Sendable {
    package var status: Int
    package var headers: [(String, String)]
    package var body: [UInt8]
    /// When the request was written to its connection, in epoch milliseconds; nil where that isn't known.
    package var sentAt: Int64?
    /// The name that the request before sent on the same connection; nil where there was none, or it sent no name.
    package var nameBefore: String?

    package init(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header; names are compared without regard to case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.0.lowercased() == wanted }?.1
    }
}

extension TransportAnswer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "HTTP \(status), \(body.count) bytes" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
