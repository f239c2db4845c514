internal import NIOConcurrencyHelpers
internal import NIOCore

/// Sends the creates of a queue as fast as their responses come.
///
/// A create is sent once; where a 401 rejects its token it is sent again with a new one, as ``RewardsClient`` does.
package final class CreateSender: Sendable {
    private let driver: any CreateDriver

    /// Sends over the transport's own connections and on their event loops, without a task for each create.
    ///
    /// - Parameter transport: the one that `client` sends over.
    package init(client: RewardsClient, transport: HTTPTransport, queue: any CreateQueue) {
        driver = ConnectionDriver(client: client, transport: transport, queue: queue)
    }

    /// Sends over whatever transport `client` has, with a task of ``ClientEnvironment/start`` for each create: for
    /// simulations and tests, which have no connections.
    ///
    /// - Parameter inFlightMax: creates that are under way at once, at least 1.
    package init(client: RewardsClient, inFlightMax: Int, queue: any CreateQueue) {
        driver = TaskDriver(client: client, inFlightMax: inFlightMax, queue: queue)
    }

    /// Says that the queue may have something to send.
    package func wake() { driver.wake() }

    /// Cuts off every create that is under way, and with ``HTTPTransport`` all other calls too; the queue receives
    /// the replies of its creates. Nothing more can be sent.
    package func cancel() { driver.cancel() }
}

/// Runs a ``CreateWorker`` on each lane of the transport.
private final class ConnectionDriver: CreateDriver {
    private let lanes: [WorkedLane]

    init(client: RewardsClient, transport: HTTPTransport, queue: any CreateQueue) {
        lanes = transport.lanes.map { WorkedLane(client, $0, queue) }
        guard lanes.count > 1 else { return }
        for lane in lanes { lane.introduce(self) }
    }

    func wake() {
        for lane in lanes { lane.wake() }
    }

    func cancel() {
        for lane in lanes { lane.cancel() }
    }
}

/// A lane with its worker, as other threads reach it.
private struct WorkedLane: Sendable {
    private let loop: any EventLoop
    private let worker: NIOLoopBoundBox<CreateWorker>

    init(_ client: RewardsClient, _ lane: TransportLane, _ queue: any CreateQueue) {
        loop = lane.loop
        worker = .makeBoxSendingValue(CreateWorker(client: client, lane: lane, queue: queue), eventLoop: loop)
    }

    /// Says whom to wake where the queue has more than the lane has room for.
    func introduce(_ driver: any CreateDriver) {
        loop.execute { [worker, weak driver] in worker.value.driver = driver }
    }

    func wake() {
        loop.execute { [worker] in worker.value.pump() }
    }

    func cancel() {
        loop.execute { [worker] in worker.value.cancel() }
    }
}

/// The work of a ``CreateSender``: takes creates from the queue, sends them and gives the queue the replies.
protocol CreateDriver: AnyObject, Sendable {
    /// Calls the queue soon, from any thread.
    func wake()
    /// Ends all creates that are under way, and sends no more.
    func cancel()
}
