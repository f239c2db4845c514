import HTTPTypes

/// A request that the API refuses; answered with an error's body.
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

/// How refusals are written: the API page leaves both open.
struct RefusalForm: Sendable {
    let shape: SandboxConfiguration.ErrorShape
    /// The HTTP status of a refused name.
    let nameStatus: HTTPResponse.Status

    func answer(_ refusal: Refusal) -> Answer {
        var answer = Answer(
            text(code: refusal.code, message: refusal.message), status: refusal.isOfName ? nameStatus : refusal.status)
        if let seconds = refusal.retryAfterSeconds { answer.headers[.retryAfter] = String(seconds) }
        return answer
    }

    /// `{"status":{"success":false,"code":…,"message":…}}`, `{"code":…,"message":…}` or
    /// `{"errors":[{"code":…,"message":…}]}`.
    /// - Parameter saysFailure: whether `success` is there in every shape.
    func text(code: Int, message: String, saysFailure: Bool = false) -> JSONText {
        var text = JSONText(capacity: 128)
        text.beginObject()
        if saysFailure, shape != .status { text.member("success", false) }
        switch shape {
        case .flat:
            text.member("code", code)
            text.member("message", message)
        case .status:
            text.name("status")
            text.beginObject()
            text.member("success", false)
            text.member("code", code)
            text.member("message", message)
            text.endObject()
        case .list:
            text.name("errors")
            text.beginArray()
            text.beginObject()
            text.member("code", code)
            text.member("message", message)
            text.endObject()
            text.endArray()
        }
        text.endObject()
        return text
    }
}
