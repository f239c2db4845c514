/// A whole response that says no.
package struct Refusal: Sendable, Equatable, CustomStringConvertible {
    /// What the response's body was, which tells whether the API itself spoke.
    package enum Form: String, Sendable {
        /// A JSON object with a code or a message.
        case api
        /// A web page, or any other text: a gateway, a firewall or a login page.
        case page
        /// A 3xx, whatever its body.
        case redirect
        /// No body.
        case none
    }

    package var http: Int
    /// The API's own code (12012: the name is taken); nil where the response has none.
    package var code: Int?
    /// The server's words, at most 500 characters on one line and without our secrets, or ours where it gave none.
    package var message: String
    /// How long the server asks to wait, 0 to 1 hour; nil where it doesn't say.
    package var retryAfter: Duration?
    /// The credentials were refused (401, 403, or the token call's refusal).
    package var isUnauthorized: Bool
    /// Over the API's allowance (429).
    package var isThrottled: Bool
    package var form: Form
    package var info: ReplyInfo

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
