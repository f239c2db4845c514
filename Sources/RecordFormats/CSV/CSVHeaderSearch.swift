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
        search(bytes, isWhole, line, delimiters) { columns, delimiter in
            guard columns.count > 1 || delimiters.count == 1 || delimiter == .comma else { return false }
            do throws(DecodingFailure) { _ = try CSVHeader(columns: columns, mapping: mapping, line: 1) } catch {
                return false
            }
            return true
        }
    }

    /// The first line of more than `count` columns one of which looks like the first role's, where none has that.
    /// - Parameters: as ``find(in:isWhole:line:delimiters:mapping:)``.
    static func findLikely(
        in bytes: Span<UInt8>, isWhole: Bool, line: Int64, delimiters: [CSVDelimiter], mapping: MemberMapping,
        moreThan count: Int
    ) -> Finding? {
        search(bytes, isWhole, line, delimiters) { columns, _ in
            columns.count > count && columns.contains { mapping.roles[0].likelihood($0) == 1 }
        }
    }

    private static func search(
        _ bytes: Span<UInt8>, _ isWhole: Bool, _ line: Int64, _ delimiters: [CSVDelimiter],
        _ isHeader: ([String], CSVDelimiter) -> Bool
    ) -> Finding? {
        var (start, line) = (0, line)
        let last = line + Int64(linesMax)
        while start < bytes.count, line < last {
            var best: [String]?
            for delimiter in delimiters {
                guard let columns = cells(in: bytes, from: start, isWhole, delimiter), isHeader(columns, delimiter)
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

    /// The cells of the record that begins at `start`; nil where they aren't text, or end further on.
    private static func cells(
        in bytes: Span<UInt8>, from start: Int, _ isWhole: Bool, _ delimiter: CSVDelimiter
    ) -> [String]? {
        let first = bytes.hasByteOrderMark(at: start) ? start + 3 : start
        var framer = CSVRecordFramer(delimiter: delimiter)
        guard let end = framer.recordEnd(in: bytes, from: first) ?? (isWhole ? bytes.count : nil) else { return nil }
        var cells = CSVCells()
        cells.split(bytes.extracting(first..<end), at: delimiter)
        do throws(DecodingFailure) { return try CSVHeader.texts(of: cells, line: 1, encoding: .utf8) } catch {
            return nil
        }
    }
}
