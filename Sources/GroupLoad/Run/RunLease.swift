import Foundation
import RewardsClient

/// The lease under which a process works on a run whose ledger it shares: what keeps others off the run and off its
/// scope, wherever they are.
///
/// It goes with the ledger's ``RunLedger/close()``. Where a run ends without that, it expires.
struct RunLease: Sendable {
    /// How long the lease of a process that died is waited for, at most: until it expires, and the clocks' difference.
    private static let waitMax = Lease.length + .seconds(5)
    /// How often it is looked again meanwhile.
    private static let lookAgain = Duration.seconds(1)

    /// The ledger that it is on.
    let ledger: any SharedLedger
    private let environment: RunEnvironment

    /// Takes it; nil for a ledger that isn't shared.
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
        (self.ledger, self.environment) = (ledger, environment)
        let patience = environment.now.advanced(by: waits ? Self.waitMax : .zero)
        var seen: String?
        while true {
            do {
                _ = try await ledger.takeLease(
                    .importer, name: "\(SystemCall.hostName):\(getpid())", scope: configuration.scope,
                    requestMax: configuration.requestMax)
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
            let counted = progress.snapshot
            let figures = LeaseFigures(
                requests: counted.requests, retries: counted.retries, throttled: counted.throttled)
            do {
                _ = try await ledger.renewLease(figures)
            } catch let error as RunError where error.code == .leaseLost {
                return stop.stop(.unusable("\(error)"))
            } catch {
                // The next time; until then the lease lasts, or else nothing is written any more.
                continue
            }
        }
    }
}
