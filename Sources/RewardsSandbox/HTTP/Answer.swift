import HTTPTypes
import Hummingbird
import NIOCore

/// An answer of the API, as its page shows them, with its body whole.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    var headers: HTTPFields = [.contentType: "application/json"]
    let body: ByteBuffer

    init(_ text: JSONText, status: HTTPResponse.Status = .ok) {
        self.status = status
        body = text.buffer
    }

    /// An answer that is not of the API.
    init(status: HTTPResponse.Status, contentType: String, bytes: some Sequence<UInt8>) {
        self.status = status
        headers = [.contentType: contentType]
        body = ByteBuffer(bytes: bytes)
    }

    /// The answer as the server sends it.
    func response() -> Response {
        Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}

extension Answer {
    static func token(_ token: TokenStore.Token) -> Answer {
        var text = JSONText()
        text.beginObject()
        text.name("data")
        text.beginObject()
        text.member("accessToken", token.text)
        text.member("ttlSeconds", token.lifetimeSeconds)
        text.endObject()
        text.nullMember("errors")
        text.endObject()
        return Answer(text)
    }

    /// A web page, as a gateway or a firewall sends it.
    static func page(_ status: HTTPResponse.Status, title: String) -> Answer {
        let page = "<html><head><title>\(title)</title></head><body><center><h1>\(title)</h1></center></body></html>"
        return Answer(status: status, contentType: "text/html", bytes: page.utf8)
    }

    /// A redirection to a page that asks who it is.
    static func redirect(_ status: HTTPResponse.Status) -> Answer {
        var answer = Answer(status: status, contentType: "text/html", bytes: [])
        answer.headers[.location] = "/login"
        return answer
    }

    static func list(_ page: GroupReader.Page, query: ListQuery, form: GroupForm) -> Answer {
        var text = JSONText(capacity: 512 * (page.groups.count + 1))
        text.beginObject()
        text.name("status")
        text.beginObject()
        text.member("success", true)
        text.member("code", 12013)
        text.member("message", "Get all groups fetched successfully")
        text.endObject()
        text.name("groupRoList")
        text.beginArray()
        for group in page.groups {
            form.write(group, in: .read, to: &text)
        }
        text.endArray()
        let pageCount = (page.totalCount + query.size - 1) / query.size
        text.name("pagingDto")
        text.beginObject()
        // The page may be the largest integer.
        text.member("last", query.page >= pageCount - 1)
        text.member("totalElements", page.totalCount)
        text.member("totalPages", pageCount)
        text.member("numberOfElements", page.groups.count)
        text.member("first", query.page == 0)
        text.member("size", query.size)
        text.member("number", query.page)
        text.endObject()
        text.endObject()
        return Answer(text)
    }
}
