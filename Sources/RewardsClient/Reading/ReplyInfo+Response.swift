internal import HTTPTypes

extension ReplyInfo {
    /// The figures of a call that had a response.
    init(_ response: TransportResponse, latency: Duration, requests: Int) {
        self.init(
            http: response.status, latency: latency, date: response.header(.date).flatMap(HTTPDate.epochSeconds),
            requests: requests, sentAt: response.sentAt)
    }
}
