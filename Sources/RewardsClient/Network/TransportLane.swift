internal import NIOCore
internal import Synchronization

/// An event loop with its share of a transport's connections.
struct TransportLane: Sendable {
    let loop: any EventLoop
    let pool: NIOLoopBoundBox<ConnectionPool>
    /// The connections that it may have.
    let connectionsMax: Int
    /// The calls that it was given, and that have not ended.
    let calls = LaneCalls()

    /// Connections for which one more lane is worth its thread, and lanes at which the ledger's one writer is what is
    /// waited for.
    private static let connectionsWorthwhile = 32, lanesMax = 4

    /// The lanes for so many connections on a machine of so many cores: half of these read, write and do what else the
    /// machine has to do.
    static func count(connections: Int, cores: Int) -> Int {
        max(1, min(connections / connectionsWorthwhile, cores / 2, lanesMax))
    }

    /// Connections that no call needs.
    var free: Int { connectionsMax - calls.count }

    /// The lane of this number, from 0, of `count`; its event loop is the connector's.
    init(
        _ number: Int, of count: Int, _ connector: Connector, _ configuration: ClientConfiguration,
        _ environment: ClientEnvironment
    ) {
        let (share, rest) = configuration.connectionsMax.quotientAndRemainder(dividingBy: count)
        let connectionsMax = share + (number < rest ? 1 : 0)
        loop = connector.loop
        self.connectionsMax = connectionsMax
        pool = .makeBoxSendingValue(
            ConnectionPool(
                connector: connector, connectionsMax: connectionsMax, configuration: configuration,
                environment: environment),
            eventLoop: loop)
    }
}

/// How many calls a lane has under way, as any thread reads it.
final class LaneCalls: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .relaxed) }

    func begin(_ count: Int) { value.add(count, ordering: .relaxed) }

    func end() { value.subtract(1, ordering: .relaxed) }
}
