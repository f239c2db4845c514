internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix

/// `Transport` on SwiftNIO: HTTP/1.1 over keep-alive connections that each carry one call at a time, no redirects, no
/// cookies. It gives bodies as they came, compressed ones too.
///
/// The connections are shared out among lanes, each of which has an event loop of its own.
///
/// A failure says whether any of the request was sent: nothing is before the call has a connection, and TLS.
package struct HTTPTransport: Transport {
    let lanes: [TransportLane]
    private let target: String
    private let place: String
    private let idNext = NIOLockedValueBox<UInt64>(1)

    /// A transport without connections yet; its event loops are the process's.
    ///
    /// - Parameter lanes: the lanes, from 1 to the connections that the configuration allows; nil for as many as those
    ///   and the machine's cores are worth.
    /// - Throws: `ClientError` with `badCertificates` where the configuration's file of certificates can't be used.
    package init(
        configuration: ClientConfiguration, environment: ClientEnvironment = .system, lanes: Int? = nil
    ) throws(ClientError) {
        let count = lanes ?? TransportLane.count(connections: configuration.connectionsMax, cores: System.coreCount)
        let loops = (0..<count).map { _ in MultiThreadedEventLoopGroup.singleton.next() }
        let connector = try Connector(configuration, environment: environment, loop: loops[0])
        self.lanes = loops.enumerated().map { number, loop in
            TransportLane(number, of: count, connector.on(loop), configuration, environment)
        }
        target = configuration.target
        place = configuration.place
    }

    /// Sends a request over the next free connection.
    package func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        let id = idNext.withLockedValue { id in
            defer { id += 1 }
            return id
        }
        let lane = lanes.count == 1 ? lanes[0] : lanes.max { $0.free < $1.free } ?? lanes[0]
        lane.calls.begin(1)
        defer { lane.calls.end() }
        let isCancelled = NIOLockedValueBox(false)
        let bytes = self.bytes(of: request)
        let result: Result<TransportResponse, TransportFailure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                lane.loop.execute {
                    // A cancellation after this check finds the call in the pool.
                    guard !isCancelled.withLockedValue({ $0 }) else {
                        let failure = TransportFailure(
                            delivery: .nothingSent, kind: .cancelled, message: "\(place): cancelled")
                        return continuation.resume(returning: .failure(failure))
                    }
                    let call = SingleCall(id, request, bytes) { continuation.resume(returning: $0) }
                    lane.pool.value.send(call)
                }
            }
        } onCancel: {
            isCancelled.withLockedValue { $0 = true }
            lane.loop.execute { lane.pool.value.cancel(id) }
        }
        return try result.get()
    }

    /// Closes every connection, and ends the calls that are under way. Call it once.
    package func shutdown() async throws {
        for lane in lanes { try await lane.loop.submit { lane.pool.value.shutDown() }.get() }
    }

    private func bytes(of request: TransportRequest) -> [UInt8] {
        var head = RequestHead(
            method: request.method, path: String(request.url.dropFirst(target.count)), host: place,
            headers: request.headers)
        if let body = request.body { head.addLength(body.count) }
        return head.bytes + "\r\n".utf8 + (request.body ?? [])
    }
}

/// The call of ``HTTPTransport/send(_:)``.
private final class SingleCall: HTTPCall {
    private let bytes: [UInt8]
    private let check: (@Sendable (TransportResponse) -> Bool)?
    private let done: (Result<TransportResponse, TransportFailure>) -> Void

    init(
        _ id: UInt64, _ request: TransportRequest, _ bytes: [UInt8],
        _ done: @escaping (Result<TransportResponse, TransportFailure>) -> Void
    ) {
        self.bytes = bytes
        self.check = request.check
        self.done = done
        super.init(
            id: id, begun: .now(), timeout: TimeAmount(request.timeout), acceptsPlain: false, name: request.name)
    }

    override func write(to buffer: inout ByteBuffer) -> Bool {
        buffer.writeBytes(bytes)
        return true
    }

    override func ended(_ ending: Ending, at end: NIODeadline, after nameBefore: String?) -> Bool {
        switch ending {
        case .whole(var response):
            response.sentAt = sentAt
            response.nameBefore = nameBefore
            done(.success(response))
            return check?(response) ?? true
        case .failed(let failure):
            done(.failure(failure))
            return false
        case .plain: preconditionFailure("the call accepts no plain response")
        }
    }
}
