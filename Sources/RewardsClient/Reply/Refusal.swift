/// A whole response that refuses the call.
package struct Refusal: Sendable, Equatable, CustomStringConvertible {
    /// The kind of the response's body, which shows whether the API itself sent it.
    package enum Form: String, Sendable {
        /// A JSON object with a code or a message.
        case api
        /// A web page, or any other text: a gateway, a firewall or a login page.
        case page
        /// A 3xx with any body.
        case redirect
        /// No body.
        case none
    }

    /// The HTTP status.
    package var http: Int
    /// The API's own code (12012: the name is taken); nil where the response has none.
    package var code: Int?
    /// The server's message, at most 500 characters on one line and without our secrets, or ours where it gave none.
    package var message: String
    /// The wait that the server requires, 0 to a year; nil where it gives none.
    package var retryAfter: Duration?
    /// Whether it refuses the credentials (401, 403, or a refused token call).
    package var isUnauthorized: Bool
    /// Whether the rate is above the API's limit (429, as the status or as the code in the body).
    package var isThrottled: Bool
    /// The kind of the response's body.
    package var form: Form
    /// The figures of the call.
    package var info: ReplyInfo

    /// A refusal by the API, neither for the credentials nor for the rate, where nothing else is given.
    package init(
        http: Int, code: Int? = nil, message: String, retryAfter: Duration? = nil, isUnauthorized: Bool = false,
        isThrottled: Bool = false, form: Form = .api, info: ReplyInfo
    ) {
        self.http = http
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.isUnauthorized = isUnauthorized
        self.isThrottled = isThrottled
        self.form = form
        self.info = info
    }

    package var description: String { "HTTP \(http)" + (code.map { ", code \($0)" } ?? "") + ": \(message)" }
}
