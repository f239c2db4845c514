import Foundation
import RewardsClient
import Synchronization

/// The lease under which a process works on a run whose ledger it shares: what keeps others off what it has claimed,
/// and of importers all but one off the run and its scope, wherever they are.
///
/// It bounds until when this process may send, and tells the environment the database's clock. It goes with the
/// ledger's ``RunLedger/close()``. Where a run ends without that, it expires.
struct RunLease: Sendable {
    /// How long the lease of a process that died is waited for, at most: until it expires, and the clocks' difference.
    private static let waitMax = Lease.length + .seconds(5)
    /// How often it is looked again meanwhile.
    private static let lookAgain = Duration.seconds(1)
    /// How often is looked whether other processes are done; any time between, so that they don't all look at once.
    private static let pollInterval = 500...1_000

    /// The ledger that it is on.
    let ledger: any SharedLedger
    /// What requests share with those of other processes.
    let share: RequestShare
    private let role: WorkerRole
    private let scope: String
    private let environment: RunEnvironment
    private let latest: LatestRenewal

    /// Takes an importer's; nil for a ledger that isn't shared.
    ///
    /// - Parameters:
    ///   - waits: whether another's lease is waited for that isn't renewed: its process has died, or was cut off.
    ///   - note: receives a message where that is so.
    /// - Throws: ``RunError`` with ``ExitStatus/busy`` where somebody else works on the run or the scope.
    init?(
        on ledger: any RunLedger, _ configuration: ImportConfiguration, _ environment: RunEnvironment, waits: Bool,
        note: @Sendable (String) -> Void
    ) async throws {
        guard let ledger = ledger as? any SharedLedger else { return nil }
        let patience = environment.now.advanced(by: waits ? Self.waitMax : .zero)
        var seen: String?
        while true {
            do {
                try await self.init(.importer, on: ledger, configuration, environment)
                return
            } catch let error as RunError where error.code == .busy {
                // It names the lease's end, and in how many seconds that is; one that is renewed ends later.
                let holder = error.message.split(separator: " (").first.map(String.init) ?? ""
                guard environment.now < patience, seen ?? holder == holder, !Task.isCancelled else { throw error }
                if seen == nil { note("waiting until the lease ends, for at most 35 s: \(error.message)") }
                seen = holder
            }
            await environment.wait(for: Self.lookAgain)
        }
    }

    /// Takes one, where nobody else has what it is for.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/busy`` where somebody else does an importer's work on the run or the
    ///   scope.
    init(
        _ role: WorkerRole, on ledger: any SharedLedger, _ configuration: ImportConfiguration,
        _ environment: RunEnvironment
    ) async throws {
        let asked = environment.now
        let lease = try await ledger.takeLease(
            role, name: "\(SystemCall.hostName):\(getpid())", scope: configuration.scope,
            requestMax: configuration.requestMax)
        environment.shared.learn(lease.databaseTime, asked: asked, answered: environment.now)
        (self.ledger, self.environment, self.role, scope) = (ledger, environment, role, configuration.scope)
        environment.sendingLimit.set(to: asked.advanced(by: Lease.sendingMax))
        share = RequestShare(rate: configuration.rate, limit: environment.sendingLimit)
        latest = LatestRenewal()
        try await renew(LeaseFigures())
    }

    /// What the last renewal said of the run; nil before the first.
    var state: LeaseRenewal? { latest.value.withLock { $0 } }

    /// Has the lease last longer, and learns how the run is.
    ///
    /// - Throws: ``RunError`` with ``RunError/Code/leaseLost`` where somebody else has ended it.
    @discardableResult func renew(_ figures: LeaseFigures) async throws -> LeaseRenewal {
        let asked = environment.now
        let renewal = try await ledger.renewLease(figures)
        environment.shared.learn(renewal.databaseTime, asked: asked, answered: environment.now)
        environment.sendingLimit.set(to: asked.advanced(by: Lease.sendingMax))
        latest.value.withLock { $0 = renewal }
        return renewal
    }

    /// Runs `body` while the lease is renewed.
    ///
    /// - Parameters:
    ///   - progress: what this process has counted.
    ///   - stop: asked to end the run where somebody else has ended the lease.
    /// - Throws: what `body` throws.
    func whileRenewed<Value>(
        _ progress: RunProgress, _ stop: StopSwitch, _ body: () async throws -> Value
    ) async throws -> Value {
        // Cancelled, and waited for, when this returns.
        async let _ = renew(progress, stop)
        return try await body()
    }

    private func renew(_ progress: RunProgress, _ stop: StopSwitch) async {
        while true {
            await environment.wait(for: Lease.renewalInterval)
            if Task.isCancelled { return }
            do {
                let state = try await renew(LeaseFigures(progress.snapshot))
                // What they do counts for the importer's display, and for the errors that it allows.
                if role == .importer, state.liveWorkers > 0 { progress.learn(try await ledger.counts()) }
            } catch let error as RunError where error.code == .leaseLost {
                return stop.stop(.unusable("\(error)"))
            } catch {
                // The next time; until then the lease lasts, or else nothing is written any more.
                continue
            }
        }
    }

    /// Runs `body` while its requests keep to the pace that all processes share.
    ///
    /// - Parameter gate: what they pass.
    /// - Throws: what `body` throws.
    func whilePaced<Value>(
        _ gate: RequestGate, _ stop: StopSwitch, _ body: () async throws -> Value
    ) async throws -> Value {
        // As above.
        async let _ = SharedPace(ledger: ledger, key: scope, share: share, gate: gate, stop: stop).run(until: Latch())
        return try await body()
    }

    /// Waits a while before it is looked again how far others are; less where `stop` asks the run to end.
    func waitToLook(_ stop: StopSwitch? = nil) async {
        var generator = environment.random
        let milliseconds = Int.random(in: Self.pollInterval, using: &generator)
        await environment.wait(for: .milliseconds(milliseconds), wokenBy: stop.map { [$0.asked] } ?? [])
    }

    /// Lets no worker claim any more, and waits for what they are about to settle.
    func closeToWorkers() async throws {
        guard state?.isOpen == true else { return }
        try await ledger.setOpen(false)
        latest.value.withLock { $0?.isOpen = false }
        let end = environment.now.advanced(by: RunRequests.drainMax)
        while environment.now < end, try await ledger.isClaimedElsewhere() { await waitToLook() }
    }

    /// Lets workers claim.
    func openToWorkers() async throws {
        try await ledger.setOpen(true)
        latest.value.withLock { $0?.isOpen = true }
    }
}

/// The last renewal of a lease.
private final class LatestRenewal: Sendable {
    let value = Mutex<LeaseRenewal?>(nil)
}

extension LeaseFigures {
    /// What a process has counted.
    init(_ counted: RunProgress.Snapshot) {
        self.init(requests: counted.requests, retries: counted.retries, throttled: counted.throttled)
    }
}
