import Foundation
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
    /// The bytes of a slow answer go in this many pieces, with this pause between them.
    private static let slowPieces = 10
    private static let slowPause = Duration.milliseconds(50)
    /// How long the second of two same responses waits, so that another request may be on its way by then.
    private static let desyncPause = Duration.milliseconds(5)

    /// - Parameters:
    ///   - answer: what the request got, or would have got where it wasn't handled.
    ///   - channel: the connection.
    func ending(instead answer: Answer?, channel: any Channel) -> Ending {
        switch fault.kind {
        case .lostBefore, .lostAfter: .closed(isReset: fault.pick([false, true]))
        case .timeoutBefore, .timeoutAfter: .held
        case .cut: answer.map { .answered(cut($0, channel: channel)) } ?? .closed(isReset: false)
        case .slow: answer.map { .answered(slow($0)) } ?? .closed(isReset: false)
        case .keepaliveClose: answer.map { .answered(closing($0, channel: channel)) } ?? .closed(isReset: false)
        case .tooMany, .tooManyAfter: .answered(tooMany().response())
        case .internalError, .badGateway, .unavailable: .answered(serverError().response())
        case .unavailableAfter: .answered(unavailableAfter().response())
        case .redirect: .answered(Answer.redirect(fault.pick([.found, .seeOther, .temporaryRedirect])).response())
        case .firewall: .answered(Answer.page(.forbidden, title: "Request blocked").response())
        case .desync: answer.map { .answered(twice($0)) } ?? .closed(isReset: false)
        case .falseID: falseID(answer).map { .answered($0.response()) } ?? .closed(isReset: false)
        case .tokenFail: tokenFailure()
        case .gzip: answer.map { .answered(compressed($0).response()) } ?? .closed(isReset: false)
        case .foreign, .foreignAfter: .closed(isReset: fault.pick([false, true]))
        case .garbage: .answered(garbage().response())
        case .falseSuccess: .answered(falseSuccess().response())
        case .expiredToken:
            .answered(form.answer(Refusal(.unauthorized, "Credentials are missing, wrong or expired")).response())
        case .staleList, .tokenShort: answer.map { .answered($0.response()) } ?? .closed(isReset: false)
        }
    }

    private static func retryAfter(_ now: Int64) -> [String] {
        [String(retryAfterSeconds), httpDate(now / 1000 + retryAfterSeconds)]
    }

    private func tooMany() -> Answer {
        var answer = form.answer(Refusal(.tooManyRequests, "Rate limit exceeded"))
        answer.headers[.retryAfter] = fault.pick([nil] + Self.retryAfter(now))
        return answer
    }

    private func unavailableAfter() -> Answer {
        var answer = form.answer(Refusal(.serviceUnavailable, "Try again later"))
        answer.headers[.retryAfter] = fault.pick(Self.retryAfter(now))
        return answer
    }

    private func falseID(_ answer: Answer?) -> Answer? {
        guard case .create(let body) = call else { return answer }
        return fault.pick(FalseID.allCases).answer(body, instead: answer)
    }

    private func tokenFailure() -> Ending {
        switch fault.choice % 3 {
        case 0: return .closed(isReset: false)
        case 1: return .answered(form.answer(Refusal(.internalServerError, "Something went wrong")).response())
        default:
            var refusal = Refusal(.tooManyRequests, "Rate limit exceeded")
            refusal.retryAfterSeconds = Self.retryAfterSeconds
            return .answered(form.answer(refusal).response())
        }
    }

    private func compressed(_ answer: Answer) -> Answer {
        guard let bytes = gzip(answer.body) else { return answer }
        var compressed = Answer(status: answer.status, contentType: "application/json", bytes: bytes)
        compressed.headers = answer.headers
        compressed.headers[.contentEncoding] = "gzip"
        return compressed
    }

    /// The API's own error, or a gateway's page.
    private func serverError() -> Answer {
        let status = HTTPResponse.Status(code: Int(fault.kind.rawValue) ?? 500)
        var answer = fault.pick([
            form.answer(Refusal(status, "Something went wrong")),
            Answer.page(status, title: "\(status)"),
            Answer(status: status, contentType: "text/plain", bytes: []),
        ])
        // Bits that neither the form nor the order of handling depends on.
        if fault.choice >> 32 % 8 == 0 { answer.headers[.retryAfter] = String(Self.retryAfterSeconds) }
        return answer
    }

    private func garbage() -> Answer {
        let texts: [String] = [
            "<html><body>Welcome</body></html>", "", "{\"id\":", "[]", "[{\"id\":1}]", "\"ok\"", "1", "null", "{}",
            "{\"id\":null}", "{\"id\":\"one\"}", "{\"id\":1.5}", "{\"id\":{}}", "{\"data\":[]}",
        ]
        let bytes = fault.pick(
            texts.map { Array($0.utf8) } + [[0xff, 0xfe, 0x00], Array("{\"id\":1}{\"id\":2}".utf8)])
        return Answer(status: .ok, contentType: "application/json", bytes: bytes)
    }

    private func falseSuccess() -> Answer {
        let (code, message) = fault.pick([
            (500, "Internal error"), (12_000, "Group could not be saved"), (9_999, "Try again later"),
        ])
        return Answer(form.text(code: code, message: message, saysFailure: true))
    }

    /// Ends after a part of the body, down to none of it.
    private func cut(_ answer: Answer, channel: any Channel) -> Response {
        var part = answer.body
        let count = Int(fault.choice % UInt64(max(part.readableBytes, 1)))
        let bytes = part.readSlice(length: count)
        let body = ResponseBody(contentLength: answer.body.readableBytes) { writer in
            if let bytes, bytes.readableBytes > 0 { try await writer.write(bytes) }
            await channel.end(.close(isReset: false))
            throw ConnectionClosed()
        }
        return Response(status: answer.status, headers: answer.headers, body: body)
    }

    /// Whole, and again as a response of its own, at once or a moment later; whatever is read as the response to the
    /// next
    /// request on the connection is then the one to this.
    private func twice(_ answer: Answer) -> Response {
        let whole = answer.body
        var again = ByteBuffer(string: "HTTP/1.1 \(answer.status.code) \(answer.status.reasonPhrase)\r\n")
        for field in answer.headers { again.writeString("\(field.name): \(field.value)\r\n") }
        again.writeString("Date: \(httpDate(now / 1000))\r\nContent-Length: \(whole.readableBytes)\r\n\r\n")
        again.writeImmutableBuffer(whole)
        let pause: Duration = fault.choice >> 63 == 1 ? Self.desyncPause : .zero
        // The encoder writes what it is given, however long the head says that the body is.
        let body = ResponseBody(contentLength: whole.readableBytes) { [again] writer in
            try await writer.write(whole)
            if pause > .zero { try await Task.sleep(for: pause) }
            try await writer.write(again)
            try await writer.finish(nil)
        }
        return Response(status: answer.status, headers: answer.headers, body: body)
    }

    private func slow(_ answer: Answer) -> Response {
        let whole = answer.body
        let body = ResponseBody(contentLength: whole.readableBytes) { writer in
            var rest = whole
            let pieceBytes = max((whole.readableBytes + Self.slowPieces - 1) / Self.slowPieces, 1)
            while let piece = rest.readSlice(length: min(pieceBytes, rest.readableBytes)), piece.readableBytes > 0 {
                try await writer.write(piece)
                try await Task.sleep(for: Self.slowPause)
            }
            try await writer.finish(nil)
        }
        return Response(status: answer.status, headers: answer.headers, body: body)
    }

    /// Whole, and then the connection is closed though nothing announced it.
    private func closing(_ answer: Answer, channel: any Channel) -> Response {
        let whole = answer.body
        let body = ResponseBody(contentLength: whole.readableBytes) { writer in
            try await writer.write(whole)
            try await writer.finish(nil)
            await channel.end(.close(isReset: false))
        }
        return Response(status: answer.status, headers: answer.headers, body: body)
    }
}

/// Writes an instant as HTTP does, `Mon, 17 Mar 2025 02:58:47 GMT` (RFC 9110 section 5.6.7).
/// - Parameter seconds: since 1970-01-01T00:00:00Z.
package func httpDate(_ seconds: Int64) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
}
