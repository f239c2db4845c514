import Foundation

/// Where a run that exists stands: a directory that holds a ledger, or says where it is; or a database alone.
package struct RunLocation: Sendable, Equatable {
    /// Where runs stand for which no directory was given.
    package static let runsDirectory = "groupload-runs"

    /// The run directory, as it was named.
    package let path: String

    /// The path of the file that holds the run's ledger, or says where it is.
    package let ledgerFile: String
    /// Where the ledger is of a run whose directory need not be there; nil where the directory says it.
    private var place: LedgerPlace?
    /// The path of the run's `summary.json`, which exists once the run has finished.
    package var summaryPath: String { path + "/summary.json" }

    /// The run in the directory `path`.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is none.
    package init(directory path: String) throws(RunError) {
        let plain = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let location = Self(existing: plain) else {
            if FileStatus(plain) != nil, !SystemCall.mayLookInto(plain) {
                throw RunError(
                    .noRun, "\(path) can't be looked into: permission denied", naming: .path(path),
                    remedy: "run groupload as the user whose directory it is")
            }
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

    /// A run of a database, whose directory need not be there.
    ///
    /// - Parameter directory: the directory; nil for the default.
    package init(of run: String, at address: PostgreSQLAddress, directory: String? = nil) {
        let path = directory ?? "\(Self.runsDirectory)/\(run)"
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        ledgerFile = "\(self.path)/\(LedgerPlace.addressName)"
        place = .database(address, run: run)
    }

    /// The run of a database that a user names: by its id, or by a directory that says that its ledger is there.
    ///
    /// - Parameter directory: its directory on this machine; nil for the one that is named, or the default.
    /// - Throws: ``RunError`` with ``ExitStatus/usage`` where the ledger of a run directory is elsewhere.
    package static func run(
        named run: String, at address: PostgreSQLAddress, directory: String? = nil
    ) throws(RunError) -> RunLocation {
        guard isRun(run) else { return RunLocation(of: run, at: address, directory: directory) }
        let named = try RunLocation(directory: run)
        let place = try named.ledger
        guard case .database(address, let id) = place else {
            throw RunError(
                .usage, "the ledger of the run in \(run) is \(place), not in \(address)", naming: .path(run),
                remedy: "leave --ledger out")
        }
        return RunLocation(of: id, at: address, directory: directory ?? named.path)
    }

    /// The same run with another path for its directory.
    ///
    /// - Throws: as ``init(directory:)``.
    package func moved(to path: String) throws(RunError) -> RunLocation {
        guard case .database(let address, let run) = place else { return try RunLocation(directory: path) }
        return RunLocation(of: run, at: address, directory: path)
    }

    /// Whether the run's directory is there, and is this run's.
    package var isHere: Bool {
        guard let place else { return true }
        do throws(RunError) { return try RunLocation(existing: path)?.ledger == place } catch { return false }
    }

    /// Whether the directory `path` holds a run.
    package static func isRun(_ path: String) -> Bool { RunLocation(existing: path) != nil }

    /// Where the run's ledger is.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the directory doesn't say.
    package var ledger: LedgerPlace {
        get throws(RunError) {
            if let place { return place }
            return ledgerFile.hasSuffix(LedgerPlace.addressName)
                ? try LedgerPlace(reading: ledgerFile) : .file(ledgerFile)
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
        if place != nil { return }
        guard FileStatus(ofLink: ledgerFile)?.isFile == true else {
            throw RunError(
                .ledgerUnusable, "can't read the ledger \(ledgerFile): it is no file", naming: .path(ledgerFile))
        }
    }
}

extension RunLocation: CustomStringConvertible {
    /// The run as a message names it: by its directory, or by its database where that isn't here.
    package var description: String {
        guard let place, !isHere else { return "the run in \(path)" }
        return "the run in \(place)"
    }
}
