import Foundation
package import RewardsClient
import Synchronization

/// Checks what an import needs, in the order in which it would meet it, and changes nothing on the target.
///
/// Each check is bounded in time: calls to the target by its time-outs, and what blocks by ``blockingMax``. A check
/// that fails hides no other that can still be made.
package struct Doctor: Sendable {
    /// What is checked, as the command line gives it.
    package struct Subject: Sendable {
        /// The program's version.
        package var version: String
        /// The target as it is given.
        package var target: String
        /// What requests are sent with; where the credentials can't be used, with others, which nothing is sent with.
        package var client: Result<ClientConfiguration, RunError>
        /// The credentials, or why they can't be used.
        package var credentials: Result<Credentials, RunError>
        /// Where they come from, for a person.
        package var credentialsPlace: String
        /// The run directory; nil for the default.
        package var runDirectory: String?
        /// The database that holds the ledger; nil for a file.
        package var database: PostgreSQLAddress?
        /// How long the target may ask to wait.
        package var waitMax: Duration

        /// What is checked.
        package init(
            version: String, target: String, client: Result<ClientConfiguration, RunError>,
            credentials: Result<Credentials, RunError>, credentialsPlace: String, runDirectory: String?,
            database: PostgreSQLAddress?, waitMax: Duration
        ) {
            (self.version, self.target, self.client, self.credentials) = (version, target, client, credentials)
            self.credentialsPlace = credentialsPlace
            (self.runDirectory, self.database, self.waitMax) = (runDirectory, database, waitMax)
        }
    }

    /// How long a check of a file system or a database may take.
    private static let blockingMax = Duration.seconds(30)

    let subject: Subject
    let environment: RunEnvironment
    private let told: @Sendable (DoctorFinding) -> Void

    /// - Parameter told: is given each finding as it is made.
    package init(
        _ subject: Subject, environment: RunEnvironment = .system, told: @escaping @Sendable (DoctorFinding) -> Void
    ) {
        (self.subject, self.environment, self.told) = (subject, environment, told)
    }

    /// The target and the till or key that a run would be of; nil where they can't be used.
    var scope: String? {
        guard case .success(let client) = subject.client, case .success(let credentials) = subject.credentials else {
            return nil
        }
        return "\(client.target) \(credentials.keyID)"
    }

    /// Makes all checks.
    package func run() async -> DoctorReport {
        let parts = BuildVersion.all
        var report = DoctorReport(
            target: subject.target,
            versions: parts.reduce(into: ["groupload": subject.version]) { $0[$1.name] = $1.version }, told: told)
        let libraries = parts.filter { $0.name != "compiler" }.map { "\($0.name) \($0.version)" }
        report.add(
            .ok(.program, (["groupload \(subject.version)"] + libraries).joined(separator: ", ")))
        checkSettings(&report)
        if let database = subject.database {
            await checkDatabase(database, &report)
        } else {
            report.add(await bounded(.lock) { lockFinding() })
            for finding in await placeFindings() { report.add(finding) }
            report.add(await bounded(.ledger) { fileLedgerFinding() })
        }
        await checkTarget(&report)
        return report
    }

    private func checkSettings(_ report: inout DoctorReport) {
        switch subject.client {
        case .success(let client): report.add(.ok(.target, client.target + client.apiPrefix + "/group"))
        case .failure(let error): report.add(.fail(.target, error))
        }
        switch subject.credentials {
        case .success(.basic(let till, _, _)):
            report.add(.ok(.credentials, "the till \(till) and a password, from \(subject.credentialsPlace)"))
        case .success(.oauth(let key, _)):
            report.add(.ok(.credentials, "the key \(key) and a secret, from \(subject.credentialsPlace)"))
        case .failure(let error): report.add(.fail(.credentials, error))
        }
    }

    /// Runs what blocks on a thread of its own, and doesn't wait for it beyond ``blockingMax``.
    func bounded(_ check: DoctorFinding.Check, _ work: @escaping @Sendable () -> DoctorFinding) async -> DoctorFinding {
        await bounded(work)
            ?? .fail(
                check,
                RunError(
                    check == .ledger ? .ledgerUnusable : .cannotWrite,
                    "no response within \(WallTime.length(Self.blockingMax))",
                    remedy: check == .ledger ? "see that the database is up" : "see that the file system responds"))
    }

    /// As ``bounded(_:_:)``; nil where it takes longer.
    func bounded<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
        let (ended, latch) = (Ended<Value>(), Latch())
        Thread.detachNewThread {
            let value = work()
            ended.value.withLock { $0 = value }
            latch.open()
        }
        await environment.wait(for: Self.blockingMax, wokenBy: [latch])
        return ended.value.withLock { $0 }
    }

    /// What a thread gives once it has ended.
    private final class Ended<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
