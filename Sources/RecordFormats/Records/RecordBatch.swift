/// Records handed from stage to stage together: an arena of bytes, and records whose fields are slices of it.
///
/// A batch grows by what each `push` completes, so whoever pushes chunks of at most 64 KiB and drains the batch between
/// them keeps it within a chunk plus the longest record. Reuse one batch: `removeAll` keeps the memory.
package struct RecordBatch: Sendable {
    /// The bytes of all records, raw and decoded.
    package var arena: [UInt8]
    /// The records in input order.
    package var records: [Record]

    /// An empty batch.
    package init() {
        arena = []
        records = []
    }

    /// Whether it holds no records.
    package var isEmpty: Bool { records.isEmpty }

    /// Calls `body` with the bytes of a slice of this batch; they must not outlive the call.
    package func withBytes<Result>(_ slice: ByteSlice, _ body: (Span<UInt8>) -> Result) -> Result {
        body(arena.span.extracting(slice.start..<slice.end))
    }

    /// The text of a slice of this batch; nil where it isn't UTF-8.
    package func string(_ slice: ByteSlice) -> String? {
        String(validating: arena[slice.start..<slice.end], as: UTF8.self)
    }

    /// The columns of a CSV record, decoded, in column order and with the ignored ones.
    package func columns(of record: Record, delimiter: CSVDelimiter) -> [[UInt8]] {
        Self.columns(of: Array(arena[record.raw.start..<record.raw.end]), delimiter: delimiter).columns
    }

    /// The columns that a CSV record's own bytes hold, decoded, and whether text follows a closing quote in one.
    package static func columns(
        of raw: [UInt8], delimiter: CSVDelimiter
    ) -> (columns: [[UInt8]], hasStrayQuote: Bool) {
        var cells = CSVCells()
        cells.split(raw.span, at: delimiter)
        return (cells.cells.map { Array(cells.bytes[$0.start..<$0.end]) }, cells.hasStrayQuote)
    }

    /// Appends what another batch holds.
    mutating func append(_ other: RecordBatch) {
        let arenaBase = arena.count
        arena.append(contentsOf: other.arena)
        for var record in other.records {
            record.raw = record.raw.moved(by: arenaBase)
            record.name.slice = record.name.slice.moved(by: arenaBase)
            record.rank.slice = record.rank.slice.moved(by: arenaBase)
            record.active.slice = record.active.slice.moved(by: arenaBase)
            records.append(record)
        }
    }

    /// Empties the batch for reuse.
    package mutating func removeAll(keepingCapacity: Bool = true) {
        arena.removeAll(keepingCapacity: keepingCapacity)
        records.removeAll(keepingCapacity: keepingCapacity)
    }
}
