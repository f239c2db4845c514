/// How many records the lists of a run have, beside those of the last finished run on the same scope.
struct ListLength: Sendable {
    /// A run that finished.
    struct Last: Sendable, Equatable {
        /// Its id.
        var run: String
        /// The records that its lists had.
        var read: Int
    }

    /// Below this percentage of the last run's records, a list is noted as short.
    private static let percentTold = 90.0

    /// Records that were read.
    var read: Int
    /// The last run; nil where there is none.
    var last: Last?

    /// What is said of a list that is much shorter than the last, and of a floor that has nothing to be measured by;
    /// nil for any other.
    func remark(for floor: RecordFloor?) -> String? {
        if case .percent = floor, last == nil {
            return """
                --min-records \(floor?.text ?? "") isn't checked: no finished run on this target is known here to \
                compare with
                """
        }
        guard let last, let least = RecordFloor.percent(Self.percentTold).least(last: last.read), read < least else {
            return nil
        }
        return """
            the list is shorter than last time: \(Shown.count(read, "record")); the last run on this target read \
            \(Shown.number(last.read)) (\(last.run))
            """
    }

    /// Makes sure that there are as many records as there must be.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/stopped``.
    func require(_ floor: RecordFloor?) throws(RunError) {
        guard let floor, let least = floor.least(last: last?.read), read < least else { return }
        var reason = "fewer than --min-records \(floor.text) allows"
        if case .percent = floor, let last {
            reason += ", which is \(Shown.number(least)) of the \(Shown.number(last.read)) that run \(last.run) read"
        }
        throw RunError(
            .tooFewRecords, "\(Shown.count(read, "record was", "records were")) read, \(reason); nothing was sent",
            naming: nil, remedy: "see that the list is whole, or import it with another --min-records")
    }
}

extension ScopeRuns {
    /// The import among these runs that was started last and finished: all its records were read and have an outcome. A
    /// load of what another run left to correct is none.
    func last() async -> ListLength.Last? {
        var found: (startedAt: Int64, last: ListLength.Last)?
        for location in locations {
            do {
                let ledger = try StoredLedger.read(at: location.ledger)
                let metadata = try await ledger.metadata()
                let startedAt = metadata.startedAt ?? 0
                if metadata.hasFinished, startedAt >= found?.startedAt ?? 0,
                    try await !ledger.sources().contains(where: \.isCorrection)
                {
                    let last = ListLength.Last(run: metadata.run ?? "", read: try await ledger.listedCount())
                    found = (startedAt, last)
                }
                try ledger.closeReading()
            } catch {
                // What can't be read is no measure.
                continue
            }
        }
        return found?.last
    }
}

extension RunMetadata {
    /// Whether it is an import that finished, whatever the outcomes of its records.
    fileprivate var hasFinished: Bool {
        reached == .finished && configuration?.undo == nil && ListLength.isEnd(exit)
    }
}

extension ListLength {
    /// Whether a run with this exit status finished, whatever the outcomes of its records.
    static func isEnd(_ exit: Int32?) -> Bool {
        [ExitStatus.done, .finishedWithFailures, .unresolved].contains { $0.rawValue == exit }
    }
}

extension SourceSummary {
    /// Whether it is what a report left to correct, by its columns.
    var isCorrection: Bool { columns?.contains("_record") == true }
}
