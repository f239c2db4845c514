package import HTTPTypes

/// A whole HTTP response. Its descriptions leave out headers and body, for the response to a token call holds the
/// token.
package struct TransportResponse: Sendable {
    /// The HTTP status.
    package var status: Int
    /// The headers, in the order in which they came.
    package var headers: HTTPFields
    /// The body as it came, compressed ones too.
    package var body: [UInt8]
    /// When the request was written to its connection, in epoch milliseconds; nil where that isn't known.
    package var sentAt: Int64?
    /// The name in the previous request on the same connection; nil where there was none, or it had no name.
    package var nameBefore: String?

    /// A response of which only its own content is known.
    package init(status: Int, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header.
    package func header(_ name: HTTPField.Name) -> String? { headers[values: name].first }
}

extension TransportResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "HTTP \(status), \(body.count) bytes" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
