import Foundation
import RecordFormats
import RewardsClient

/// The other runs on a scope that are known: those that were kept when they took the scope's lock, and those beside
/// the run directory.
///
/// They are kept in a file beside the lock, a run directory a line, the oldest first; those that are gone are dropped.
package struct ScopeRuns: Sendable {
    /// Runs that are kept of a scope, at most.
    private static let keptMax = 1000

    /// Where they stand.
    package let locations: [RunLocation]
    private let note: @Sendable (String) -> Void

    /// Finds the runs on `scope` but the one in `directory`.
    ///
    /// - Parameters:
    ///   - ledger: where that run's ledger is; of a database all runs count.
    ///   - note: receives a message for each run that can't be read.
    package init(
        scope: String, environment: [String: String], excluding directory: String, ledger: LedgerPlace? = nil,
        note: @escaping @Sendable (String) -> Void
    ) {
        locations = Self.others(scope: scope, environment: environment, excluding: directory, ledger: ledger)
        self.note = note
    }

    /// Where the known runs on `scope` stand, but the one in `directory` and its copies; only the user's own. Those of
    /// the database that holds that run's ledger are known too, wherever they were made.
    package static func others(
        scope: String, environment: [String: String], excluding directory: String, ledger: LedgerPlace? = nil
    ) -> [RunLocation] {
        let wanted = Scope(text: scope)
        var scopes = KnownScopes()
        var databaseRuns: Set<LedgerPlace> = ledger.map { [$0] } ?? []
        var run: String?
        // A ledger that can't be read has no copies that are known.
        if case .file? = ledger, let ledger {
            do throws(RunError) { run = try StoredLedger.metadata(at: ledger).run } catch {}
        }
        let own = real(directory)
        let beside = URL(fileURLWithPath: directory).standardizedFileURL.deletingLastPathComponent().path
        var seen: Set<[UInt8]> = [Array(own.utf8)]
        var found: [RunLocation] = []
        var kept: [String] = []
        do throws(RunError) { kept = try read(StateDirectory(environment).file(of: scope, "runs")) } catch {}
        for path in kept + RunLocation.all(in: beside).map(\.path) {
            guard seen.insert(Array(real(path).utf8)).inserted else { continue }
            do throws(RunError) {
                let location = try RunLocation(directory: path)
                try location.requireOwn()
                let place = try location.ledger
                switch place {
                case .database:
                    guard databaseRuns.insert(place).inserted, try scopes.scope(at: place) == wanted else { continue }
                case .file:
                    let metadata = try StoredLedger.metadata(at: place)
                    guard let scope = metadata.scope, Scope(text: scope) == wanted, run == nil || metadata.run != run
                    else { continue }
                }
                found.append(location)
            } catch {
                // What isn't the user's, or says nothing of its scope, is none of this scope's runs.
                continue
            }
        }
        guard case .database(let address, _) = ledger else { return found }
        do throws(RunError) {
            for (run, scope) in try scopes.runs(at: address)
            where scope == wanted && databaseRuns.insert(.database(address, run: run)).inserted {
                found.append(RunLocation(of: run, at: address))
            }
        } catch {
            // As above.
        }
        return found
    }

    /// Keeps that there is a run on `scope` in `directory`. Only while the scope's lock is held.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``.
    static func add(_ directory: String, scope: String, environment: [String: String]) throws {
        let path = try StateDirectory(environment).file(of: scope, "runs")
        let own = real(directory)
        guard !own.utf8.contains(UInt8(ascii: "\n")) else { return }
        var kept = read(path).filter { other in
            !other.hasBytes(of: own) && RunLocation.isRun(other)
        }
        kept = kept.suffix(keptMax - 1) + [own]
        // A link there isn't this program's doing.
        if let status = FileStatus(ofLink: path), !status.isFile { SystemCall.unlink(path) }
        let file = try AtomicFile(path)
        try file.append { csv in for line in kept { csv.bytes.append(contentsOf: Array((line + "\n").utf8)) } }
        _ = try file.finish()
    }

    /// Which of `ids` other runs on the scope recorded as groups of their own (`created`, `confirmed`).
    ///
    /// - Throws: `CancellationError`.
    package func ownIDs(among ids: Set<Int64>) async throws -> Set<Int64> {
        var found: Set<Int64> = []
        for location in locations where !ids.isEmpty {
            try Task.checkCancellation()
            do {
                let ledger = try StoredLedger.read(at: location.ledger)
                found.formUnion(try await ledger.ownIDs(among: ids))
                try ledger.closeReading()
            } catch {
                note("\(location) can't be read and is passed over: \(LedgerError.reason(error))")
            }
        }
        return found
    }

    /// The directories that a file keeps.
    static func read(_ path: String) -> [String] {
        guard let status = FileStatus(ofLink: path), status.isFile, status.userID == geteuid(),
            let data = SystemCall.contents(path)
        else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").suffix(keptMax).map(String.init)
    }

    /// An absolute path without links.
    static func real(_ path: String) -> String {
        SystemCall.realPath(path) ?? URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
