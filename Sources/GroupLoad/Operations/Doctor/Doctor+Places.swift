import Foundation

// The lock, the run directory and its disk.
extension Doctor {
    /// Bytes below which a run keeps no copy of its lists, and those below which it can hardly begin.
    private static let freeBytesWarned: Int64 = 64 << 20, freeBytesMin: Int64 = 1 << 20

    /// Looks at the locks that an import holds while it runs: one that begins meanwhile gets them.
    func lockFinding() -> DoctorFinding {
        guard let scope else { return .notChecked(.lock, "the target or the credentials can't be used") }
        do throws(RunError) {
            try ScopeLock.look(scope: scope, environment: environment.variables)
            if let held { try LockFile.lookAtRun(held.path) }
        } catch {
            return .fail(.lock, error)
        }
        return .ok(.lock, "no other run works on this target with these credentials")
    }

    /// What is found of the run directory, and of its disk.
    func placeFindings() async -> [DoctorFinding] {
        let directory = await bounded(.runDirectory) { directoryFinding() }
        guard directory.exit == nil else { return [directory, .notChecked(.disk, "the run directory can't be used")] }
        return [directory, await bounded(.disk) { diskFinding() }]
    }

    /// The run that the directory holds; nil for none.
    private var held: RunLocation? { subject.runDirectory.flatMap { RunLocation(existing: $0) } }

    private var directory: String { subject.runDirectory ?? RunLocation.runsDirectory }

    /// The directory itself, or the nearest above it that is there.
    private var existing: String {
        var path = directory
        while !path.isEmpty, !SystemCall.exists(path) {
            guard let slash = path.lastIndex(of: "/") else { return "." }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return path.isEmpty ? "/" : path
    }

    private func directoryFinding() -> DoctorFinding {
        let (directory, existing) = (Shown.text(self.directory), self.existing)
        do throws(RunError) {
            if let run = held {
                try run.requireOwn()
                if let scope, let kept = try StoredLedger.metadata(at: run.ledger).scope {
                    try Self.requireSame(Scope(text: kept), Scope(text: scope), run)
                }
            } else if subject.runDirectory != nil, existing == self.directory {
                try RunDirectory.requireNone(in: existing)
            }
        } catch {
            // What is wrong with the ledger is the ledger's finding.
            if error.status != .unusable { return .fail(.runDirectory, error) }
        }
        let descriptor = SystemCall.openTemporary(in: existing)
        guard descriptor >= 0 else {
            let error = RunError(
                .cannotWrite, "can't write to \(Shown.text(existing)): \(SystemCall.message(errno))",
                naming: .path(existing), remedy: "name another directory with --run-dir, or let this user write there")
            return .fail(.runDirectory, error)
        }
        close(descriptor)
        if held != nil { return .ok(.runDirectory, "\(directory) holds a run, which an import there goes on with") }
        return .ok(.runDirectory, "\(directory) can be \(existing == self.directory ? "written to" : "made")")
    }

    private static func requireSame(_ own: Scope, _ given: Scope, _ run: RunLocation) throws(RunError) {
        guard own != given else { return }
        throw RunError(
            .otherRun, "\(run.path) holds a run that was made at \(own.target) as \(own.keyID)",
            naming: .path(run.path), remedy: "name another directory with --run-dir")
    }

    private func diskFinding() -> DoctorFinding {
        let path = existing
        guard let free = SystemCall.freeBytes(path + "/") else {
            return .warn(.disk, "how much room is free for \(Shown.text(path)) isn't known")
        }
        let text = "\(Shown.number(free >> 20)) MiB are free for the run directory"
        if free < Self.freeBytesMin {
            return .fail(.disk, RunError(.diskFull, text, remedy: "free space, or name another disk with --run-dir"))
        }
        if free < Self.freeBytesWarned {
            return .warn(.disk, text + ", so that a run keeps no copy of its lists", remedy: "free space")
        }
        return .ok(.disk, text)
    }
}
