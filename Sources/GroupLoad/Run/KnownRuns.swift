import Foundation

/// The runs of this user that are known on this machine: those under `groupload-runs` here, and those that were kept
/// in the ``StateDirectory``, wherever they stand.
package enum KnownRuns {
    /// All of them, each once; one that stands under the current directory by its path from there.
    ///
    /// Those under `groupload-runs` may be somebody else's, see ``RunLocation/requireOwn()``.
    package static func all(_ environment: [String: String]) -> [RunLocation] {
        let here = ScopeRuns.real(".") + "/"
        var seen: Set<[UInt8]> = []
        var found = RunLocation.all().filter { seen.insert(Array(ScopeRuns.real($0.path).utf8)).inserted }
        for path in StateDirectory(existing: environment)?.files("runs").flatMap(ScopeRuns.read) ?? [] {
            guard seen.insert(Array(path.utf8)).inserted else { continue }
            do throws(RunError) {
                let location = try RunLocation(
                    directory: path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path)
                try location.requireOwn()
                found.append(location)
            } catch {
                // What is gone, or isn't the user's any more, is none of this user's runs.
                continue
            }
        }
        return found
    }

    /// The run that the user names: by its id, or by its directory.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is no such run.
    package static func run(named name: String, _ environment: [String: String]) throws(RunError) -> RunLocation {
        let path = RunLocation.runsDirectory + "/" + name
        if !name.contains("/"), let location = RunLocation(existing: path) { return location }
        if SystemCall.exists(name) { return try RunLocation(directory: name) }
        if let found = run(id: name, environment) { return found }
        throw RunError(
            .noRun, "no such run: \(name) is neither a directory nor the id of a run that is known here",
            naming: .path(name), remedy: "groupload runs lists them")
    }

    /// The directory that `--run-dir` means: that of the run whose id is given, where nothing is called so; else the
    /// path itself.
    package static func directory(named name: String, _ environment: [String: String]) -> String {
        if SystemCall.exists(name) { return name }
        return run(id: name, environment)?.path ?? name
    }

    /// The run that was started last, with what its ledger says of it.
    ///
    /// - Parameter note: receives a message for each run that is passed over, because it isn't the user's own.
    /// - Throws: ``RunError``: with ``ExitStatus/noInput`` if there is none, with ``ExitStatus/unusable`` if a run
    ///   that can't be read may be the last.
    package static func last(
        _ environment: [String: String], note: (String) -> Void
    ) throws(RunError) -> (location: RunLocation, metadata: RunMetadata) {
        var last: (location: RunLocation, metadata: RunMetadata)?
        var unreadable: (error: RunError, startedAt: Int64)?
        for location in all(environment) {
            do throws(RunError) { try location.requireOwn() } catch {
                note("passed over: \(error)")
                continue
            }
            do throws(RunError) {
                let metadata = try StoredLedger.metadata(at: location.ledger)
                if isBefore(last?.metadata, metadata) { last = (location, metadata) }
            } catch {
                let startedAt = location.changedAt
                if startedAt >= unreadable?.startedAt ?? 0 { unreadable = (error, startedAt) }
            }
        }
        // Another run must not pass for it.
        if let unreadable, unreadable.startedAt >= last?.metadata.startedAt ?? 0 { throw unreadable.error }
        if let last { return last }
        throw RunError(
            .noRun, "no run of yours is known here", naming: .path(RunLocation.runsDirectory),
            remedy: "name the run's directory")
    }

    /// The run of a database that was started last, with what its ledger says of it.
    ///
    /// - Parameter directory: where its run directory is, or will be; nil for the default.
    /// - Throws: ``RunError``: with ``ExitStatus/noInput`` if there is none, with ``ExitStatus/unusable`` if the
    ///   database can't be used.
    package static func last(
        in address: PostgreSQLAddress, directory: String?
    ) throws(RunError) -> (location: RunLocation, metadata: RunMetadata) {
        var last: (run: String, metadata: RunMetadata)?
        for found in try StoredLedger.runs(at: address) where isBefore(last?.metadata, found.metadata) { last = found }
        guard let last else {
            throw RunError(
                .noRun, "the ledger \(address) has no run", naming: .path("\(address)"), remedy: "check --ledger")
        }
        return (RunLocation(of: last.run, at: address, directory: directory), last.metadata)
    }

    private static func isBefore(_ one: RunMetadata?, _ other: RunMetadata) -> Bool {
        guard let one else { return true }
        return (one.startedAt ?? 0, one.run ?? "") < (other.startedAt ?? 0, other.run ?? "")
    }

    /// The run with this id, wherever it stands.
    private static func run(id: String, _ environment: [String: String]) -> RunLocation? {
        guard CorrectionLink.isID(id) else { return nil }
        return all(environment).first { location in
            do throws(RunError) { return try StoredLedger.metadata(at: location.ledger).run == id } catch {
                return false
            }
        }
    }
}
