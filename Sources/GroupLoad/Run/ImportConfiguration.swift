package import RecordFormats
package import RewardsClient

/// The settings of an import, checked before any work.
package struct ImportConfiguration: Sendable {
    /// The lists, in their order.
    package var sources: [InputSource]
    /// The target, the credentials, the time-outs and the connections.
    package var client: ClientConfiguration
    /// How long the target may ask to wait, in all and without a success; then the run stops.
    package var waitMax = RequestGate.waitMaxDefault
    /// Drafts in flight at once, from 1 to ``ClientConfiguration/connectionsLimit``.
    package var concurrency = 64
    /// The allowance that is spent evenly; nil to find it out.
    package var rate: RequestRate?
    /// How many records may be invalid or fail before the run stops; nil for any number.
    package var errorLimit: ErrorLimit?
    /// How many records the lists must have; else nothing is sent. Nil for any number.
    package var recordFloor: RecordFloor?
    /// When two names are the same.
    package var nameMatch = NameMatch.exact
    /// The longest name, in characters (Unicode scalar values), after trimming.
    package var nameLengthMax = 255
    /// Words that mean an empty name, rank or activity.
    package var nullWords: [String] = []
    /// How bytes become records: encoding, CSV dialect, members and limits.
    package var decoding = DecodingOptions(mapping: .groups)
    /// What is done about columns of the lists that aren't used.
    package var columnPolicy = ColumnPolicy.noted
    /// Whether files are read once in full before anything is sent.
    package var hasPreflight = true
    /// What becomes of a draft whose group exists already.
    package var existing = ExistingRule(.skip)
    /// Whether the target's list is read before anything is sent.
    package var snapshot = SnapshotUse.auto
    /// Whether groups of the target that no record names are set inactive.
    package var deactivatesMissing = false
    /// How many of the target's active groups that may be; else nothing is sent.
    package var deactivateLimit = ErrorLimit.percent(10)
    /// The plan that is carried out.
    package var planPath: String?
    /// Where the run directory goes; nil for the default. One that holds a run with the same ``kept`` is gone on with.
    package var runDirectory: String?
    /// The settings as the ledger keeps them.
    package let kept: RunConfiguration
    /// Whether a run in ``runDirectory`` that sent nothing makes way for this one, where it can't be gone on with: its
    /// options or its lists are others, or were damaged.
    package var replacesUnsent = false
    /// Whether it goes on with what was read though the inputs have changed since.
    package var acceptsChangedInput = false
    /// Whether a copy that the run has of its inputs is enough to go on: the user named the run, and no lists.
    package var acceptsCopies = false

    /// - Parameter kept: all settings but the client's.
    package init(_ kept: RunConfiguration, client: ClientConfiguration) {
        self.kept = kept
        self.client = client
        sources = kept.inputs.map { InputSource(path: $0.path, format: kept.reading.recordFormat, given: $0.given) }
        waitMax = .seconds(kept.target.waitMaxSeconds)
        concurrency = kept.concurrency
        rate = kept.rate
        errorLimit = kept.errorLimit
        recordFloor = kept.recordFloor
        nameMatch = kept.nameMatch
        nameLengthMax = kept.nameLengthMax
        nullWords = kept.nullWords
        decoding = kept.reading.decoding
        columnPolicy = kept.reading.isStrict ? .strict : .noted
        hasPreflight = !kept.skipsPreflight
        existing = ExistingRule(kept.existing, emptyRank: kept.emptyRank)
        snapshot = kept.snapshot
        deactivatesMissing = kept.deactivatesMissing
        deactivateLimit = kept.deactivateLimit
        planPath = kept.plan
    }

    /// Where a source of the run's ledger is read from, by its number.
    func path(of source: SourceSummary, _ number: Int) -> String {
        sources.indices.contains(number) ? sources[number].path : source.path
    }

    /// Whether all records are read before anything is sent; standard input streams unless all of it must be known.
    var isPreflighted: Bool {
        needsAll || recordFloor != nil || columnPolicy == .strict || kept.trustsLedger
            || hasPreflight && !sources.contains(where: \.isStandardInput)
    }

    /// Whether nothing may be sent before all records were compared with the target.
    ///
    /// Names are compared regardless of case only so: the target itself may take two for different.
    var needsAll: Bool {
        snapshot == .always || deactivatesMissing || planPath != nil || nameMatch == .folded && snapshot == .auto
    }

    /// Groups under way at once that are changed: few while the pace is still to be found, and no more than a second
    /// of it lets through where it is known, so that little time goes by between the reading of a group and its
    /// change.
    var updatesAtOnce: Int { min(concurrency, rate.map { max(2, Int($0.perMinute / 60)) } ?? 16) }

    /// How long a request may be carried out after it was sent, as far as its response is waited for: the head within
    /// the time-out, the whole within twice that.
    var requestMax: Duration { client.requestTimeout * 2 }

    /// What checks records.
    var validator: RecordValidator {
        RecordValidator(nameLengthMax: nameLengthMax, nullWords: nullWords)
    }
}
