internal import NIOCore
internal import NIOHTTP1

/// Puts the parts of an answer that NIOHTTP1 reads together, within a limit.
final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private unowned let connection: HTTPConnection
    private let bytesMax: Int
    private var context: ChannelHandlerContext?
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []

    init(connection: HTTPConnection, bytesMax: Int) {
        self.connection = connection
        self.bytesMax = bytesMax
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Expects an answer: the decoder reads none that no request stands before. Which one doesn't matter, as long as an answer
    /// to it may have a body.
    func begin() {
        (head, body) = (nil, [])
        let request = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")
        context?.write(wrapOutboundOut(.head(request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            connection.call?.hasHead = true
            if let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }), length > bytesMax {
                refuse()
            }
        case .body(let part):
            guard head != nil else { return }
            guard part.readableBytes <= bytesMax - body.count else { return refuse() }
            body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head else { return }
            let headers = head.headers.map { ($0.name, $0.value) }
            let answer = TransportAnswer(status: Int(head.status.code), headers: headers, body: body)
            (self.head, body) = (nil, [])
            connection.collected(answer, isKeptAlive: head.isKeepAlive)
        }
    }

    private func refuse() {
        (head, body) = (nil, [])
        connection.fail(.answerTooLarge, "the answer is longer than \(bytesMax) bytes")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.fail(.closed, "the answer was cut short or isn't HTTP")
    }
}
