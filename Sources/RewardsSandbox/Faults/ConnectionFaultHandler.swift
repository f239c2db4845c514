import Foundation
import NIOCore

/// Closes a connection, or holds it open without a response, when a fault orders so.
///
/// A held connection ends when the client closes it, when the server shuts down, or after ``heldMinutesMax``.
final class ConnectionFaultHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias OutboundIn = NIOAny

    /// What a fault wants of the connection; sent as a user event from the tail of the pipeline.
    enum Order: Sendable {
        case close(isReset: Bool)
        case hold
    }

    static let heldMinutesMax: Int64 = 5

    private var isHeld = false
    /// Whether nobody waits for a response: the client closed its side, or the server shuts down.
    private var isPointless = false
    private var end: Scheduled<Void>?

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event as? Order {
        case .close(let isReset):
            if isReset, let options = context.channel as? any SocketOptionProvider {
                // With a linger time of 0, close() sends a reset and drops what is unsent (POSIX, socket.h).
                options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
                    context.close(promise: promise)
                }
            } else {
                context.close(promise: promise)
            }
        case .hold:
            isHeld = true
            let channel = context.channel
            end = context.eventLoop.scheduleTask(in: .minutes(Self.heldMinutesMax)) { channel.close(promise: nil) }
            if isPointless { context.close(promise: nil) }
            promise?.succeed()
        case nil:
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent || event as? ChannelEvent == .inputClosed {
            isPointless = true
            if isHeld { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end?.cancel()
        context.fireChannelInactive()
    }
}

extension Channel {
    /// Closes or holds the connection, and returns when it is closed.
    func end(_ order: ConnectionFaultHandler.Order) async {
        triggerUserOutboundEvent(order, promise: nil)
        // How it closed doesn't matter: that it is closed is what was wanted.
        _ = try? await closeFuture.get()
    }
}
