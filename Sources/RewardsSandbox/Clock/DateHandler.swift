import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Puts the clock's own time in place of the `Date` that the server adds to each response.
final class DateHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let clock: StampClock
    private var last: (second: Int64, text: String)?

    init(clock: StampClock) {
        self.clock = clock
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        let second = clock.date / 1000
        let text = last?.second == second ? last?.text : httpDate(second)
        last = text.map { (second, $0) }
        head.headerFields[.date] = text
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
