internal import DequeModule
internal import NIOCore

/// The keep-alive connections to the target, made on demand up to a limit. The connection that was used last is used
/// first. Confined to one event loop.
final class ConnectionPool {
    /// The most connections that are being made at once: a server's backlog holds about as many.
    private static let connectingMax = 128
    /// The longest time that an idle connection is kept. It is short, so that a server that closes idle connections
    /// rarely closes one on which a request was just sent.
    private static let idleMax = TimeAmount.seconds(15)
    /// The longest idle time after which a connection is used without a check that it is still open.
    private static let unseenMax = TimeAmount.milliseconds(10)

    /// Closed connections after which none is used again, where no other has ever been.
    private static let reuseFailuresMax = 3
    /// Of so many calls one has its connection used again all the same.
    private static let reuseTriedEvery = 128

    /// For messages: `host[:port]`.
    let place: String
    /// Reads plain responses.
    var head = PlainHead()
    /// Whether the target has responded to any call.
    var hasResponded = false
    /// Whether connections have TLS.
    let isSecure: Bool
    private let connector: Connector
    private let connectionsMax: Int
    private let responseBytesMax: Int
    private let environment: ClientEnvironment
    private let sweepInterval: TimeAmount
    /// Whether a connection that was used again has brought a response, and how often one was closed in its place.
    private var reuse = (hasWorked: false, failures: 0, passed: 0)
    private var idle: [HTTPConnection] = []
    private var open: [ObjectIdentifier: HTTPConnection] = [:]
    private var connecting = 0
    /// Calls that have no connection yet.
    private var waiting: Deque<HTTPCall> = []
    private var isShutDown = false
    private var sweep: Scheduled<Void>?

    /// - Parameter connectionsMax: the connections that it may have, of those of `configuration`.
    init(
        connector: Connector, connectionsMax: Int, configuration: ClientConfiguration, environment: ClientEnvironment
    ) {
        self.connector = connector
        self.connectionsMax = connectionsMax
        place = configuration.place
        isSecure = configuration.endpoint.isSecure
        responseBytesMax = configuration.responseBytesMax
        self.environment = environment
        sweepInterval = min(TimeAmount(configuration.requestTimeout).divided(by: 10), .milliseconds(250))
    }

    /// Sends a call over the next free connection, or one that is made for it.
    func send(_ call: HTTPCall) {
        guard !isShutDown else {
            return call.fail(unsent(.cancelled, "the run is over"))
        }
        if sweep == nil { scheduleSweep() }
        if let connection = takeIdle(at: call.begun) {
            if !connection.send(call) { idle.append(connection) }
            return
        }
        waiting.append(call)
        grow()
    }

    /// Ends a call, whether it waits or is under way.
    func cancel(_ id: UInt64) {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index).fail(unsent(.cancelled, "cancelled"))
        } else {
            open.values.first { $0.call?.id == id }?.fail(.cancelled, "cancelled")
        }
    }

    /// Ends all calls and closes all connections.
    func shutDown() {
        isShutDown = true
        sweep?.cancel()
        let calls = waiting
        waiting = []
        for call in calls { call.fail(unsent(.cancelled, "the run is over")) }
        for connection in open.values {
            connection.fail(.cancelled, "the run ended before its response came")
            connection.close()
        }
    }
}

extension ConnectionPool {
    private func takeIdle(at now: NIODeadline) -> HTTPConnection? {
        while let connection = idle.popLast() {
            if now - connection.idleSince < Self.unseenMax || connection.isEstablished { return connection }
            connection.close()
        }
        return nil
    }

    /// Makes connections for the calls that wait.
    private func grow() {
        while !isShutDown, connecting < min(waiting.count, Self.connectingMax), open.count + connecting < connectionsMax
        {
            connecting += 1
            let connection = HTTPConnection(
                pool: self, responseBytesMax: responseBytesMax, environment: environment)
            connector.connect(joining: connection.join) { failure in self.connected(connection, failure) }
        }
    }

    private func connected(_ connection: HTTPConnection, _ failure: Connector.Failure?) {
        connecting -= 1
        if let failure {
            // Each attempt ends one call at most, so that the caller counts all retries.
            waiting.popFirst()?.fail(unsent(failure.isLasting ? .unfit : .connect, failure.text))
        } else {
            open[ObjectIdentifier(connection)] = connection
            if isShutDown { connection.close() } else { becameIdle(connection) }
        }
        grow()
    }

    /// Whether a connection may carry another call. Some servers close each after its response without saying so; what
    /// is sent to them meanwhile is lost. It is tried again now and then: a server that fell just then wasn't one.
    func mayReuse() -> Bool {
        if reuse.hasWorked || reuse.failures < Self.reuseFailuresMax { return true }
        reuse.passed += 1
        return reuse.passed % Self.reuseTriedEvery == 0
    }

    /// Learns that a connection that was used again brought a response, or was closed before any of it.
    func reused(_ hasResponded: Bool) {
        if hasResponded { reuse.hasWorked = true } else { reuse.failures += 1 }
    }

    /// Gives a connection that can carry a call the next one.
    func becameIdle(_ connection: HTTPConnection) {
        while let call = waiting.popFirst() {
            if connection.send(call) { return }
        }
        idle.append(connection)
    }

    /// Removes a connection that has closed.
    func closed(_ connection: HTTPConnection) {
        open[ObjectIdentifier(connection)] = nil
        idle.removeAll { $0 === connection }
        grow()
    }

    private func unsent(_ kind: TransportFailure.Kind, _ message: String) -> TransportFailure {
        TransportFailure(delivery: .nothingSent, kind: kind, message: "\(place): \(message)")
    }

    /// Ends overdue calls and idle connections at an interval, while there are any.
    private func scheduleSweep() {
        sweep = connector.loop.assumeIsolated().scheduleTask(in: sweepInterval) {
            self.sweep = nil
            self.endOverdue(at: .now())
            if !self.isShutDown, !self.open.isEmpty || !self.waiting.isEmpty { self.scheduleSweep() }
        }
    }

    private func endOverdue(at now: NIODeadline) {
        for connection in open.values {
            if let call = connection.call {
                if call.deadline <= now {
                    connection.fail(.timeout, "no whole response within \(Duration(call.timeout))")
                }
            } else if now - connection.idleSince > Self.idleMax {
                connection.close()
            }
        }
        while let call = waiting.first, call.deadline <= now {
            waiting.removeFirst()
            call.fail(unsent(.connect, "no connection within \(Duration(call.timeout)): is the target right and up?"))
        }
    }
}

extension TimeAmount {
    /// Whole nanoseconds of a duration, at most Int64's.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    fileprivate func divided(by divisor: Int64) -> TimeAmount { .nanoseconds(nanoseconds / divisor) }
}
