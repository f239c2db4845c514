package import HTTPTypes

/// One HTTP request. Its descriptions leave out headers and body, for they hold credentials.
package struct TransportRequest: Sendable {
    /// The request's method.
    package var method: HTTPRequest.Method
    /// The absolute address.
    package var url: String
    /// The headers without `Host` and `Content-Length`, in the order in which they are sent.
    package var headers: HTTPFields
    /// Nil for a request without a body.
    package var body: [UInt8]?
    /// The time from the first try to connect to the response's head.
    package var timeout: Duration
    /// The group's name in the body, where the body has one.
    package var name: String?
    /// Whether a response can belong to this request. Where it can't, the transport closes the connection, for the next
    /// response would belong to another request too; the caller gets the response all the same. The transport calls it
    /// on its own thread: it must not take long.
    package var check: (@Sendable (TransportResponse) -> Bool)?

    /// A request without a check where none is given.
    package init(
        method: HTTPRequest.Method, url: String, headers: HTTPFields, body: [UInt8]?, timeout: Duration,
        name: String? = nil, check: (@Sendable (TransportResponse) -> Bool)? = nil
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
