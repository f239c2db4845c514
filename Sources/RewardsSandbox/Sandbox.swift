import GRDB
import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore

/// A stand-in for the reward-groups API: the same calls on loopback, with a real database behind them.
///
/// It shares no model or codec with the client, so that one bug can't agree with itself. A value serves once.
package struct Sandbox: Sendable {
    private let configuration: SandboxConfiguration
    private let database: any DatabaseWriter
    private let responder: SandboxResponder
    private let clock: StampClock
    private let logger: Logger

    /// Checks the configuration and opens the database.
    /// - Parameter clock: for stamps, token expiry and rate windows.
    /// - Throws: ``SandboxError``: a value is out of bounds, the host isn't loopback, or the database can't be used.
    package init(
        configuration: SandboxConfiguration = SandboxConfiguration(),
        logger: Logger,
        clock: SandboxClock = .system
    ) throws(SandboxError) {
        try configuration.validate()
        let nameCase = configuration.nameCase
        let database = try GroupDatabase.open(path: configuration.database, nameCase: nameCase)
        self.configuration = configuration
        self.database = database
        self.logger = logger
        let access = AccessControl(
            credentials: AccessControl.Credentials(
                till: configuration.till, password: configuration.password, key: configuration.key,
                secret: configuration.secret),
            tokenLifetime: configuration.tokenLifetime, clock: clock)
        let tally = RequestTally()
        let stamps = StampClock(clock: clock, faults: configuration.clockFaults)
        self.clock = stamps
        let plan = FaultPlan(rates: configuration.faults, seed: configuration.faultSeed)
        responder = SandboxResponder(
            configuration: configuration,
            access: access,
            allowance: RequestAllowance(countPerMinute: configuration.rateLimit?.countPerMinute, clock: clock),
            calls: CallHandler(
                access: access,
                writer: GroupWriter(
                    database: database, nameCase: nameCase, isUpsert: configuration.isUpsert, logger: logger),
                reader: GroupReader(database: database, nameCase: nameCase),
                clock: stamps,
                form: GroupForm(organisation: configuration.organisation, clock: stamps),
                normalisation: configuration.normalisation),
            tally: tally,
            faults: configuration.faults == .none ? nil : FaultInjector(plan: plan, tally: tally),
            form: RefusalForm(
                shape: configuration.errorShape,
                nameStatus: HTTPResponse.Status(code: configuration.nameRefusalStatus)),
            clock: stamps)
    }

    /// Serves until the task is cancelled or shut down gracefully, then closes the database.
    /// - Parameter onServing: called once, with the port, when requests are accepted.
    /// - Throws: when the address can't be bound, or the database can't be closed.
    package func run(onServing: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        let application = application { await onServing($0) }
        do {
            try await application.run()
        } catch is CancellationError {
            // Being cancelled is how serving ends.
        } catch let error as IOError {
            try close()
            let place = "\(configuration.host):\(configuration.port)"
            throw SandboxError.address("can't listen on \(place): \(error); choose another port, or 0 for a free one")
        } catch {
            try close()
            throw error
        }
        try close()
    }

    /// Moves what the WAL holds into the file, so that the file alone is the database, then closes it.
    private func close() throws {
        if configuration.database != nil {
            _ = try database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        }
        try database.close()
    }

    /// The server without its life cycle, for tests that bring their own client.
    package func application(
        onServing: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) -> Application<SandboxResponder> {
        // Without faults the pipeline is Hummingbird's own.
        let hasFaults = configuration.faults != .none
        let clock = configuration.clockFaults == .none ? nil : clock
        let (whole, attoseconds) = configuration.headTimeout.components
        let handlers: @Sendable () -> [any RemovableChannelHandler] = {
            (hasFaults ? [ConnectionFaultHandler()] : []) + (clock.map { [DateHandler(clock: $0)] } ?? [])
        }
        return Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: handlers(),
                    idleTimeout: .nanoseconds(whole * 1_000_000_000 + attoseconds / 1_000_000_000))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), backlog: 1024),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { await onServing(port) }
            },
            logger: logger)
    }
}
