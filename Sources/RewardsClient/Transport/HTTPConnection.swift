internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// One connection to the target, carrying one call at a time. The handler nearest to the bytes (after TLS).
///
/// To its maintainers: requests are written as bytes. Responses that ``PlainAnswer`` reads end here; all others go on
/// to NIOHTTP1's decoder and ``AnswerCollector``, which stand behind in the pipeline. The decoder wants to see the
/// request that a response belongs to, so a call's head is written through it first, and swallowed here.
///
/// A response proves nothing unless it is the call's own, and HTTP/1.1 pairs them by order alone. So a call ends only
/// when all that came in the same read is seen, and whatever came behind its response closes the connection: the rest
/// would else be taken for the response of the next call. What a later read brings is told by what it says
/// (``HTTPCall/ended(_:after:)``).
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
    /// How the call ended, until the read that brought its response is over; and whether the connection may be kept.
    private var finished: (ending: HTTPCall.Ending, keeps: Bool)?
    private var isClosed = false
    /// The name that the last call sent.
    private var nameBefore: String?
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
    ///
    /// - Returns: false where the call wouldn't be sent; the connection is then as free as before.
    func send(_ call: HTTPCall) -> Bool {
        precondition(self.call == nil, "a connection carries one call at a time")
        guard let context, !isClosed, context.channel.isActive else {
            close()
            call.fail(
                TransportFailure(
                    delivery: .nothingSent, kind: .connect, message: "\(pool.place): the connection had closed"))
            return true
        }
        // The buffer is the connection's own again once the bytes are written, so that the next request needs no new
        // one.
        request.clear()
        call.sentAt = ClientClock.epochMilliseconds
        guard call.write(to: &request) else { return false }
        precondition(request.readableBytes > 0, "a call that is sent has bytes")
        self.call = call
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        return true
    }

    /// Whether the server still holds its side open, as far as this machine knows: an idle connection may have been
    /// closed with nobody having looked.
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
        if let finished { return end(finished.ending, keeps: false) }
        end(
            .failed(TransportFailure(delivery: .unknown, kind: kind, message: "\(pool.place): \(message)")),
            keeps: false)
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        context?.close(promise: nil)
    }

    /// Takes in a whole response that NIOHTTP1 read.
    func collected(_ answer: TransportAnswer, isKeptAlive: Bool) { finish(.whole(answer), keeps: isKeptAlive) }

    private func finish(_ ending: HTTPCall.Ending, keeps: Bool) {
        guard call != nil else { return }
        if finished != nil { finished?.keeps = false } else { finished = (ending, keeps) }
    }

    private func end(_ ending: HTTPCall.Ending, keeps: Bool) {
        guard let call else { return }
        self.call = nil
        finished = nil
        isDecoding = false
        idleSince = .now()
        let isInStep = call.ended(ending, after: nameBefore)
        nameBefore = call.name
        if keeps, isInStep, !isClosed { pool.becameIdle(self) } else { close() }
        call.freed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let call else { return close() }
        // Bytes behind the response.
        if finished != nil {
            finished?.keeps = false
            return
        }
        let buffer = unwrapInboundIn(data)
        if isDecoding { return decode(buffer, context) }
        if call.takesPlain, let answer = buffer.withUnsafeReadableBytes({ PlainAnswer($0) }) {
            return finish(.plain(answer, buffer), keeps: answer.isKeptAlive)
        }
        // A TLS record (RFC 8446, 5.1) of version 3: an alert, or a handshake.
        if let type = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self), type == 0x1503 || type == 0x1603 {
            return fail(.closed, "the target speaks TLS: is it https://?")
        }
        isDecoding = true
        collector?.begin()
        decode(buffer, context)
    }

    /// Gives bytes to NIOHTTP1, the last one by itself: a response that ends before it has bytes behind it.
    private func decode(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        var last = buffer
        if let head = last.readSlice(length: max(0, last.readableBytes - 1)), head.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(head))
        }
        guard call != nil, !isClosed else { return }
        if finished != nil {
            finished?.keeps = false
        } else {
            context.fireChannelRead(wrapInboundOut(last))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let finished { end(finished.ending, keeps: finished.keeps) }
        context.fireChannelReadComplete()
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
