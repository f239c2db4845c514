import Foundation

/// Where a run that exists stands: a directory that holds a ledger.
package struct RunLocation: Sendable, Equatable {
    /// Where runs stand for which no directory was given.
    package static let runsDirectory = "groupload-runs"

    /// The run directory, as it was named.
    package let path: String

    /// The path of the file that holds the run's ledger, or says where it is; it exists.
    package let ledgerFile: String
    /// The path of the run's `summary.json`, which exists once the run has finished.
    package var summaryPath: String { path + "/summary.json" }

    /// The run in the directory `path`.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is none.
    package init(directory path: String) throws(RunError) {
        let plain = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let location = Self(existing: plain) else {
            throw RunError(
                .noRun, "\(path) holds no run: there is no \(plain)/\(LedgerPlace.fileName)", naming: .path(path),
                remedy: "groupload runs lists what there is")
        }
        self = location
    }

    /// The run in the directory `path`; nil if there is none.
    init?(existing path: String) {
        let files = [LedgerPlace.fileName, LedgerPlace.addressName].map { "\(path)/\($0)" }
        guard let file = files.first(where: SystemCall.exists) else { return nil }
        (self.path, ledgerFile) = (path, file)
    }

    /// Whether the directory `path` holds a run.
    static func isRun(_ path: String) -> Bool { RunLocation(existing: path) != nil }

    /// Where the run's ledger is.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the directory doesn't say.
    package var ledger: LedgerPlace {
        get throws(RunError) {
            ledgerFile.hasSuffix(LedgerPlace.addressName) ? try LedgerPlace(reading: ledgerFile) : .file(ledgerFile)
        }
    }

    /// When the ledger was changed last, as far as its file says; in epoch milliseconds, 0 where that isn't known.
    var changedAt: Int64 {
        FileStatus(ledgerFile).map { Int64($0.changed.timeIntervalSince1970 * 1000) } ?? 0
    }

    /// All runs under `directory`, by name; none where there is no such directory.
    package static func all(in directory: String = RunLocation.runsDirectory) -> [RunLocation] {
        do {
            return try SystemCall.names(in: directory).sorted().compactMap {
                RunLocation(existing: directory + "/" + $0)
            }
        } catch {
            return []
        }
    }

    /// Makes sure that the ledger is a file and no link, pipe or the like.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    func requireFile() throws(RunError) {
        guard FileStatus(ofLink: ledgerFile)?.isFile == true else {
            throw RunError(
                .ledgerUnusable, "can't read the ledger \(ledgerFile): it is no file", naming: .path(ledgerFile))
        }
    }
}
