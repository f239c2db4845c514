/// The first record of a CSV source, and the columns of the roles' fields.
struct CSVHeader {
    /// The cells as written, unquoted.
    let columns: [String]
    /// The roles' columns.
    let places: CSVRolePlaces

    /// The texts of a record's cells.
    /// - Throws: `invalidUTF8`, at `line`.
    static func texts(
        of header: CSVCells, line: Int64, encoding: TextEncoding
    ) throws(DecodingFailure) -> [String] {
        var columns: [String] = []
        for (index, slice) in header.cells.enumerated() {
            guard let text = String(validating: header.bytes[slice.start..<slice.end], as: UTF8.self) else {
                throw DecodingFailure(
                    code: .invalidUTF8, line: line,
                    message: "column \(index + 1) of the header \(encoding.faultMessage)")
            }
            columns.append(text)
        }
        return columns
    }

    /// Matches the texts of a header.
    /// - Parameters:
    ///   - delimiter: what it was split at.
    ///   - isQuoted: whether it begins with a quote.
    /// - Throws: `missingColumn`, `duplicateColumn`, at `line`.
    init(
        columns: [String], mapping: MemberMapping, line: Int64, delimiter: CSVDelimiter = .comma,
        isQuoted: Bool = false
    ) throws(DecodingFailure) {
        let mapping = mapping.fitting(columns)
        var places = CSVRolePlaces()
        for (index, text) in columns.enumerated() {
            guard let role = mapping.member(header: text).role else { continue }
            guard places[role] < 0 else {
                throw Self.duplicate(mapping.roles[role], columns[places[role]], text, line)
            }
            places[role] = index
        }
        if let role = Self.missingRole(places, mapping) {
            let option = mapping.roles[role].option
            let likely =
                Self.unsplit(columns, mapping, delimiter, isQuoted: isQuoted)
                ?? mapping.likelyRemedy(of: role, among: columns)
            throw Self.missing(
                role, columns, mapping, line: line,
                likely.map { "; \($0)" }
                    ?? "; say which column is the \(option) with --map \(option)=COLUMN, what separates columns with "
                    + "--delimiter, or that there is no header with --no-header")
        }
        self.columns = columns
        self.places = places
    }

    /// What to do about a header that is split at another place than between its titles; nil for any other.
    private static func unsplit(
        _ columns: [String], _ mapping: MemberMapping, _ delimiter: CSVDelimiter, isQuoted: Bool
    ) -> String? {
        if columns.count == 1, let text = columns.first {
            for other in CSVDelimiter.allCases {
                let parts = text.split(
                    separator: Character(UnicodeScalar(other.rawValue)), omittingEmptySubsequences: false)
                guard parts.count > 1, parts.contains(where: { mapping.member(header: String($0)) == .first }) else {
                    continue
                }
                return isQuoted
                    ? "it stands in quotes as a whole, so that it is one field; remove the quotes around the lines, "
                        + "and write quotes that are doubled in them once"
                    : "it is one field: give --delimiter \(other.name)"
            }
        }
        return JoinedTitle.separator(among: columns, at: delimiter, mapping)?.remedy
    }

    /// The first role that must have a column and has none; nil where there is no such.
    private static func missingRole(_ places: CSVRolePlaces, _ mapping: MemberMapping) -> Int? {
        // The first role identifies the record; the others' columns may be missing where no name was given.
        mapping.roles.indices.first { places[$0] < 0 && ($0 == 0 || mapping.givenNames[$0] != nil) }
    }

    /// The failure of a source whose first row lacks a column, and whose `likely` row below looks like the header, or
    /// like one that needs `--map`.
    static func failure(
        _ columns: [String], _ mapping: MemberMapping, line: Int64, likely: CSVHeaderSearch.Finding
    ) -> DecodingFailure {
        var places = CSVRolePlaces()
        for (index, text) in columns.enumerated() {
            if let role = mapping.member(header: text).role { places[role] = index }
        }
        let isWhole = likely.columns.contains { mapping.member(header: $0).role == 0 }
        let map = isWhole ? nil : mapping.likelyRemedy(of: 0, among: likely.columns)
        return missing(
            missingRole(places, mapping) ?? 0, columns, mapping, line: line,
            "; line \(likely.line) looks like the header: \(shown(likely.columns)); pass over the "
                + (likely.line == 2 ? "line" : "\(likely.line - 1) lines")
                + " above it with --skip-lines \(likely.line - 1)" + (map.map { "; \($0)" } ?? ""))
    }

    private static func missing(
        _ role: Int, _ columns: [String], _ mapping: MemberMapping, line: Int64, _ remedy: String
    ) -> DecodingFailure {
        let column = mapping.givenNames[role] ?? mapping.roles[role].name
        return DecodingFailure(
            code: .missingColumn, line: line,
            message: "the header has no column \"\(column)\", only \(shown(columns))\(remedy)")
    }

    /// The first columns for a message, on one line.
    private static func shown(_ columns: [String]) -> String {
        columns.prefix(20).map { "\"\(ShownTitle.text($0))\"" }.joined(separator: ", ")
            + (columns.count > 20 ? " …" : "")
    }

    private static func duplicate(
        _ role: FieldRole, _ first: String, _ second: String, _ line: Int64
    ) -> DecodingFailure {
        DecodingFailure(
            code: .duplicateColumn, line: line,
            message: "the columns \"\(ShownTitle.text(first))\" and \"\(ShownTitle.text(second))\" would both be the "
                + "\(role.title); rename one, or begin its header with _ to have it ignored"
        )
    }
}
