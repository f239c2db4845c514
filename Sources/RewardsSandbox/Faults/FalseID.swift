import HTTPTypes
import NIOCore

/// The forms of a response to a create whose id is none, or is beside what takes it back.
enum FalseID: CaseIterable {
    /// `{"id":0,"code":12012,"message":…}`; nothing is stored, and in the next three.
    case zeroWithCode
    /// `{"id":5,"success":false}`
    case withoutSuccess
    /// A group with a list of errors.
    case withErrors
    /// A group whose id is -1.
    case negative
    /// The stored group with a null for its id.
    case null
    /// The id of the stored group and nothing else.
    case alone

    /// Whether the create is carried out.
    var isOfStored: Bool { self == .null || self == .alone }

    /// The response to a create.
    /// - Parameter response: what it got where it was carried out.
    func response(_ body: GroupBody, instead response: BufferedResponse?) -> BufferedResponse {
        if let response { return isOfStored ? edited(response) : response }
        var text = JSONText()
        text.beginObject()
        switch self {
        case .zeroWithCode:
            text.member("id", 0)
            text.member("code", 12012)
            text.member("message", "Group name must be unique")
        case .withoutSuccess:
            text.member("id", 5)
            text.member("success", false)
        case .negative, .withErrors, .null, .alone:
            text.member("id", self == .negative ? -1 : 5)
            text.member("name", body.name ?? "")
            if let rank = body.rank ?? nil { text.member("rank", rank) } else { text.nullMember("rank") }
            text.member("isActive", true)
            if self == .withErrors { writeErrors(to: &text) }
        }
        text.endObject()
        return BufferedResponse(text)
    }

    private func writeErrors(to text: inout JSONText) {
        text.name("errors")
        text.beginArray()
        text.beginObject()
        text.member("code", 500)
        text.member("message", "Group could not be saved")
        text.endObject()
        text.endArray()
    }

    /// The group that a create stored, whose first member is the id; a refusal stays what it is.
    private func edited(_ response: BufferedResponse) -> BufferedResponse {
        let body = String(buffer: response.body)
        guard response.status == .ok, body.hasPrefix("{\"id\":"), let comma = body.firstIndex(of: ",") else {
            return response
        }
        let edited = self == .null ? "{\"id\":null\(body[comma...])" : "\(body[..<comma])}"
        return BufferedResponse(status: .ok, contentType: "application/json", bytes: edited.utf8)
    }
}
