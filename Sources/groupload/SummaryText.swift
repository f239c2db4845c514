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
            lines.append(
                row(
                    count, outcome.rawValue,
                    afterStop(outcome, summary, directory, hasCorrection: correction != nil)
                        ?? remedy(outcome, summary, directory)))
        }
        if let skipped = summary.skippedText { lines.append(skipped) }
        if let unread = unread(summary, directory) { lines.append(unread) }
        lines += warnings(
            nearDuplicates: summary.near_duplicates, suspicious: summary.suspicious,
            substitutes: summary.substitutes ?? 0, all: "\(directory)/report.html")
        lines += (summary.misread ?? []).map { "Warning: \($0.text)" }
        lines += (summary.partial ?? []).map { "Warning: \($0.text)" }
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
        if let correction { lines += [lead(to: correction, summary), "  " + correction] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What stands before the command that imports what is to be corrected.
    private static func lead(to correction: String, _ summary: Summary) -> String {
        let failures = summary.count(.invalid) + summary.count(.failed)
        guard failures > 0 else { return "To change what differs:" }
        let file = CorrectionCommand.file(of: summary)
        let isOfEncoding = correction.contains(" --encoding ")
        if isOfEncoding, let misread = summary.misread {
            // Where only the encoding is wrong, the command alone corrects it.
            if summary.requests == 0 { return "This reads all of the list:" }
            if misread.reduce(0, { $0 + $1.records - ($1.faulty ?? 0) }) == failures {
                return "Nothing has to be corrected in \(file); this reads it in \(misread[0].encoding):"
            }
        }
        let encoding = isOfEncoding ? ", which is likely to be in the encoding that the command gives" : ""
        let rest = summary.count(.unprocessed) > 0 ? ", this imports it and what was not sent" : ""
        return "Once \(file) is corrected\(encoding)\(rest):"
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
    static func warnings(nearDuplicates near: Int, suspicious: Int, substitutes: Int, all: String) -> [String] {
        var lines = near > 0 ? [nearDuplicates(near)] : []
        if substitutes > 0 {
            let place = substitutes > CappedNotices.shownMax ? "above and \(all)" : "above"
            lines.append(
                """
                Warning: \(Shown.count(substitutes, "name is that", "names are those")) of an invalid record and of \
                one that is loaded; see \(place) before you correct the invalid one
                """)
        }
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

    /// That a run was stopped before it had read all, and what reads on; nil where it wasn't, or that would be refused.
    private static func unread(_ summary: Summary, _ directory: String) -> String? {
        guard summary.unread == true, !summary.isRefused else { return nil }
        let list = summary.inputs.contains { $0.path == "-" } ? ", given the same list again," : ""
        let limit = summary.hasTooManyErrors ? " --max-errors N, with a larger limit," : ""
        return "Not all was read: groupload resume \(directory)\(limit)\(list) reads on"
    }

    /// A count and its word in columns, with a remark.
    static func row(_ count: Int, _ word: String, _ remark: String?) -> String {
        let digits = Shown.number(count)
        let padded = String(repeating: " ", count: max(0, 10 - digits.count)) + digits
        guard let remark else { return "\(padded)  \(word)" }
        return "\(padded)  \(word)" + String(repeating: " ", count: max(1, 13 - word.count)) + remark
    }

    /// What to do about records of a run that stopped before it had sent all; nil where that is what it always is.
    ///
    /// - Parameter hasCorrection: whether a command follows that imports what is to be corrected and what wasn't sent.
    private static func afterStop(
        _ outcome: Outcome, _ summary: Summary, _ directory: String, hasCorrection: Bool
    ) -> String? {
        guard summary.undoes == nil, summary.count(.unprocessed) > 0 || summary.unread == true else { return nil }
        let failed = "\(directory)/\(CorrectionCommand.file(of: summary))"
        // Nothing was sent, and the command reads the list in its own encoding.
        if hasCorrection, summary.requests == 0, summary.misread != nil {
            return outcome == .invalid || outcome == .unprocessed ? "read the list in its encoding, see below" : nil
        }
        switch outcome {
        case .invalid where summary.isRefused: return "correct them in the list"
        case .invalid, .failed:
            return hasCorrection
                ? "correct \(failed)" : "correct \(failed) once the run is resumed, which writes it again"
        case .unprocessed where summary.isRefusedForStrictness:
            return "nothing was sent: correct the list and import it again, or import it without --strict"
        case .unprocessed where summary.isRefused:
            return "nothing was sent, and resuming would not change that: see above what to do"
        case .unprocessed where summary.hasTooManyErrors:
            let resume = "groupload resume \(directory) --max-errors N, with a larger limit"
            return hasCorrection ? "import \(directory)/unprocessed.csv with it, or first \(resume)" : resume
        default: return nil
        }
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
        case .unresolved: "groupload resume \(directory) looks them up again"
        case .unprocessed: "groupload resume \(directory)"
        case .existing:
            summary.existing_differing.flatMap { count in
                let differ = count == 1 ? "1 differs" : "\(Shown.number(count)) differ"
                return count > 0
                    ? "\(differ) from the list and stayed as it was; \(directory)/results.csv says how" : nil
            }
        case .present: "on the target; it is not known who created them, so undo leaves them alone"
        case .created, .confirmed, .updated, .duplicate: nil
        }
    }
}
