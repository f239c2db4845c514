import Foundation

/// Where a run that exists stands: a directory that holds a ledger.
package struct RunLocation: Sendable, Equatable {
    /// Where runs stand that weren't told where to.
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

    /// The run that the user names: by its id under `groupload-runs`, or by its directory.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is no such run.
    package init(named name: String) throws(RunError) {
        let byID = Self.runsDirectory + "/" + name
        if !name.contains("/"), SystemCall.exists(byID + "/ledger.sqlite") {
            try self.init(directory: byID)
        } else if SystemCall.exists(name) {
            try self.init(directory: name)
        } else {
            throw RunError(
                .noRun, "no such run: \(name) is neither a directory nor a run's id under \(Self.runsDirectory)",
                naming: .path(name), remedy: "groupload runs lists them")
        }
    }

    /// The run that was started last of those under `directory` that have an id for a name, which begins with the time.
    ///
    /// - Parameter note: receives a message for each later one that is passed over, because it isn't the user's own.
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is none.
    package init(
        lastIn directory: String = RunLocation.runsDirectory, note: (String) -> Void
    ) throws(RunError) {
        let runs = Self.entries(of: directory).filter { $0.name.wholeMatch(of: /[0-9]{8}-[0-9]{6}-[0-9a-f]{4}/) != nil }
        // Within a second, the directory that was changed last.
        let last = runs.sorted { first, second in
            let (one, other) = (first.name.prefix(15), second.name.prefix(15))
            return one == other ? first.changed > second.changed : one > other
        }
        for run in last {
            let location = RunLocation(unchecked: directory + "/" + run.name)
            do throws(RunError) { try location.requireOwn() } catch {
                note("passed over: \(error)")
                continue
            }
            self = location
            return
        }
        throw RunError(
            .noRun, "there is no run of yours under \(directory)", naming: .path(directory),
            remedy: "name the run's directory")
    }

    /// All runs under `directory`, by name; none where there is no such directory.
    package static func all(in directory: String = RunLocation.runsDirectory) -> [RunLocation] {
        entries(of: directory).map { RunLocation(unchecked: directory + "/" + $0.name) }
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

    /// The directories under `directory` that hold a ledger, by name, and when each was changed last.
    private static func entries(of directory: String) -> [(name: String, changed: Date)] {
        do {
            return try SystemCall.names(in: directory).compactMap { name in
                let path = directory + "/" + name
                guard SystemCall.exists(path + "/ledger.sqlite") else { return nil }
                return (name, FileStatus(path)?.changed ?? .distantPast)
            }
        } catch {
            return []
        }
    }
}
