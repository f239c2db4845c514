import Hummingbird
import NIOCore

/// Responses whose bodies are cut, sent twice, slow, or followed by the end of the connection.
extension FaultyEnding {
    /// The bytes of a slow response go in this many pieces, with this pause between them.
    private static let slowPieces = 10
    private static let slowPause = Duration.milliseconds(50)
    /// How long the second of two same responses waits, so that another request may be on its way by then.
    private static let desyncPause = Duration.milliseconds(5)

    /// Ends after a part of the body, down to none of it.
    func cut(_ response: BufferedResponse, channel: any Channel) -> Response {
        var part = response.body
        let count = Int(fault.choice % UInt64(max(part.readableBytes, 1)))
        let bytes = part.readSlice(length: count)
        let body = ResponseBody(contentLength: response.body.readableBytes) { writer in
            if let bytes, bytes.readableBytes > 0 { try await writer.write(bytes) }
            await channel.end(.close(isReset: false))
            throw ConnectionClosed()
        }
        return Response(status: response.status, headers: response.headers, body: body)
    }

    /// Whole, and again as a response of its own, at once or a moment later; whatever is read as the response to the
    /// next request on the connection is then the one to this.
    func twice(_ response: BufferedResponse) -> Response {
        let whole = response.body
        var again = ByteBuffer(string: "HTTP/1.1 \(response.status.code) \(response.status.reasonPhrase)\r\n")
        for field in response.headers { again.writeString("\(field.name): \(field.value)\r\n") }
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
        return Response(status: response.status, headers: response.headers, body: body)
    }

    func slow(_ response: BufferedResponse) -> Response {
        let whole = response.body
        let body = ResponseBody(contentLength: whole.readableBytes) { writer in
            var rest = whole
            let pieceBytes = max((whole.readableBytes + Self.slowPieces - 1) / Self.slowPieces, 1)
            while let piece = rest.readSlice(length: min(pieceBytes, rest.readableBytes)), piece.readableBytes > 0 {
                try await writer.write(piece)
                try await Task.sleep(for: Self.slowPause)
            }
            try await writer.finish(nil)
        }
        return Response(status: response.status, headers: response.headers, body: body)
    }

    /// Whole, and then the connection is closed though nothing announced it.
    func closing(_ response: BufferedResponse, channel: any Channel) -> Response {
        let whole = response.body
        let body = ResponseBody(contentLength: whole.readableBytes) { writer in
            try await writer.write(whole)
            try await writer.finish(nil)
            await channel.end(.close(isReset: false))
        }
        return Response(status: response.status, headers: response.headers, body: body)
    }
}
