internal import HTTPTypes

extension ResponseReader {
    private static let messageMax = 500, titleMax = 100, textMax = 200

    /// The refusal of a response, with the server's message where it has one.
    func refusal(_ content: DecodedResponse, body: ResponseBody?, info: ReplyInfo) -> Refusal {
        let response = content.response
        let form = form(content, body)
        let now = info.date
        return Refusal(
            http: response.status, code: body?.errorCode, message: message(content, body, form),
            retryAfter: RetryAfter.wait(response.header(.retryAfter), now: now ?? environment.epochSeconds),
            isUnauthorized: response.status == 401 || response.status == 403,
            isThrottled: response.status == 429 || body?.errorCode == 429, form: form, info: info)
    }

    private func form(_ content: DecodedResponse, _ body: ResponseBody?) -> Refusal.Form {
        if (300...399).contains(content.response.status) { return .redirect }
        if content.trouble != nil { return .page }
        if body?.errorCode != nil || body?.errorMessage != nil { return .api }
        return content.body.allSatisfy { $0 <= 0x20 } ? .none : .page
    }

    private func message(_ content: DecodedResponse, _ body: ResponseBody?, _ form: Refusal.Form) -> String {
        let status = content.response.status
        if form == .redirect { return redirectMessage(content.response) }
        if let trouble = content.trouble { return "the target responded with HTTP \(status), \(trouble)" }
        let words = body?.errorMessage.flatMap(shown)
        let page = form == .page ? PageText(content.body, type: content.response.header(.contentType)) : nil
        switch status {
        case 403 where page != nil:
            let title =
                page?.title.flatMap { shown($0, Self.titleMax) } ?? page?.text.flatMap { shown($0, Self.textMax) }
            return "blocked before the API (HTTP 403, \(page?.isHTML == true ? "a web page" : "a text"))"
                + (title.map { ": \($0)" } ?? "")
        case 401, 403:
            return "the target refused the credentials" + (words.map { " (\($0))" } ?? "")
                + ": \(credentials.environmentHint)"
        case 409 where page?.isHTML == false && words == nil:
            return page?.text.flatMap { shown($0, Self.textMax) } ?? "the target responded with HTTP 409 and no message"
        default:
            if let words { return words }
            if let page, page.isHTML {
                let title = page.title.flatMap { shown($0, Self.titleMax) }
                return "the target responded with HTTP \(status) and a web page" + (title.map { " (\($0))" } ?? "")
            }
            if let text = page?.text.flatMap({ shown($0, Self.textMax) }) {
                return "the target responded with HTTP \(status) and a text (\(text))"
            }
            return "the target responded with HTTP \(status) and no message"
        }
    }

    /// Shows only the host of a redirect: the rest can hold secrets of others.
    private func redirectMessage(_ response: TransportResponse) -> String {
        let location = response.header(.location) ?? ""
        var host = "elsewhere"
        if let mark = location.firstRange(of: "//") {
            let authority = location[mark.upperBound...].prefix { !"/?#".contains($0) }
            let name = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
            if let shown = shown(String(name)) { host = "to \(shown)" }
        } else if location.hasPrefix("/") {
            host = "to another path of the same host"
        }
        return "the target redirects \(host), and redirects are never followed with credentials: "
            + "give the API's own address by --target, or its path by --api-prefix"
    }

    /// Text of the server on one line: without our secrets, with blanks for control characters, at most `count`
    /// characters; nil for none.
    func shown(_ text: String, _ count: Int) -> String? {
        let head = redactor.redacted(String(text.unicodeScalars.prefix(4_000)))
        let line = head.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        let shown = String(line).prefix(count)
        return shown.allSatisfy(\.isWhitespace) ? nil : String(shown)
    }

    func shown(_ text: String) -> String? { shown(text, Self.messageMax) }
}
