internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Reports the end of a TLS handshake, and the period in which the server's certificate is valid where it failed; then
/// does nothing more.
final class HandshakeWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var promise: EventLoopPromise<Void>?
    /// The dates of the certificate that a failed handshake showed.
    private(set) var certificate: CertificateDates?

    init(_ promise: EventLoopPromise<Void>) { self.promise = promise }

    func handlerRemoved(context: ChannelHandlerContext) { end(.failure(ChannelError.eof)) }

    func channelInactive(context: ChannelHandlerContext) {
        end(.failure(ChannelError.eof))
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.handshakeCompleted) = event as? TLSUserEvent { end(.success(())) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        do {
            certificate = try CertificateDates(context.pipeline.syncOperations)
        } catch {
            certificate = nil
        }
        end(.failure(error))
        context.fireErrorCaught(error)
    }

    private func end(_ result: Result<Void, any Error>) {
        promise?.completeWith(result)
        promise = nil
    }
}
