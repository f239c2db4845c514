import GroupLoad

extension JSONLog {
    /// What a run has counted so far.
    static func attributes(of counted: RunProgress.Snapshot) -> [String: Value] {
        let all = counted.allOutcomes
        var attributes: [String: Value] = [:]
        for outcome in Outcome.allCases where all[outcome] > 0 {
            attributes["groupload.records.\(outcome.rawValue)"] = .number(all[outcome])
        }
        attributes["groupload.records.read"] = .number(counted.read)
        attributes["groupload.records.left"] = .number(max(0, counted.read - all.sum))
        attributes["groupload.run.phase"] = .text(counted.phase.rawValue)
        return attributes
    }

    /// How a run ended.
    static func attributes(of summary: Summary) -> [String: Value] {
        var attributes: [String: Value] = [:]
        for (outcome, count) in summary.outcomes where count > 0 {
            attributes["groupload.records.\(outcome)"] = .number(count)
        }
        attributes["groupload.records.read"] = .number(summary.read)
        attributes["groupload.run.exit"] = .number(Int(summary.exit))
        attributes["groupload.run.directory"] = .text(summary.run_dir)
        return attributes
    }
}
