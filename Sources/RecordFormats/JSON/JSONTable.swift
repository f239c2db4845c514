/// A table in JSON whose columns stand apart from its rows, as databases write it: objects that describe the columns,
/// each with its name, and arrays of values. Its columns are not records, though they have names.
struct JSONTable {
    /// The names of members that hold the descriptions of columns.
    private static let memberNames = [
        "columns", "cols", "columninfo", "columndefs", "columnmetadata", "fields", "fielddefs", "rowtype", "meta",
        "metadata", "header", "headers", "schema",
    ].map { FoldedName(standard: $0) }

    /// The steps that lead to the descriptions of the columns, and to the rows; nil where these aren't arrays.
    let columns: [JSONSurvey.Step]
    let rows: [JSONSurvey.Step]?

    /// Whether a member of this name may describe columns.
    static func isOfColumns(_ name: String) -> Bool {
        guard case .name(let folded) = FoldedName.fold(name.utf8.span) else { return false }
        return memberNames.contains(folded)
    }

    /// Whether steps lead to the elements of an array that may describe columns.
    static func isOfColumns(_ steps: [JSONSurvey.Step]) -> Bool {
        guard steps.last == .element, case .member(let name)? = steps.dropLast().last else { return false }
        return isOfColumns(name)
    }

    /// What is wrong, and what to do about it.
    ///
    /// - Parameters:
    ///   - start: what begins a program of jq that leads to the steps.
    ///   - nameMember: the member of a column that is its name.
    func message(start: String = ".", nameMember: String) -> String {
        let place = Self.place(columns)
        guard let rows else {
            return "the columns of a table stand at \(place), apart from its rows; make an object of each row first, "
                + "for example with jq"
        }
        let program = """
            [\(JSONSurvey.program(columns, start)).\"\(nameMember)\"] as $c | \(JSONSurvey.program(rows, start)) \
            | [$c, .] | transpose | map({(.[0]): .[1]}) | add
            """
        return "the columns of a table stand at \(place), apart from its rows at \(Self.place(rows)); make an object "
            + "of each row first, for example with jq -c \(ShellWord.quoted(program)) FILE"
    }

    private static func place(_ steps: [JSONSurvey.Step]) -> String {
        JSONSurvey.members(of: steps).joined(separator: ".")
    }
}
