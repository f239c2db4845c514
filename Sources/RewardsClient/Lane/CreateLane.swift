internal import NIOConcurrencyHelpers
internal import NIOCore

/// Sends creates as fast as their answers come, without a task for each: it asks its source for the next whenever there
/// is room, and tells it each answer, all on the event loop that the connections live on.
///
/// A create is sent once; where a token was rejected it is sent again with a new one, as ``RewardsClient`` does.
package final class CreateLane: Sendable {
    private let loop: any EventLoop
    private let worker: NIOLoopBoundBox<LaneWorker>

    /// - Parameter transport: the one that `client` sends over.
    package init(client: RewardsClient, transport: HTTPTransport, source: any CreateSource) {
        loop = transport.loop
        let pool = transport.pool
        worker = .makeBoxSendingValue(
            LaneWorker(client: client, loop: loop, pool: pool, source: source), eventLoop: loop)
    }

    /// Says that the source may have something to send.
    package func poke() {
        loop.execute { [worker] in worker.value.pump() }
    }

    /// Cuts off every call of the transport that is under way; the source hears of its creates. Nothing more can be
    /// sent.
    package func cancel() {
        loop.execute { [worker] in worker.value.cancel() }
    }
}
