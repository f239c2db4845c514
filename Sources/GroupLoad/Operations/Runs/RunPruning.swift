import Foundation

/// `--keep-runs`: removes the directories of old runs, so that a scheduled load doesn't fill its disk.
package enum RunPruning {
    /// What a run directory holds; anything else in it stays, and the directory with it.
    private static let files =
        [LockFile.nameInRun] + LedgerPlace.files + Report.files

    /// Removes the runs beside the one in `path`, of the same target, that are older than the last `count`; never one
    /// that could be resumed, and never the last that finished: what it read is what later lists are measured by
    /// (``ListLength``), and what an undo of the last good load needs.
    ///
    /// - Parameters:
    ///   - count: runs that are kept, that in `path` among them; at least 1.
    ///   - note: receives a message for each run that can't be read or removed, or isn't a plain directory of the
    ///     user's own; those are left alone.
    /// - Returns: the directories that were emptied.
    package static func prune(beside path: String, keeping count: Int, note: (String) -> Void) async -> [String] {
        let own = URL(fileURLWithPath: path).standardizedFileURL
        var finished: [RunListing] = []
        var target: String?
        var isMeasured = false
        for location in RunLocation.all(in: own.deletingLastPathComponent().path) {
            let run: RunListing
            do throws(RunError) {
                try requirePlain(location)
                run = try await RunListing(location)
            } catch {
                note("left alone: \(error)")
                continue
            }
            if URL(fileURLWithPath: run.directory).standardizedFileURL == own {
                (target, isMeasured) = (run.target, run.isMeasure)
            } else if run.isFinished {
                finished.append(run)
            }
        }
        let others = finished.filter { $0.target == target }.sorted { $1.isBefore($0) }
        var old = Array(others.dropFirst(count - 1))
        isMeasured = isMeasured || others.prefix(count - 1).contains(where: \.isMeasure)
        if !isMeasured, let last = old.firstIndex(where: \.isMeasure) { old.remove(at: last) }
        var removed: [String] = []
        for run in old {
            do throws(RunError) {
                try remove(run.directory)
                removed.append(run.directory)
            } catch {
                note("\(error)")
            }
        }
        return removed
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

    private static func remove(_ directory: String) throws(RunError) {
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
