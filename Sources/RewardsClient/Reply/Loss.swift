/// A response that never came, or doesn't prove what it should.
package struct Loss: Sendable, Equatable, CustomStringConvertible {
    /// The HTTP status, where one came.
    package var http: Int?
    /// A sentence that says what came instead.
    package var reason: String
    /// How long the server asks to wait, 0 to 1 hour; nil where it doesn't say.
    package var retryAfter: Duration?
    /// A group that the response named although it doesn't prove this call: its id is positive, its name empty where
    /// the response had none. It may be somebody else's.
    package var group: RewardGroup?
    package var info: ReplyInfo

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
