import RecordFormats

/// A file of the report that has a line for each record: which records, and what is said of them.
package struct RecordTable: Sendable, Equatable {
    /// What a line says.
    package enum Form: String, CaseIterable, Sendable {
        /// CSV in the columns of `results.csv`.
        case results
        /// CSV of how the record ended and its own columns, so that it can be corrected and fed back.
        case ownColumns
        /// The same as a workbook whose cells at fault are marked, to be corrected there and fed back.
        case workbook
        /// A JSON object in the columns of `results.csv`, without those that are empty.
        case ndjson
    }

    /// The columns and the format of the file.
    package var form: Form
    /// The outcomes that are shown; empty for all.
    package var outcomes: [Outcome]
    /// ``Form/results``: whether a spreadsheet runs nothing of it: names and ranks that it would take for formulas
    /// have an apostrophe before them, and every field is quoted. What is fed back, ``Form/ownColumns``, keeps names
    /// and ranks as they were read.
    package var isSpreadsheetSafe: Bool

    /// Whether it has every record.
    var isWhole: Bool { outcomes.isEmpty }

    /// Makes a table; without `outcomes`, it has every record.
    package init(form: Form, outcomes: [Outcome] = [], isSpreadsheetSafe: Bool = false) {
        self.form = form
        self.isSpreadsheetSafe = isSpreadsheetSafe
        self.outcomes = outcomes
    }

    /// The names of the files that are to be corrected and fed back; the workbook, where a run has one, comes first.
    package static let namesToCorrect = [correctionName, failedName]
    /// The files of the run directory, by name. ``CorrectionTable`` says which runs have ``correctionName``.
    static let files = [
        "results.csv": RecordTable(form: .results),
        failedName: RecordTable(form: .ownColumns, outcomes: [.invalid, .failed, .unresolved]),
        correctionName: RecordTable(form: .workbook, outcomes: [.invalid, .failed, .unresolved]),
        "unprocessed.csv": RecordTable(form: .ownColumns, outcomes: [.unprocessed]),
    ]

    /// The name of the workbook of records that are to be corrected.
    package static let correctionName = "failed.xlsx"
    /// The name of the table of records that are to be corrected.
    package static let failedName = "failed.csv"

    /// What every line of ``Form/ownColumns`` begins with.
    private static let ownColumns = [
        CorrectionLink.recordColumn, CorrectionLink.runColumn, "_source", "_line", "_outcome", "_http", "_code",
        "_message",
    ]

    /// Appends the header, where there is one.
    func appendHeader(_ sources: ReportSources, to csv: inout CSVEncoder) {
        switch form {
        case .results: csv.appendRow(ResultsColumns.names)
        case .ownColumns: csv.appendRow(Self.ownColumns + sources.columns)
        case .workbook, .ndjson: break
        }
    }
}
