package import RecordFormats

/// What of the lists of a run was no record, or a record in an unusual form.
package struct ListRows: Sendable, Codable, Equatable {
    /// What was passed over, by the keys of `SkippedRow`; those of workbooks only where a workbook was read.
    package var skipped = KindCounts(kinds: SkippedRow.allCases.filter { !$0.isOfWorkbook }.map(\.rawValue))
    /// What was accepted, by the keys of `ToleratedRow`, likewise.
    package var tolerated = KindCounts(kinds: ToleratedRow.allCases.filter { !$0.isOfWorkbook }.map(\.rawValue))

    /// Nothing was found.
    package init() {}

    /// Adds what a decoder met in a list.
    package mutating func add(_ tally: RowTally, of path: String) {
        let skippedKinds = SkippedRow.allCases.filter { tally.isOfWorkbook || !$0.isOfWorkbook }
        skipped.add(
            skippedKinds.map { ($0.rawValue, tally.skipped.count($0), tally.skipped.lines($0)) }, of: path)
        let toleratedKinds = ToleratedRow.allCases.filter { tally.isOfWorkbook || !$0.isOfWorkbook }
        tolerated.add(
            toleratedKinds.map { ($0.rawValue, tally.tolerated.count($0), tally.tolerated.lines($0)) }, of: path)
    }
}

extension KindCounts {
    /// What was passed over, in a line for a person: `3 blank rows and 1 repeated header were passed over (first:
    /// groups.csv:7)`; nil where nothing was.
    package var skippedText: String? {
        guard total > 0 else { return nil }
        let parts = skippedParts
        let list = parts.count == 1 ? parts[0] : parts.dropLast().joined(separator: ", ") + " and " + (parts.last ?? "")
        let place = places.first.map { " (\(total == 1 ? "" : "first: ")\($0.shownPath):\($0.line))" } ?? ""
        return "\(list) \(total == 1 ? "was" : "were") passed over\(place)"
    }

    /// The number and the name of each kind that there is: `3 blank rows`.
    var skippedParts: [String] {
        SkippedRow.allCases.compactMap { kind in
            let count = counts[kind.rawValue, default: 0]
            return count > 0 ? "\(Shown.number(count)) \(kind.title(count))" : nil
        }
    }

    /// The number of each kind that was accepted, with what it is.
    var toleratedParts: [String] {
        ToleratedRow.allCases.compactMap { kind in
            let count = counts[kind.rawValue, default: 0]
            return count > 0 ? "\(Shown.number(count)) \(kind.title(count))" : nil
        }
    }
}

extension KindCounts.Place {
    /// The path for a line on a terminal.
    var shownPath: String { path == "-" ? "standard input" : Shown.text(path) }
}
