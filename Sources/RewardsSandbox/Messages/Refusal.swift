import HTTPTypes

/// A request that the API refuses; its response has an error's body.
struct Refusal: Error, Sendable {
    let status: HTTPResponse.Status
    let code: Int
    let message: String
    /// Whether it is the group's name that is refused; the HTTP status of those is configurable.
    let isOfName: Bool
    /// For `Retry-After`.
    var retryAfterSeconds: Int64?

    init(_ status: HTTPResponse.Status, code: Int? = nil, _ message: String) {
        self.status = status
        self.code = code ?? status.code
        self.message = message
        isOfName = false
    }

    /// A refusal of a group's name.
    init(ofName message: String, code: Int = 400) {
        status = .badRequest
        self.code = code
        self.message = message
        isOfName = true
    }
}
