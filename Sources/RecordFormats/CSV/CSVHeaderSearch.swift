/// Searches the beginning of a CSV source for the line that looks like its header, where titles stand above it.
enum CSVHeaderSearch {
    /// A line that looks like the header.
    struct Finding {
        /// The line, from 1.
        var line: Int64
        /// Its cells.
        var columns: [String]
    }

    /// Lines that are looked at.
    private static let linesMax = 100

    /// The first line whose cells have the wanted columns under one of the delimiters; under that which gives the most
    /// columns. A header of one column has a comma, unless another delimiter is given.
    /// - Parameters:
    ///   - isWhole: whether the source ends with `bytes`.
    ///   - line: the line that `bytes` begin on, from 1.
    static func find(
        in bytes: Span<UInt8>, isWhole: Bool, line: Int64, delimiters: [CSVDelimiter], mapping: MemberMapping
    ) -> Finding? {
        var (start, line) = (0, line)
        let last = line + Int64(linesMax)
        while start < bytes.count, line < last {
            var best: [String]?
            for delimiter in delimiters {
                guard let columns = header(in: bytes, from: start, isWhole, delimiter, mapping),
                    columns.count > 1 || delimiters.count == 1 || delimiter == .comma
                else { continue }
                if columns.count > best?.count ?? 0 { best = columns }
            }
            if let best { return Finding(line: line, columns: best) }
            while start < bytes.count, bytes[start] != 0x0A, bytes[start] != 0x0D { start += 1 }
            start += start + 1 < bytes.count && bytes[start] == 0x0D && bytes[start + 1] == 0x0A ? 2 : 1
            line += 1
        }
        return nil
    }

    /// The cells of the record that begins at `start`; nil where they aren't those of a header.
    private static func header(
        in bytes: Span<UInt8>, from start: Int, _ isWhole: Bool, _ delimiter: CSVDelimiter, _ mapping: MemberMapping
    ) -> [String]? {
        let first = bytes.hasByteOrderMark(at: start) ? start + 3 : start
        var framer = CSVRecordFramer(delimiter: delimiter)
        guard let end = framer.recordEnd(in: bytes, from: first) ?? (isWhole ? bytes.count : nil) else { return nil }
        var cells = CSVCells()
        cells.split(bytes.extracting(first..<end), at: delimiter)
        do throws(DecodingFailure) {
            let columns = try CSVHeader.texts(of: cells, line: 1, encoding: .utf8)
            return try CSVHeader(columns: columns, mapping: mapping, line: 1).columns
        } catch {
            return nil
        }
    }
}
