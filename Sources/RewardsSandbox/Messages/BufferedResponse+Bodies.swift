import HTTPTypes

extension BufferedResponse {
    static func token(_ token: TokenStore.Token) -> BufferedResponse {
        var text = JSONText()
        text.beginObject()
        text.name("data")
        text.beginObject()
        text.member("accessToken", token.text)
        text.member("ttlSeconds", token.lifetimeSeconds)
        text.endObject()
        text.nullMember("errors")
        text.endObject()
        return BufferedResponse(text)
    }

    /// A web page, as a gateway or a firewall sends it.
    static func page(_ status: HTTPResponse.Status, title: String) -> BufferedResponse {
        let page = "<html><head><title>\(title)</title></head><body><center><h1>\(title)</h1></center></body></html>"
        return BufferedResponse(status: status, contentType: "text/html", bytes: page.utf8)
    }

    /// A redirection to a page that asks who it is.
    static func redirect(_ status: HTTPResponse.Status) -> BufferedResponse {
        var response = BufferedResponse(status: status, contentType: "text/html", bytes: [])
        response.headers[.location] = "/login"
        return response
    }

    static func list(_ page: GroupReader.Page, query: ListQuery, form: GroupForm) -> BufferedResponse {
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
        return BufferedResponse(text)
    }
}
