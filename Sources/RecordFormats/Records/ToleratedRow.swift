/// What of a record's form isn't as it should be, and is accepted because its meaning is plain. The raw values are keys
/// of summaries and ledgers.
package enum ToleratedRow: String, CaseIterable, Sendable {
    /// The record lacks last fields, which are taken for empty; its first field of the roles isn't among them.
    case short = "short_rows"
    /// The record has more fields than the header, and all that are too many are empty.
    case surplus = "long_rows"
    /// A byte order mark (U+FEFF) at the beginning of a line inside the source, which is dropped.
    case byteOrderMark = "byte_order_marks"
    /// Blanks between a closing quote and what ends its field, which are left out.
    case blankBehindQuote = "blanks_behind_quotes"
    /// Workbooks: the record's row is hidden.
    case hidden = "hidden_rows"
    /// Workbooks: a filter hides the record's row.
    case filtered = "filtered_rows"

    /// Whether only workbooks have the kind.
    package var isOfWorkbook: Bool { self == .hidden || self == .filtered }

    /// What messages say of one or several of the kind, behind their number.
    package func title(_ count: Int) -> String {
        let isOne = count == 1
        return switch self {
        case .short: isOne ? "record lacks last fields, taken as empty" : "records lack last fields, taken as empty"
        case .surplus: isOne ? "record has empty fields too many" : "records have empty fields too many"
        case .byteOrderMark:
            isOne ? "byte order mark inside the list was dropped" : "byte order marks inside the list were dropped"
        case .blankBehindQuote:
            isOne
                ? "record has blanks behind a closing quote, which were left out"
                : "records have blanks behind a closing quote, which were left out"
        case .hidden: isOne ? "hidden row was read" : "hidden rows were read"
        case .filtered: isOne ? "row that a filter hides was read" : "rows that a filter hides were read"
        }
    }
}
