/// A response that never came, or doesn't show whether the server carried the call out.
package struct Loss: Sendable, Equatable, CustomStringConvertible {
    /// The HTTP status, where one came.
    package var http: Int?
    /// What came instead, in a sentence.
    package var reason: String
    /// The wait that the server requires, 0 to a year; nil where it gives none.
    package var retryAfter: Duration?
    /// The group in the response, which doesn't prove this call: its id is positive, its name empty where the response
    /// had none. Another call may have made it.
    package var group: RewardGroup?
    /// The figures of the call.
    package var info: ReplyInfo

    /// A loss without a wait and a group where none is given.
    package init(
        http: Int?, reason: String, retryAfter: Duration? = nil, group: RewardGroup? = nil, info: ReplyInfo
    ) {
        self.http = http
        self.reason = reason
        self.retryAfter = retryAfter
        self.group = group
        self.info = info
    }

    package var description: String { reason }
}
