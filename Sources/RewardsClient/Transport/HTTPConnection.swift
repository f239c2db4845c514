internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// One connection to the target, carrying one call at a time. The handler nearest to the bytes (after TLS).
///
/// To its maintainers: requests are written as bytes. Answers that ``PlainAnswer`` reads end here; all others go on to
/// NIOHTTP1's decoder and ``AnswerCollector``, which stand behind in the pipeline. The decoder wants to see the request that an
/// answer belongs to, so a call's head is written through it first, and swallowed here.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = ByteBuffer

    /// Told of what becomes of the connection.
    private let pool: ConnectionPool
    private let answerBytesMax: Int
    private var context: ChannelHandlerContext?
    private var collector: AnswerCollector?
    /// The call that it carries.
    private(set) var call: HTTPCall?
    /// Whether the answer under way is NIOHTTP1's to read.
    private var isDecoding = false
    private var isClosed = false
    private var request = ByteBuffer()
    /// Since when it carries nothing.
    private(set) var idleSince = NIODeadline.now()

    init(pool: ConnectionPool, answerBytesMax: Int) {
        self.pool = pool
        self.answerBytesMax = answerBytesMax
    }

    /// Puts the connection into a channel that is open, after TLS.
    func join(_ channel: any Channel) throws {
        let collector = AnswerCollector(connection: self, bytesMax: answerBytesMax)
        self.collector = collector
        try channel.pipeline.syncOperations.addHandlers([
            self, ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)), collector,
        ])
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        collector = nil
    }

    /// Sends a call. The connection must carry none.
    func send(_ call: HTTPCall) {
        precondition(self.call == nil, "a connection carries one call at a time")
        self.call = call
        guard let context, !isClosed, context.channel.isActive else {
            return end(
                .failed(
                    TransportFailure(
                        delivery: .nothingSent, kind: .connect, message: "\(pool.place): the connection had closed")),
                keeps: false)
        }
        // The buffer is the connection's own again once the bytes are written, so that the next request needs no new one.
        request.clear()
        call.sentAt = ClientClock.epochMilliseconds
        call.write(&request)
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    /// Whether the server still holds its side open, as far as this machine knows: an idle connection may have been closed with
    /// nobody having looked.
    var isEstablished: Bool {
        guard let context, !isClosed, context.channel.isActive else { return false }
        #if os(Linux)
            guard let options = context.channel as? any SocketOptionProvider else { return true }
            var isEstablished = true
            // TCP_ESTABLISHED; the future is answered at once on the channel's own event loop.
            options.getTCPInfo().assumeIsolated().whenSuccess { isEstablished = $0.tcpi_state == 1 }
            return isEstablished
        #else
            return true
        #endif
    }

    /// Ends the call that it carries and closes.
    func fail(_ kind: TransportFailure.Kind, _ message: String) {
        end(
            .failed(TransportFailure(delivery: .unknown, kind: kind, message: "\(pool.place): \(message)")),
            keeps: false)
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        context?.close(promise: nil)
    }

    /// Takes in a whole answer that NIOHTTP1 read.
    func collected(_ answer: TransportAnswer, isKeptAlive: Bool) { end(.whole(answer), keeps: isKeptAlive) }

    private func end(_ ending: HTTPCall.Ending, keeps: Bool) {
        guard let call else { return }
        self.call = nil
        isDecoding = false
        idleSince = .now()
        if keeps, !isClosed { pool.becameIdle(self) } else { close() }
        call.end(ending)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let call else { return close() }
        if call.takesPlain, !isDecoding {
            let buffer = unwrapInboundIn(data)
            if let answer = buffer.withUnsafeReadableBytes({ PlainAnswer($0) }) {
                return end(.plain(answer, buffer), keeps: answer.isKeptAlive)
            }
        }
        if !isDecoding {
            isDecoding = true
            collector?.begin()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // The head for the decoder's eyes.
        promise?.succeed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        // An answer without a length ends here.
        context.fireChannelInactive()
        fail(.closed, "the connection was closed before the answer was whole")
        pool.closed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // TLS without a farewell: bytes that have a length of their own are whole all the same.
        if case .some(.uncleanShutdown) = error as? NIOSSLError, call == nil { return close() }
        fail(.closed, TransportFailure.text(of: error))
    }
}
