import Foundation
import GroupLoad

/// A run's summary for a person.
enum SummaryText {
    /// A few lines: what was read, how it ended, where the report is, and what to do about what did not end well.
    ///
    /// - Parameters:
    ///   - correction: the command that imports what is to be corrected; nil where nothing is.
    ///   - names: what `--map` says of columns, by the roles' indices.
    static func of(_ summary: Summary, directory: String, correction: String?, names: [String?]) -> String {
        var lines = ["", "\(Shown.count(summary.read, "record")) read"]
        for outcome in Outcome.allCases {
            guard let count = summary.outcomes[outcome.rawValue], count > 0 else { continue }
            let stopped = outcome == .unprocessed ? whatToDo(summary, directory) : nil
            lines.append(
                row(count, outcome.rawValue, stopped ?? remedy(outcome, summary, directory)))
        }
        if let skipped = summary.skippedText { lines.append(skipped) }
        lines += warnings(
            nearDuplicates: summary.near_duplicates, suspicious: summary.suspicious, all: "\(directory)/report.html")
        lines += warnings(summary.columns ?? [:], names, unheeded: summary.activity_unheeded ?? 0)
        if let altered = summary.altered, altered > 0 {
            lines.append(
                """
                Warning: the server keeps \(Shown.count(altered, "group")) in another form than was sent (name or \
                rank); \(directory)/results.csv says how
                """
            )
        }
        lines.append(
            """
            \(Shown.count(summary.requests, "request")), \(Shown.count(summary.retries, "retry", "retries")), \
            \(Shown.number(summary.throttled)) throttled
            """)
        if let rate = summary.rate_learned {
            lines.append(
                "The target allows about \(Shown.count(rate, "request")) a minute; give --rate \(rate)/min next time")
        }
        lines.append("Report: \(directory)")
        if let correction {
            let isToCorrect = [.invalid, .failed].contains {
                summary.outcomes[($0 as Outcome).rawValue, default: 0] > 0
            }
            let file = CorrectionCommand.file(of: summary)
            // Where only the encoding is wrong, the command alone corrects it.
            let encoding =
                correction.contains(" --encoding ")
                ? ", which is likely to be in the encoding that the command gives" : ""
            lines += [isToCorrect ? "Once \(file) is corrected\(encoding):" : "To import it again:"]
            lines += ["  " + correction]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What became of a list as a whole.
    static func of(_ whole: WholeList) -> String {
        let read = whole.outcomes.values.reduce(0, +)
        var lines = [
            """
            The list as a whole, with \(Shown.count(whole.runs.count, "run that corrects", "runs that correct")) it \
            (\(whole.runs.joined(separator: ", "))): \(Shown.count(read, "record"))
            """
        ]
        for outcome in Outcome.allCases {
            guard let count = whole.outcomes[outcome.rawValue] else { continue }
            lines.append(row(count, outcome.rawValue, nil))
        }
        if whole.left_out > 0 {
            let left = Shown.count(
                whole.left_out, "record that was to be corrected is", "records that were to be corrected are")
            lines.append("\(left) in no correction")
        }
        let added = whole.added.sorted { $0.key < $1.key }.map { "\(Shown.number($0.value)) \($0.key)" }
        if !added.isEmpty { lines.append("Lines that were added to corrections: \(added.joined(separator: ", "))") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The warnings about names of a list, a line each.
    ///
    /// - Parameter all: where more of them stand than are noted one by one.
    static func warnings(nearDuplicates near: Int, suspicious: Int, all: String) -> [String] {
        var lines = near > 0 ? [nearDuplicates(near)] : []
        if suspicious > 0 {
            let place = suspicious > CappedNotices.shownMax ? "above and \(all)" : "above"
            lines.append(
                """
                Warning: \(Shown.count(suspicious, "name is", "names are")) suspicious; see \(place), and correct what \
                isn't meant
                """)
        }
        return lines
    }

    /// The warnings about columns of lists that look as if they should be used, a line for each form of a list, and
    /// about activities that don't count.
    ///
    /// - Parameters:
    ///   - names: what `--map` says of columns, by the roles' indices.
    ///   - unheeded: drafts whose groups are to be inactive by the list, where that doesn't count.
    static func warnings(_ columns: [String: ColumnUse], _ names: [String?], unheeded: Int) -> [String] {
        var lines: [String] = []
        var told: [ColumnUse] = []
        for (path, use) in columns.sorted(by: { $0.key < $1.key }) where !told.contains(use) {
            told.append(use)
            guard let remark = use.remark(given: names) else { continue }
            lines.append("Warning: \(path == "-" ? "standard input" : Shown.text(path)): not used: \(remark)")
        }
        if unheeded > 0 {
            lines.append(
                """
                Warning: \(Shown.count(unheeded, "record says", "records say")) that the group isn't active, which \
                counts only with --on-existing update: groups are created active, and those that exist stay as they are
                """)
        }
        return lines
    }

    /// The warning about names that have the near form of earlier ones.
    private static func nearDuplicates(_ count: Int) -> String {
        """
        Warning: \(Shown.count(count, "name differs from an earlier one", "names differ from earlier ones")) only in \
        case, form or blanks; --name-match folded takes such names for the same
        """
    }

    /// A count and its word in columns, with a remark.
    static func row(_ count: Int, _ word: String, _ remark: String?) -> String {
        let digits = Shown.number(count)
        let padded = String(repeating: " ", count: max(0, 10 - digits.count)) + digits
        guard let remark else { return "\(padded)  \(word)" }
        return "\(padded)  \(word)" + String(repeating: " ", count: max(1, 13 - word.count)) + remark
    }

    /// What to do about unprocessed records where resuming alone would end as before; nil elsewhere.
    private static func whatToDo(_ summary: Summary, _ directory: String) -> String? {
        if isRefused(summary) { return "nothing was sent, and resuming would not change that: see above what to do" }
        return summary.error?.code == RunError.Code.tooManyErrors.description
            ? "groupload resume \(directory) --max-errors N, with a larger limit" : nil
    }

    /// Whether the run was refused for what it was to do, so that going on with it would be refused again.
    private static func isRefused(_ summary: Summary) -> Bool {
        let codes: [RunError.Code] = [
            .planUnusable, .emptyList, .invalidRecords, .tooFewRecords, .tooManyMissing, .unusedColumns,
        ]
        // A damaged list that nothing was sent of, and one that has changed since the plan, too.
        return summary.exit == ExitStatus.damagedInput.rawValue && summary.requests == 0
            || summary.error?.code == RunError.Code.targetUnfit.description && summary.requests == 0
            || summary.error?.remedy?.hasPrefix("plan again") == true
            || codes.contains { $0.description == summary.error?.code }
    }

    private static func remedy(_ outcome: Outcome, _ summary: Summary, _ directory: String) -> String? {
        let hasWorkbook = summary.files[RecordTable.correctionName] != nil
        let failed = "\(directory)/\(hasWorkbook ? RecordTable.correctionName : "failed.csv")"
        if summary.undoes != nil {
            return switch outcome {
            case .existing: "left as they are; \(directory)/results.csv says why"
            case .failed, .unresolved: "see \(failed); undoing the same run again is safe"
            case .unprocessed: "groupload resume \(directory)"
            default: nil
            }
        }
        return switch outcome {
        case .invalid, .failed: "correct \(failed) and import it"
        case .unresolved: "see \(failed); importing it again is safe"
        case .unprocessed: "groupload resume \(directory)"
        case .present: "on the target; it is not known who created them, so undo leaves them alone"
        case .created, .confirmed, .existing, .updated, .duplicate: nil
        }
    }
}
