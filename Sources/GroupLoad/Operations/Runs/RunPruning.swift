import Foundation

/// `--keep-runs`: removes the directories of old runs, so that a scheduled load doesn't fill its disk.
package enum RunPruning {
    /// What a run directory holds; anything else in it stays, and the directory with it.
    private static let files =
        [LockFile.nameInRun, LiveStatus.fileName] + LedgerPlace.files + Report.files

    /// Removes the runs beside the one in `path`, of the same target, that are older than the last `count`; never one
    /// that could be resumed, and never the last that finished: what it read is what later lists are measured by
    /// (``ListLength``), and what an undo of the last good load needs.
    ///
    /// Of a database, the rows of such runs are removed, wherever their directories are.
    ///
    /// - Parameters:
    ///   - ledger: where the ledger of the run in `path` is; of a database, all runs of its scope count.
    ///   - count: runs that are kept, that in `path` among them; at least 1.
    ///   - note: receives a message for each run that can't be read or removed, or isn't a plain directory of the
    ///     user's own; those are left alone.
    /// - Returns: the directories that were emptied, and the runs that were removed from a database.
    package static func prune(
        beside path: String, ledger: LedgerPlace? = nil, keeping count: Int, note: (String) -> Void
    ) async -> [String] {
        let own = URL(fileURLWithPath: path).standardizedFileURL
        var finished: [(run: RunListing, location: RunLocation)] = []
        var target: String?
        var isMeasured = false
        for location in candidates(beside: own, ledger, note: note) {
            let run: RunListing
            do throws(RunError) {
                try requirePlain(location)
                run = try await RunListing(location)
            } catch {
                note("left alone: \(error)")
                continue
            }
            if URL(fileURLWithPath: location.path).standardizedFileURL == own {
                (target, isMeasured) = (run.target, run.isMeasure)
            } else if run.isFinished {
                finished.append((run, location))
            }
        }
        let others = finished.filter { $0.run.target == target }.sorted { $1.run.isBefore($0.run) }
        var old = Array(others.dropFirst(count - 1))
        isMeasured = isMeasured || others.prefix(count - 1).contains(where: \.run.isMeasure)
        if !isMeasured, let last = old.firstIndex(where: \.run.isMeasure) { old.remove(at: last) }
        var removed: [String] = []
        for (_, location) in old {
            do throws(RunError) {
                let shown = location.isHere ? location.path : "\(location)"
                try remove(location)
                removed.append(shown)
            } catch {
                note("\(error)")
            }
        }
        return removed
    }

    /// The runs beside a directory, and those of its scope in the database of its ledger.
    private static func candidates(
        beside own: URL, _ ledger: LedgerPlace?, note: (String) -> Void
    ) -> [RunLocation] {
        let beside = RunLocation.all(in: own.deletingLastPathComponent().path)
        guard case .database(let address, let run) = ledger else { return beside }
        do throws(RunError) {
            let known = Set(
                beside.compactMap { location -> LedgerPlace? in
                    do throws(RunError) { return try location.ledger } catch { return nil }
                })
            var scopes = KnownScopes()
            let scope = try scopes.scope(at: .database(address, run: run))
            let others = try scopes.runs(at: address).filter { other in
                other.scope == scope && other.run != run && !known.contains(.database(address, run: other.run))
            }
            return beside + others.map { RunLocation(of: $0.run, at: address) }
        } catch {
            note("left alone: \(error)")
            return beside
        }
    }

    /// Makes sure that a run's directory and what is to be removed in it are no links, so that nothing is removed
    /// elsewhere.
    private static func requirePlain(_ location: RunLocation) throws(RunError) {
        try location.requireOwn()
        for path in [location.path] + files.map({ location.path + "/" + $0 }) {
            guard let status = FileStatus(ofLink: path) else { continue }
            guard status.kind == (path == location.path ? S_IFDIR : S_IFREG) else {
                throw RunError(.cannotWrite, "\(path) is a link or the like", naming: .path(path))
            }
        }
    }

    private static func remove(_ location: RunLocation) throws(RunError) {
        let place = try location.ledger
        if location.isHere { try removeFiles(location.path) }
        if case .database(let address, let run) = place { try StoredLedger.remove(run, at: address) }
    }

    private static func removeFiles(_ directory: String) throws(RunError) {
        // Nobody is to go on with it meanwhile.
        let lock = try LockFile.ofRun(directory)
        defer { withExtendedLifetime(lock) {} }
        do {
            for name in files where SystemCall.exists(directory + "/" + name) {
                try SystemCall.remove(directory + "/" + name)
            }
            for name in try SystemCall.names(in: directory) where RunDirectory.isOwn(name) {
                try SystemCall.remove(directory + "/" + name)
            }
            if try SystemCall.names(in: directory).isEmpty {
                try SystemCall.remove(directory)
            }
        } catch {
            throw RunError(
                .cannotWrite, "can't remove the old run \(directory): \(error)",
                naming: .path(directory))
        }
    }
}
