extension RecordBatch {
    /// The columns of a CSV record, decoded, in column order and with the ignored ones.
    package func columns(of record: Record, delimiter: CSVDelimiter) -> [[UInt8]] {
        Self.columns(of: Array(arena[record.raw.start..<record.raw.end]), delimiter: delimiter).columns
    }

    /// The columns that a CSV record's own bytes hold, decoded, and by their places those in which text follows a
    /// closing quote, as they are written.
    package static func columns(
        of raw: [UInt8], delimiter: CSVDelimiter
    ) -> (columns: [[UInt8]], stray: [Int: [UInt8]]) {
        var cells = CSVCells()
        cells.split(raw.span, at: delimiter)
        var stray: [Int: [UInt8]] = [:]
        for (place, written) in cells.strayFields { stray[place] = Array(raw[written]) }
        return (cells.cells.map { Array(cells.bytes[$0.start..<$0.end]) }, stray)
    }
}
