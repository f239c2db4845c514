/// The members of a record; absent where its fields don't reach them.
struct CSVMembers {
    var name = RecordField.absent
    var rank = RecordField.absent
    var active = RecordField.absent
}

extension RecordField {
    /// A field of a CSV record.
    @inline(__always)
    static func text(_ slice: ByteSlice) -> RecordField { RecordField(kind: .text, slice: slice) }
}

/// The first record of a CSV source, and which of its columns a group's members stand in.
struct CSVHeader {
    /// The cells as written, unquoted.
    let columns: [String]
    /// The name's column, from 0.
    let nameColumn: Int
    /// The rank's column, from 0; nil where there is none.
    let rankColumn: Int?
    /// The activity's column, from 0; nil where there is none.
    let activeColumn: Int?

    /// Matches the cells of a record.
    /// - Throws: `invalidUTF8`, `missingColumn`, `repeatedColumn`, all at `line`.
    init(
        _ header: CSVCells, names: MemberNames, line: Int64, encoding: TextEncoding
    ) throws(DecodingFailure) {
        var columns: [String] = []
        for (index, slice) in header.cells.enumerated() {
            guard let text = String(validating: header.bytes[slice.start..<slice.end], as: UTF8.self) else {
                throw DecodingFailure(
                    code: .invalidUTF8, line: line,
                    message: "column \(index + 1) of the header \(encoding.faultMessage)")
            }
            columns.append(text)
        }
        try self.init(columns: columns, names: names, line: line)
    }

    /// Matches the texts of a header.
    /// - Throws: `missingColumn`, `repeatedColumn`, at `line`.
    init(columns: [String], names: MemberNames, line: Int64) throws(DecodingFailure) {
        var nameColumn: Int?
        var rankColumn: Int?
        var activeColumn: Int?
        for (index, text) in columns.enumerated() {
            switch names.member(text.utf8.span) {
            case .name:
                if let nameColumn { throw Self.repeated("name", columns[nameColumn], text, line) }
                nameColumn = index
            case .rank:
                if let rankColumn { throw Self.repeated("rank", columns[rankColumn], text, line) }
                rankColumn = index
            case .active:
                if let activeColumn { throw Self.repeated("activity", columns[activeColumn], text, line) }
                activeColumn = index
            case .ignored, .other: break
            }
        }
        guard let nameColumn else { throw Self.missing(names.name ?? "name", "name", columns, line) }
        if let rank = names.rank, rankColumn == nil { throw Self.missing(rank, "rank", columns, line) }
        if let active = names.active, activeColumn == nil { throw Self.missing(active, "active", columns, line) }
        self.columns = columns
        self.nameColumn = nameColumn
        self.rankColumn = rankColumn
        self.activeColumn = activeColumn
    }

    private static func missing(
        _ column: String, _ member: String, _ columns: [String], _ line: Int64
    ) -> DecodingFailure {
        let found = columns.prefix(20).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
        return DecodingFailure(
            code: .missingColumn, line: line,
            message: "the header has no column \"\(column)\", only \(found); say which column is the \(member) with "
                + "--map \(member)=COLUMN, what separates columns with --delimiter, or that there is no header with --no-header"
        )
    }

    private static func repeated(
        _ member: String, _ first: String, _ second: String, _ line: Int64
    ) -> DecodingFailure {
        DecodingFailure(
            code: .repeatedColumn, line: line,
            message: "the columns \"\(first.prefix(60))\" and \"\(second.prefix(60))\" would both be the \(member); "
                + "rename one, or begin its header with _ to have it ignored"
        )
    }
}
