import HTTPTypes

/// How refusals are written: the API page leaves both open.
struct RefusalForm: Sendable {
    let shape: ErrorShape
    /// The HTTP status of a refused name.
    let nameStatus: HTTPResponse.Status

    func response(_ refusal: Refusal) -> BufferedResponse {
        var response = BufferedResponse(
            text(code: refusal.code, message: refusal.message), status: refusal.isOfName ? nameStatus : refusal.status)
        if let seconds = refusal.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
        return response
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
