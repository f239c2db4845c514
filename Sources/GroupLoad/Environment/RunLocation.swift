import Foundation

/// Where a run that exists stands: a directory that holds a ledger.
package struct RunLocation: Sendable, Equatable {
    /// Where runs stand for which no directory was given.
    package static let runsDirectory = "groupload-runs"

    /// The run directory, as it was named.
    package let path: String

    /// The path of the run's SQLite ledger, which exists.
    package var ledgerPath: String { path + "/ledger.sqlite" }
    /// The path of the run's `summary.json`, which exists once the run has finished.
    package var summaryPath: String { path + "/summary.json" }

    /// The run in the directory `path`.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is none.
    package init(directory path: String) throws(RunError) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard SystemCall.exists(ledgerPath) else {
            throw RunError(
                .noRun, "\(path) holds no run: there is no \(ledgerPath)", naming: .path(path),
                remedy: "groupload runs lists what there is")
        }
    }

    /// When the ledger was changed last, in epoch milliseconds; 0 where that isn't known.
    var changedAt: Int64 {
        FileStatus(ledgerPath).map { Int64($0.changed.timeIntervalSince1970 * 1000) } ?? 0
    }

    /// All runs under `directory`, by name; none where there is no such directory.
    package static func all(in directory: String = RunLocation.runsDirectory) -> [RunLocation] {
        do {
            return try SystemCall.names(in: directory).sorted().map { directory + "/" + $0 }
                .filter { SystemCall.exists($0 + "/ledger.sqlite") }.map { RunLocation(unchecked: $0) }
        } catch {
            return []
        }
    }

    private init(unchecked path: String) { self.path = path }

    /// Makes sure that the ledger is a file and no link, pipe or the like.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    func requireFile() throws(RunError) {
        guard FileStatus(ofLink: ledgerPath)?.isFile == true else {
            throw RunError(
                .ledgerUnusable, "can't read the ledger \(ledgerPath): it is no file", naming: .path(ledgerPath))
        }
    }
}
