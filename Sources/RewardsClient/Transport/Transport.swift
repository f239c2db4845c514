/// Sends one HTTP request and gives its whole response, or says whether anything of the request was sent.
///
/// It never retries a request, never follows a redirect and ends within the request's time-out (three times that where
/// the response's body comes slowly).
package protocol Transport: Sendable {
    /// Sends a request.
    ///
    /// - Throws: `TransportFailure` when there is no whole response, cancellation included.
    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse
}
