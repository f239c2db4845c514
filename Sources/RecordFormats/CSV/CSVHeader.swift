/// The first record of a CSV source, and which of its columns a group's members stand in.
struct CSVHeader {
    /// The cells as written, unquoted.
    let columns: [String]
    /// The name's column, from 0.
    let nameColumn: Int
    /// The rank's column, from 0; nil where there is none.
    let rankColumn: Int?

    /// Matches the cells of the record that stands alone in `batch`.
    /// - Throws: `invalidUTF8`, `noNameColumn`, `repeatedColumn`, all at `line`.
    init(cellsOf batch: RecordBatch, line: Int64) throws(DecodingFailure) {
        var columns: [String] = []
        var nameColumn: Int?
        var rankColumn: Int?
        for (index, slice) in batch.fields.enumerated() {
            guard let text = batch.string(slice) else {
                throw DecodingFailure(
                    code: .invalidUTF8, line: line,
                    message: "column \(index + 1) of the header is not UTF-8; save the file as UTF-8"
                )
            }
            columns.append(text)
            switch batch.withBytes(slice, { MemberName(of: $0) }) {
            case .name:
                if let nameColumn { throw Self.repeated("name", columns[nameColumn], text, line) }
                nameColumn = index
            case .rank:
                if let rankColumn { throw Self.repeated("rank", columns[rankColumn], text, line) }
                rankColumn = index
            case .ignored, .other: break
            }
        }
        guard let nameColumn else {
            let found = columns.prefix(20).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
            throw DecodingFailure(
                code: .noNameColumn, line: line,
                message: "the header has no name column, only \(found); call the column \"name\" or \"group name\", "
                    + "and separate columns by commas"
            )
        }
        self.columns = columns
        self.nameColumn = nameColumn
        self.rankColumn = rankColumn
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
