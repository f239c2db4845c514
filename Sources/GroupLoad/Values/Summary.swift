import Foundation

/// What `summary.json` says of a run, and `--json` prints. The keys are part of the interface that scripts rely on.
package struct Summary: SummaryDocument, Sendable, Codable, Equatable {
    /// The run's id.
    package var run: String
    /// The id of the run that this one takes back; absent unless it is an undo.
    package var undoes: String?
    /// The ids of the runs whose records this one corrects; absent where its lists say none.
    package var corrects: [String]?
    /// The id of the trace that its requests belonged to; absent where they belonged to none.
    package var trace_id: String?
    /// The target's URL.
    package var target: String
    /// The run directory's absolute path at the run's end.
    package var run_dir: String
    /// Records read; the sum of `outcomes`.
    package var read: Int
    /// The count of every outcome, also where it is 0.
    package var outcomes: [String: Int]
    /// Those of the `updated` records whose groups were set inactive.
    package var deactivated: Int
    /// Those of the `updated` records whose groups were set active again.
    package var reactivated: Int
    /// When the run began, ISO 8601 in UTC.
    package var started: String
    /// When the run ended, ISO 8601 in UTC.
    package var finished: String
    /// Seconds that the last process of the run took.
    package var seconds: Double
    /// The inputs that were read, in their order.
    package var inputs: [SummaryInput]
    /// Whether the run was stopped before its inputs were read to their ends, so that a resume reads on; absent where
    /// it wasn't.
    package var unread: Bool?
    /// The exit status.
    package var exit: Int32
    /// Why the run ended early, where it did.
    package var message: String?
    /// The error that ended the run early, part by part; absent where none did.
    package var error: SummaryError?
    /// Requests sent, retries included.
    package var requests: Int
    /// Requests that were sent again.
    package var retries: Int
    /// Responses of 429.
    package var throttled: Int
    /// Requests a minute while drafts were sent.
    package var rate_per_minute: Double
    /// Requests a minute that the target was found to allow, for `--rate` next time; absent where that wasn't met or
    /// looked for.
    package var rate_learned: Int?
    /// Percentiles of the time from a request to its response, in milliseconds.
    package var latency_ms: LatencyPercentiles
    /// Names that have the near form of an earlier one (``NearName``).
    package var near_duplicates: Int
    /// Drafts whose names are rather a program's slip: `1-Mar`, `#N/A`, a `Total` at the end.
    package var suspicious: Int
    /// Drafts whose groups are to be inactive by the list, which counts only with `--on-existing update`. Nil in
    /// summaries of older versions.
    package var activity_unheeded: Int?
    /// Records of one name of which one is invalid and the other was loaded in its place. Nil in summaries of older
    /// versions.
    package var substitutes: Int?
    /// Duplicates that say another rank or activity than the record of their name that was loaded. Nil in summaries of
    /// older versions.
    package var differing_duplicates: Int?
    /// `existing` records whose groups differ from what they say; only of a run that corrects others.
    package var existing_differing: Int?
    /// Lists that are likely to be in another encoding than they were read in; absent where there are none.
    package var misread: [Misread]?
    /// Lists that seem to be one page of a longer one; absent where there are none.
    package var partial: [PartialList]?
    /// Which columns of each list are used, by its path as given. Nil for an undo.
    package var columns: [String: ColumnUse]?
    /// What was passed over and is no record, by kind, also where it is 0. Nil in summaries of older versions, as the
    /// three that follow.
    package var skipped: [String: Int]?
    /// Where the first of each kind of those stand.
    package var skipped_places: [KindCounts.Place]?
    /// What was accepted though its form is unusual, by kind, also where it is 0.
    package var tolerated: [String: Int]?
    /// Where the first of each kind of those stand.
    package var tolerated_places: [KindCounts.Place]?
    /// Groups that the server keeps in another form than was sent: another name, or another rank. Nil in summaries of
    /// older versions.
    package var altered: Int?
    /// The SHA-256 of each file of the report, by name.
    package var files: [String: String]
    /// What became of the list as a whole; only in what `report` gives, and where runs correct this one.
    package var whole: WholeList?
}

extension Summary {
    /// What was passed over, in a line for a person; nil where nothing was.
    package var skippedText: String? {
        skipped.flatMap { KindCounts(counts: $0, places: skipped_places ?? []).skippedText }
    }

    /// How many records have an outcome.
    package func count(_ outcome: Outcome) -> Int { outcomes[outcome.rawValue, default: 0] }

    /// Puts in what of the lists was no record, or one in an unusual form.
    mutating func set(_ rows: ListRows) {
        (skipped, skipped_places) = (rows.skipped.counts, rows.skipped.places)
        (tolerated, tolerated_places) = (rows.tolerated.counts, rows.tolerated.places)
    }
}

// What stopped the run.
extension Summary {
    /// Whether too many records were invalid or failed.
    package var hasTooManyErrors: Bool { error?.code == RunError.Code.tooManyErrors.description }

    /// Whether the run was refused for what `--strict` refuses.
    package var isRefusedForStrictness: Bool {
        [RunError.Code.suspiciousNames, .unusedColumns, .otherEncoding, .partialList].contains {
            $0.description == error?.code
        }
    }

    /// Whether the run was refused for what it was to do, so that going on with it would be refused again.
    package var isRefused: Bool {
        let codes: [RunError.Code] = [
            .planUnusable, .emptyList, .invalidRecords, .tooFewRecords, .tooManyMissing, .unusedColumns,
            .missingPages,
        ]
        // A damaged list that nothing was sent of, and one that has changed since the plan, too.
        return exit == ExitStatus.damagedInput.rawValue && requests == 0
            || error?.code == RunError.Code.targetUnfit.description && requests == 0
            || error?.remedy?.hasPrefix("plan again") == true
            || codes.contains { $0.description == error?.code }
    }
}

/// What a summary says of an input as it was read.
package struct SummaryInput: Sendable, Codable, Equatable {
    /// The path as given, or `-`.
    package var path: String
    /// Bytes read, as they stand in the file.
    package var bytes: Int64
    /// The SHA-256 of those bytes in lower-case hexadecimal; absent where it was not read to its end.
    package var sha256: String?
    /// The name of the copy that is kept in the run directory; absent where there is none.
    package var copy: String?
    /// Why there is none; absent where there is one, or none was to be kept.
    package var copy_dropped: String?

    init(_ source: SourceSummary) {
        path = source.path
        bytes = source.bytes
        sha256 = source.sha256.isEmpty ? nil : source.sha256
    }

    /// What is said of inputs, with what became of their copies.
    static func all(_ sources: [SourceSummary], _ copies: [KeptInput]?) -> [SummaryInput] {
        var inputs = sources.map(SummaryInput.init)
        for (number, copy) in (copies ?? []).enumerated() where inputs.indices.contains(number) {
            (inputs[number].copy, inputs[number].copy_dropped) = (copy.file, copy.reason)
        }
        return inputs
    }
}

/// A summary for scripts.
package protocol SummaryDocument: Encodable {}

extension SummaryDocument {
    /// The summary as JSON over several lines, with its keys in order and a line end. It may be printed to a terminal,
    /// see ``Shown/json(_:)``.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Shown.json(String(decoding: try encoder.encode(self), as: UTF8.self)) + "\n"
    }
}

extension Array: SummaryDocument where Element: SummaryDocument {}
