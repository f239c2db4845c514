import HTTPTypes
import Hummingbird
import NIOCore

/// How a fault ends the request that it strikes.
struct FaultyEnding: Sendable {
    let fault: Fault
    let call: Call
    let form: RefusalForm
    /// Milliseconds since 1970.
    let now: Int64

    /// The seconds after which a client that was throttled may come again.
    private static let retryAfterSeconds: Int64 = 1

    /// How the request ends.
    /// - Parameters:
    ///   - response: what the request got, or would have got where it wasn't handled.
    ///   - channel: the connection.
    func ending(instead response: BufferedResponse?, channel: any Channel) -> Ending {
        switch fault.kind {
        case .lostBefore, .lostAfter: .closed(isReset: fault.pick([false, true]))
        case .timeoutBefore, .timeoutAfter: .held
        case .cut: response.map { .responded(cut($0, channel: channel)) } ?? .closed(isReset: false)
        case .slow: response.map { .responded(slow($0)) } ?? .closed(isReset: false)
        case .keepaliveClose: response.map { .responded(closing($0, channel: channel)) } ?? .closed(isReset: false)
        case .tooMany, .tooManyAfter: .whole(tooMany())
        case .internalError, .badGateway, .unavailable: .whole(serverError())
        case .unavailableAfter: .whole(unavailableAfter())
        case .redirect: .whole(BufferedResponse.redirect(fault.pick([.found, .seeOther, .temporaryRedirect])))
        case .firewall: .whole(BufferedResponse.page(.forbidden, title: "Request blocked"))
        case .desync: response.map { .responded(twice($0)) } ?? .closed(isReset: false)
        case .falseID: falseID(response).map { .whole($0) } ?? .closed(isReset: false)
        case .tokenFail: tokenFailure()
        case .gzip: response.map { .whole(compressed($0)) } ?? .closed(isReset: false)
        case .foreign, .foreignAfter: .closed(isReset: fault.pick([false, true]))
        case .garbage: .whole(garbage())
        case .falseSuccess: .whole(falseSuccess())
        case .expiredToken:
            .whole(form.response(Refusal(.unauthorized, "Credentials are missing, wrong or expired")))
        case .staleList, .tokenShort: response.map { .whole($0) } ?? .closed(isReset: false)
        }
    }

    private static func retryAfter(_ now: Int64) -> [String] {
        [String(retryAfterSeconds), httpDate(now / 1000 + retryAfterSeconds)]
    }

    private func tooMany() -> BufferedResponse {
        var response = form.response(Refusal(.tooManyRequests, "Rate limit exceeded"))
        response.headers[.retryAfter] = fault.pick([nil] + Self.retryAfter(now))
        return response
    }

    private func unavailableAfter() -> BufferedResponse {
        var response = form.response(Refusal(.serviceUnavailable, "Try again later"))
        response.headers[.retryAfter] = fault.pick(Self.retryAfter(now))
        return response
    }

    private func falseID(_ response: BufferedResponse?) -> BufferedResponse? {
        guard case .create(let body) = call else { return response }
        return fault.pick(FalseID.allCases).response(body, instead: response)
    }

    private func tokenFailure() -> Ending {
        switch fault.choice % 3 {
        case 0: return .closed(isReset: false)
        case 1: return .whole(form.response(Refusal(.internalServerError, "Something went wrong")))
        default:
            var refusal = Refusal(.tooManyRequests, "Rate limit exceeded")
            refusal.retryAfterSeconds = Self.retryAfterSeconds
            return .whole(form.response(refusal))
        }
    }

    private func compressed(_ response: BufferedResponse) -> BufferedResponse {
        guard let bytes = gzip(response.body) else { return response }
        var compressed = BufferedResponse(status: response.status, contentType: "application/json", bytes: bytes)
        compressed.headers = response.headers
        compressed.headers[.contentEncoding] = "gzip"
        return compressed
    }

    /// The API's own error, or a gateway's page.
    private func serverError() -> BufferedResponse {
        let status = HTTPResponse.Status(code: Int(fault.kind.rawValue) ?? 500)
        var response = fault.pick([
            form.response(Refusal(status, "Something went wrong")),
            BufferedResponse.page(status, title: "\(status)"),
            BufferedResponse(status: status, contentType: "text/plain", bytes: []),
        ])
        // Bits that neither the form nor the order of handling depends on.
        if fault.choice >> 32 % 8 == 0 { response.headers[.retryAfter] = String(Self.retryAfterSeconds) }
        return response
    }

    private func garbage() -> BufferedResponse {
        let texts: [String] = [
            "<html><body>Welcome</body></html>", "", "{\"id\":", "[]", "[{\"id\":1}]", "\"ok\"", "1", "null", "{}",
            "{\"id\":null}", "{\"id\":\"one\"}", "{\"id\":1.5}", "{\"id\":{}}", "{\"data\":[]}",
        ]
        let bytes = fault.pick(
            texts.map { Array($0.utf8) } + [[0xff, 0xfe, 0x00], Array("{\"id\":1}{\"id\":2}".utf8)])
        return BufferedResponse(status: .ok, contentType: "application/json", bytes: bytes)
    }

    private func falseSuccess() -> BufferedResponse {
        let (code, message) = fault.pick([
            (500, "Internal error"), (12_000, "Group could not be saved"), (9_999, "Try again later"),
        ])
        return BufferedResponse(form.text(code: code, message: message, saysFailure: true))
    }
}
