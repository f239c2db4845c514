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

    static func group(_ group: StoredGroup, organisation: Int) -> Answer {
        var text = JSONText()
        write(group, organisation: organisation, to: &text)
        return Answer(text)
    }

    static func list(_ page: GroupReader.Page, query: ListQuery, organisation: Int) -> Answer {
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
            write(group, organisation: organisation, to: &text)
        }
        text.endArray()
        let pageCount = (page.totalCount + query.size - 1) / query.size
        text.name("pagingDto")
        text.beginObject()
        text.member("last", query.page + 1 >= pageCount)
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

    private static func write(_ group: StoredGroup, organisation: Int, to text: inout JSONText) {
        text.beginObject()
        text.member("id", group.id)
        text.member("orgId", organisation)
        text.member("name", group.name)
        if let rank = group.rank { text.member("rank", rank) } else { text.nullMember("rank") }
        text.member("isActive", group.isActive)
        text.member("createdBy", group.createdBy)
        text.member("createdOn", group.createdOn)
        text.member("createdOnDateTime", utcDateTime(group.createdOn))
        text.member("lastUpdatedBy", group.lastUpdatedBy)
        text.member("lastUpdatedOn", group.lastUpdatedOn)
        text.member("lastUpdatedOnDateTime", utcDateTime(group.lastUpdatedOn))
        text.endObject()
    }
}
