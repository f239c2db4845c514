internal import HTTPTypes

/// What came in response to a POST to an address that isn't the API's.
package struct PostResponse: Sendable {
    /// The HTTP status.
    package var status: Int
    /// How long the response asks to wait before the request is sent again; nil where it doesn't.
    package var retryAfter: Duration?
    /// The body as it came.
    package var body: [UInt8]
}

extension HTTPTransport {
    /// Headers that ``post(json:to:headers:by:)`` writes itself.
    private static let ownHeaders: Set<String> = [
        "host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade", "te", "trailer",
        "expect", "user-agent",
    ]

    /// Sends a POST of JSON to an address that isn't the API's, with none of the configuration's credentials.
    ///
    /// - Parameters:
    ///   - path: the path and the query, in the form that HTTP takes.
    ///   - headers: further ones, which may be credentials.
    ///   - configuration: that of the transport.
    /// - Throws: `ClientError` with `badHeader` or `forbiddenHeader`, and as ``send(_:)``.
    package func post(
        json body: [UInt8], to path: String, headers: [(String, String)], by configuration: ClientConfiguration
    ) async throws -> PostResponse {
        var fields = try ClientConfiguration.checked(headers, forbidden: Self.ownHeaders)
        fields.append(HTTPField(name: .userAgent, value: configuration.userAgent))
        fields.append(HTTPField(name: .accept, value: "application/json"))
        fields.append(HTTPField(name: .contentType, value: "application/json"))
        let response = try await send(
            TransportRequest(
                method: .post, url: configuration.target + path, headers: fields, body: body,
                timeout: configuration.requestTimeout))
        let wait = RetryAfter.wait(
            response.header(.retryAfter), now: response.header(.date).flatMap(HTTPDate.epochSeconds) ?? 0)
        return PostResponse(status: response.status, retryAfter: wait, body: response.body)
    }
}
