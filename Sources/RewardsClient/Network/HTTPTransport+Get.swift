internal import HTTPTypes

extension HTTPTransport {
    /// Sends a GET with no credentials, to an address that isn't the API's.
    ///
    /// - Parameters:
    ///   - path: the path and the query, in the form that HTTP takes.
    ///   - configuration: that of the transport.
    /// - Returns: the HTTP status of the response.
    /// - Throws: as ``send(_:)``.
    package func status(
        ofGet path: String, by configuration: ClientConfiguration
    ) async throws(TransportFailure) -> Int {
        let headers: HTTPFields = [.userAgent: configuration.userAgent, .accept: "*/*"]
        return try await send(
            TransportRequest(
                method: .get, url: configuration.target + path, headers: headers, body: nil,
                timeout: configuration.requestTimeout)
        ).status
    }
}
