import HTTPTypes
import Hummingbird

/// The answers of the API, as its page shows them.
enum Answer {
    static func json(_ text: JSONText, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: text.buffer))
    }

    /// `{"status":{"success":false,"code":…,"message":…}}`
    static func refusal(_ status: HTTPResponse.Status, code: Int? = nil, _ message: String) -> Response {
        var text = JSONText(capacity: 128)
        text.beginObject()
        text.name("status")
        text.beginObject()
        text.member("success", false)
        text.member("code", code ?? status.code)
        text.member("message", message)
        text.endObject()
        text.endObject()
        return json(text, status: status)
    }

    static func tooMany(retryAfterSeconds: Int64) -> Response {
        var response = refusal(.tooManyRequests, "Rate limit exceeded; try again in \(retryAfterSeconds) s")
        response.headers[.retryAfter] = String(retryAfterSeconds)
        return response
    }

    static func token(_ token: TokenStore.Token) -> Response {
        var text = JSONText()
        text.beginObject()
        text.name("data")
        text.beginObject()
        text.member("accessToken", token.text)
        text.member("ttlSeconds", token.lifetimeSeconds)
        text.endObject()
        text.nullMember("errors")
        text.endObject()
        return json(text)
    }

    static func group(_ group: StoredGroup, organisation: Int) -> Response {
        var text = JSONText()
        write(group, organisation: organisation, to: &text)
        return json(text)
    }

    static func list(_ page: GroupReader.Page, query: ListQuery, organisation: Int) -> Response {
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
        return json(text)
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
