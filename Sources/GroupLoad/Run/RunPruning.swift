import Foundation

/// `--keep-runs`: removes the directories of old runs, so that a scheduled load doesn't fill its disk.
package enum RunPruning {
    /// What a run directory holds; anything else in it stays, and the directory with it.
    private static let files =
        ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "summary.json", Report.pageName]
        + RecordTable.files.keys

    /// Removes the runs beside the one in `path`, of the same target, that are older than the last `count`; never one that could be
    /// resumed.
    ///
    /// - Parameters:
    ///   - count: runs that are kept, that in `path` among them; at least 1.
    ///   - note: is told of runs that can't be read, which are left alone.
    /// - Returns: the directories that were emptied.
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` if a file can't be removed.
    package static func prune(beside path: String, keeping count: Int, note: (String) -> Void) async throws(RunError)
        -> [String]
    {
        let own = URL(fileURLWithPath: path).standardizedFileURL
        var finished: [RunListing] = []
        var target: String?
        for location in RunLocation.all(in: own.deletingLastPathComponent().path) {
            let run: RunListing
            do throws(RunError) { run = try await RunListing(location) } catch {
                note(error.message)
                continue
            }
            if URL(fileURLWithPath: run.directory).standardizedFileURL == own {
                target = run.target
            } else if run.isFinished {
                finished.append(run)
            }
        }
        let old = finished.filter { $0.target == target }.sorted { $1.isBefore($0) }.dropFirst(count - 1)
        for run in old { try remove(run.directory) }
        return old.map(\.directory)
    }

    private static func remove(_ directory: String) throws(RunError) {
        do {
            for name in files where FileManager.default.fileExists(atPath: directory + "/" + name) {
                try FileManager.default.removeItem(atPath: directory + "/" + name)
            }
            if try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty {
                try FileManager.default.removeItem(atPath: directory)
            }
        } catch {
            throw RunError(.cannotWrite, "can't remove the old run \(directory): \(error.localizedDescription)")
        }
    }
}
