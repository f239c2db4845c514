internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Collects the parts of a response that NIOHTTP1 reads, within a limit.
final class ResponseCollector: ChannelInboundHandler {
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

    /// Prepares the decoder for a response: it reads none without a request before it. Any request serves whose
    /// response can have a body.
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
            var headers = HTTPFields()
            for (name, value) in head.headers {
                // NIOHTTP1 has checked the name.
                if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
            }
            let response = TransportResponse(status: Int(head.status.code), headers: headers, body: body)
            (self.head, body) = (nil, [])
            connection.collected(response, isKeptAlive: head.isKeepAlive)
        }
    }

    private func refuse() {
        (head, body) = (nil, [])
        connection.fail(.responseTooLarge, "the response is longer than \(bytesMax) bytes")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.fail(.closed, "the response was cut short or isn't HTTP")
    }
}
