import Foundation

/// How the page writes numbers and times, and what it says of outcomes.
enum PageText {
    /// A whole number with a comma between thousands.
    static func count(_ number: Int) -> String {
        Shown.number(number)
    }

    /// A count and its noun, `1 record` or `2 records`.
    static func count(_ number: Int, of noun: String) -> String { Shown.count(number, noun) }

    /// A part of a whole in percent; never 0 or 100 where it isn't exactly that.
    static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0, part > 0 else { return "0%" }
        if part == whole { return "100%" }
        let percent = Double(part) * 100 / Double(whole)
        if percent < 0.1 { return "<0.1%" }
        if percent > 99.9 { return ">99.9%" }
        return String(format: "%.1f%%", percent)
    }

    /// Milliseconds as a person would say them.
    static func duration(milliseconds: Double) -> String {
        switch milliseconds {
        case ..<10: String(format: "%.1f ms", milliseconds)
        case ..<1000: "\(Int(milliseconds.rounded())) ms"
        case ..<60_000: String(format: "%.1f s", milliseconds / 1000)
        case ..<3_600_000:
            "\(Int(milliseconds) / 60_000) min \(Int(milliseconds) / 1000 % 60) s"
        default: "\(count(Int(milliseconds) / 3_600_000)) h \(Int(milliseconds) / 60_000 % 60) min"
        }
    }

    /// An instant of the summary for a person.
    static func instant(_ iso: String) -> String {
        iso.replacingOccurrences(of: "T", with: " ").replacingOccurrences(of: "Z", with: " UTC")
    }

    /// How long it is from one instant of the summary to another, to the second.
    static func duration(from start: String, to end: String) -> String? {
        do {
            let seconds = try Date(end, strategy: .iso8601).timeIntervalSince(Date(start, strategy: .iso8601))
            return seconds < 1 ? "less than a second" : duration(milliseconds: seconds * 1000)
        } catch {
            return nil
        }
    }

    /// The time of day of an instant in epoch milliseconds, in UTC; with tenths of seconds if `isFine`.
    static func time(_ epochMilliseconds: Int64, isFine: Bool) -> String {
        let ofDay = epochMilliseconds % 86_400_000 / 100
        let text = String(format: "%02d:%02d:%02d", ofDay / 36_000, ofDay / 600 % 60, ofDay / 10 % 60)
        return isFine ? text + ".\(ofDay % 10)" : text
    }

    /// The day of an instant in epoch milliseconds, in UTC.
    static func day(_ epochMilliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(epochMilliseconds) / 1000).formatted(.iso8601.year().month().day())
    }
}

extension Outcome {
    /// What it means, for the person who ordered the load.
    func meaning(isUndo: Bool) -> String {
        if isUndo {
            switch self {
            case .updated: return "Taken back: the group is what the run found, or not active any more."
            case .existing: return "Left as it is: somebody has changed it since, or it was so already."
            case .failed: return "The server refused the change, or kept failing."
            case .unresolved:
                return "May or may not be taken back: the response was lost, and reading the group did not show which."
            case .unprocessed: return "The run stopped before its turn; not touched."
            case .created, .confirmed, .present, .duplicate, .invalid: return "Doesn't come about in an undo."
            }
        }
        return switch self {
        case .created: "The server made the group."
        case .confirmed: "Made by this run; the response was lost, and looking the group up found it."
        case .present:
            "Is on the server; the response was lost, and it is not known who made the group. Undo leaves it alone."
        case .existing: "Was on the server before this run; left as it is."
        case .updated: "Was on the server and differed; changed as asked."
        case .duplicate: "The name stands earlier in the input."
        case .invalid: "Did not pass the checks; never sent."
        case .failed: "The server refused it, or kept failing."
        case .unresolved: "May or may not be on the server: the response was lost, and a look-up did not show which."
        case .unprocessed: "The run stopped before its turn; never sent."
        }
    }

    /// What to do about records that ended so, the file to use, and what to do with that; nil where there is nothing
    /// to do.
    /// - Parameters:
    ///   - failed: the file of the records that failed.
    ///   - isRefused: whether nothing was sent, and going on with the run would be refused again.
    func nextStep(isUndo: Bool, failed: String, isRefused: Bool) -> (before: String, file: String, after: String)? {
        if isRefused, !isUndo, self == .invalid || self == .unprocessed {
            return ("Correct the list, and import it again.", "", "")
        }
        if isUndo, !isDone {
            return ("See ", self == .unprocessed ? "unprocessed.csv" : failed, "; undo the same run again.")
        }
        return switch self {
        case .created, .confirmed, .present, .existing, .updated, .duplicate: nil
        case .invalid, .failed: ("Correct in ", failed, " and import that.")
        case .unresolved: ("Go on with the run (groupload resume), which looks them up again.", "", "")
        case .unprocessed: ("Go on with the run, or import ", "unprocessed.csv", ".")
        }
    }
}

extension Cause {
    /// What to do about it, where the message itself doesn't say.
    /// - Parameters:
    ///   - failed: what the file of the records that failed is called.
    ///   - isRefused: as of ``Outcome/nextStep(isUndo:failed:isRefused:)``.
    func advice(isUndo: Bool, failed: String, isRefused: Bool = false) -> String {
        if outcome.isDone { return "Nothing has to be done; see whether it is as you meant it." }
        if isUndo {
            return "Look at the message, then undo the same run again: what is taken back already is left alone."
        }
        if isRefused, outcome == .invalid || outcome == .unprocessed { return "Correct the list, and import it again." }
        switch (outcome, http, code) {
        case (.unprocessed, _, _):
            return "Nothing was sent for these. Go on with the run when the cause is gone: groupload resume."
        case (.unresolved, _, _):
            return "The groups may be there. Go on with the run, which looks them up again: groupload resume."
        case (.invalid, _, _): return "Correct the records in \(failed) and import that file."
        case (_, _, 12012?):
            return "Another group has the name. Rename the record in \(failed), or leave it out."
        case (_, 401?, _), (_, 403?, _):
            return
                "The credentials were refused. See that they are right and may create groups, then import \(failed)."
        case (_, 429?, _): return "The allowance was spent. Import \(failed) again, with a lower --rate."
        case (_, (500...599)?, _): return "The server failed. Import \(failed) again when it is well."
        case (_, (400...499)?, _):
            return "The server does not take the record as it is. Correct it in \(failed) and import that."
        default: return "Look at the message, then import \(failed) again."
        }
    }
}
