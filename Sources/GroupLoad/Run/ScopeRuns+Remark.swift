extension ScopeRuns {
    /// What whoever starts or resumes a run should know of the others on its scope: that one which was started later
    /// has finished, so that going on with this one may take back what that did; or, for a new run, that the one
    /// before didn't finish. Nil for nothing.
    ///
    /// - Parameter startedAt: when the run was started that is resumed, in epoch milliseconds; nil for a new one.
    func remark(besides startedAt: Int64?) -> String? {
        var latest: (startedAt: Int64, isFinished: Bool, path: String)?
        for location in locations {
            do throws(RunError) {
                let metadata = try StoredLedger.metadata(at: location.ledger)
                let (began, isFinished) = (metadata.startedAt ?? 0, metadata.reached == .finished)
                if began > latest?.startedAt ?? 0, startedAt == nil || isFinished {
                    latest = (began, isFinished, location.isHere ? location.path : "\(try location.ledger)")
                }
            } catch {
                // What can't be read has nothing to say.
                continue
            }
        }
        guard let latest else { return nil }
        if let startedAt {
            guard latest.startedAt > startedAt else { return nil }
            return """
                a later run on this target has finished meanwhile: \(latest.path); what this one still changes may \
                take back what that one did
                """
        }
        guard !latest.isFinished else { return nil }
        return """
            the run before this one on this target did not finish: \(latest.path); what it created is found as \
            existing, and `groupload report` shows how far it came
            """
    }
}
