internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// One connection to the target, carrying one call at a time. The handler nearest to the bytes (after TLS).
///
/// To its maintainers: requests are written as bytes. Responses that ``PlainResponse`` reads end here; all others go on
/// to NIOHTTP1's decoder and ``ResponseCollector``, which follow in the pipeline from the first such response on: each
/// handler that is there costs every create. The decoder must see a request before its response, so
/// ``ResponseCollector/begin()`` writes a head through it, which ``HeadSink`` drops.
///
/// A response proves nothing unless it belongs to the call, and HTTP/1.1 pairs requests and responses by order alone.
/// So a call ends only after the whole read that brought its response, and bytes after the response close the
/// connection: they would otherwise be read as the response of the next call. A response that comes in a later read is
/// recognised by its content (``HTTPCall/ended(_:after:)``).
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Neither waits nor raises SIGPIPE.
    private static let sendFlags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)

    private let pool: ConnectionPool
    private let responseBytesMax: Int
    private let environment: ClientEnvironment
    private var context: ChannelHandlerContext?
    private var collector: ResponseCollector?
    /// The call that it carries.
    private(set) var call: HTTPCall?
    /// Whether NIOHTTP1 reads the response under way.
    private var isDecoding = false
    /// The end of the call, until the read that brought its response is over, and whether the connection may be kept.
    private var finished: (ending: HTTPCall.Ending, keeps: Bool)?
    private var isClosed = false
    /// The name in the last request.
    private var nameBefore: String?
    private var request = ByteBuffer()
    /// The channel's socket, while requests may be written to it without a way through the pipeline: not where TLS is
    /// in between, nor once NIO has been left bytes to write.
    private var socket: NIOBSDSocket.Handle?
    /// Whether it has carried a call before.
    private var isUsed = false
    /// The end of the last call.
    private(set) var idleSince = NIODeadline.now()

    init(pool: ConnectionPool, responseBytesMax: Int, environment: ClientEnvironment) {
        self.pool = pool
        self.responseBytesMax = responseBytesMax
        self.environment = environment
    }

    /// Puts the connection into a channel that is open, after TLS.
    ///
    /// - Throws: where the channel has closed meanwhile, as its pipeline does.
    func join(_ channel: any Channel) throws {
        guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(self)
        if !pool.isSecure {
            socket = try pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        }
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        collector = nil
    }

    /// Sends a call. The connection must carry none.
    ///
    /// - Returns: false where nothing was sent; the connection is then free as before.
    func send(_ call: HTTPCall) -> Bool {
        precondition(self.call == nil, "a connection carries one call at a time")
        // `isClosed` is set as soon as the channel is no longer active.
        guard let context, !isClosed else {
            close()
            call.fail(
                TransportFailure(
                    delivery: .nothingSent, kind: .connect, message: "\(pool.place): the connection had closed"))
            return true
        }
        // The connection keeps the buffer, so that the next request needs no new one once the bytes are written.
        request.clear()
        call.sentAt = environment.epochMilliseconds()
        guard call.write(to: &request) else { return false }
        precondition(request.readableBytes > 0, "a call that is sent has bytes")
        // As late as can be: nothing waits between this and the system call that sends.
        guard environment.admitsRequest() else {
            call.fail(
                TransportFailure(
                    delivery: .nothingSent, kind: .cancelled,
                    message: "\(pool.place): this process may not send now, as its lease was not renewed in time"))
            return false
        }
        self.call = call
        if !isWritten() { context.writeAndFlush(wrapOutboundOut(request), promise: nil) }
        return true
    }

    /// Writes the request to the socket, if that takes all of it; what it doesn't take, and any trouble with it, is
    /// left to NIO.
    private func isWritten() -> Bool {
        guard let socket else { return false }
        // Safe: the call reads the bytes that are lent, and the socket is the channel's for as long as that is open.
        let count = unsafe request.withUnsafeReadableBytes { bytes in
            unsafe Glibc.send(socket, bytes.baseAddress, bytes.count, Self.sendFlags)
        }
        if count == request.readableBytes { return true }
        request.moveReaderIndex(forwardBy: max(0, count))
        self.socket = nil
        return false
    }

    /// Whether the server still holds its side open, as far as this machine knows: it may have closed an idle
    /// connection without an event yet.
    var isEstablished: Bool {
        guard let context, !isClosed, context.channel.isActive else { return false }
        #if os(Linux)
            guard let options = context.channel as? any SocketOptionProvider else { return true }
            var isEstablished = true
            // 1 is TCP_ESTABLISHED; the future completes at once on the channel's own event loop.
            options.getTCPInfo().assumeIsolated().whenSuccess { isEstablished = $0.tcpi_state == 1 }
            return isEstablished
        #else
            return true
        #endif
    }

    /// Ends the call that it carries and closes.
    func fail(
        _ kind: TransportFailure.Kind, _ message: String, _ delivery: TransportFailure.Delivery = .unknown
    ) {
        if let finished { return end(finished.ending, keeps: false) }
        end(
            .failed(TransportFailure(delivery: delivery, kind: kind, message: "\(pool.place): \(message)")),
            keeps: false)
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        context?.close(promise: nil)
    }

    /// Ends the call with a whole response that NIOHTTP1 read.
    func collected(_ response: TransportResponse, isKeptAlive: Bool) {
        guard !pool.isSecure, response.isOfTLSPort else { return finish(.whole(response), keeps: isKeptAlive) }
        fail(.unfit, TransportFailure.speaksTLS, .nothingSent)
    }

    private func finish(_ ending: HTTPCall.Ending, keeps: Bool) {
        guard call != nil else { return }
        pool.hasResponded = true
        if finished != nil { finished?.keeps = false } else { finished = (ending, keeps) }
    }

    private func end(_ ending: HTTPCall.Ending, keeps: Bool) {
        guard let call else { return }
        self.call = nil
        finished = nil
        if isUsed { noteReuse(ending) }
        isUsed = true
        isDecoding = false
        idleSince = .now()
        let matchesRequest = call.ended(ending, at: idleSince, after: nameBefore)
        nameBefore = call.name
        if keeps, matchesRequest, !isClosed, pool.mayReuse() { pool.becameIdle(self) } else { close() }
        call.freed()
    }

    /// Tells the pool what became of a call that wasn't the connection's first.
    private func noteReuse(_ ending: HTTPCall.Ending) {
        if case .failed = ending {
            if isClosed, !isDecoding { pool.reused(false) }
        } else {
            pool.reused(true)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let call else { return close() }
        // Bytes after the response.
        if finished != nil {
            finished?.keeps = false
            return
        }
        let buffer = unwrapInboundIn(data)
        if isDecoding { return decode(buffer, context) }
        if call.acceptsPlain, let response = pool.head.read(buffer.readableBytesUInt8Span) {
            return finish(.plain(response, buffer), keeps: response.isKeptAlive)
        }
        // A TLS record (RFC 8446, 5.1) of version 3: an alert, or a handshake.
        if let type = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self), type == 0x1503 || type == 0x1603 {
            return fail(.unfit, TransportFailure.speaksTLS, .nothingSent)
        }
        do { try beginDecoding(context) } catch { return fail(.closed, TransportFailure.text(of: error)) }
        decode(buffer, context)
    }

    /// Has NIOHTTP1 read the response that begins now.
    private func beginDecoding(_ context: ChannelHandlerContext) throws {
        isDecoding = true
        if let collector { return collector.begin() }
        let collector = ResponseCollector(connection: self, bytesMax: responseBytesMax)
        self.collector = collector
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes))
        try context.pipeline.syncOperations.addHandlers([HeadSink(), decoder, collector], position: .after(self))
        collector.begin()
    }

    /// Gives bytes to NIOHTTP1, the last one by itself: so a response that ends before the last byte is seen to have
    /// bytes after it.
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
        let isForDecoder = isDecoding
        if let finished = finished.take() { end(finished.ending, keeps: finished.keeps) }
        if isForDecoder { context.fireChannelReadComplete() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        // A response without a length ends here.
        context.fireChannelInactive()
        // A server that speaks TLS closes on what it can't read.
        fail(
            .closed,
            isDecoding || pool.isSecure || pool.hasResponded
                ? "the connection was closed before the response was whole"
                : "the connection was closed without a response; if the target speaks TLS, give --target https://…")
        pool.closed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // TLS without its closing alert: a response with a length is whole all the same.
        if case .some(.uncleanShutdown) = error as? NIOSSLError, call == nil { return close() }
        fail(.closed, TransportFailure.text(of: error))
    }
}

/// Drops the heads that ``ResponseCollector`` writes for the decoder.
private final class HeadSink: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) { promise?.succeed() }
}

extension TransportResponse {
    /// Whether a server says that its port is for TLS, and that it has read nothing of the request: nginx (which writes
    /// 400 for its own 497), Apache, and Go's server.
    fileprivate var isOfTLSPort: Bool {
        guard status == 400, body.count <= 4096 else { return false }
        let text = String(decoding: body, as: UTF8.self)
        return [
            "plain HTTP request was sent to HTTPS port", "speaking plain HTTP to an SSL-enabled server port",
            "Client sent an HTTP request to an HTTPS server",
        ].contains { text.contains($0) }
    }
}
