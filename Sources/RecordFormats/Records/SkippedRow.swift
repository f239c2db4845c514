/// What of a source is no record and is passed over, by kind. The raw values are keys of summaries and ledgers.
package enum SkippedRow: String, CaseIterable, Sendable {
    /// A row of nothing but delimiters, quotes and blanks.
    case blank = "blank_rows"
    /// The header once more.
    case repeatedHeader = "repeated_headers"
    /// A line above the header: one that says what separates fields (`sep=;`), or that the user wants left out.
    case aboveHeader = "lines_above_header"

    /// What messages call one or several of the kind.
    package func title(_ count: Int) -> String {
        let (one, several) =
            switch self {
            case .blank: ("blank row", "blank rows")
            case .repeatedHeader: ("repeated header", "repeated headers")
            case .aboveHeader: ("line above the header", "lines above the header")
            }
        return count == 1 ? one : several
    }
}
