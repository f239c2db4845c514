/// Records that a stage gives to the next one together: an arena of bytes, and records whose fields are slices of it.
///
/// Each `push` appends the records that it completes. A caller that pushes chunks of at most 64 KiB and empties the
/// batch between them keeps it within a chunk plus the longest record. Reuse one batch: `removeAll` keeps the memory.
package struct RecordBatch: Sendable {
    /// The bytes of all records, raw and decoded.
    package var arena: [UInt8]
    /// The records in input order, whose ordinals follow each other.
    package var records: [Record]

    /// An empty batch.
    package init() {
        arena = []
        records = []
    }

    /// Whether it holds no records.
    package var isEmpty: Bool { records.isEmpty }

    /// The text of a slice of this batch; nil where it isn't UTF-8.
    package func string(_ slice: ByteSlice) -> String? {
        String(validating: arena[slice.start..<slice.end], as: UTF8.self)
    }

    /// Appends the records of another batch.
    mutating func append(_ other: RecordBatch) {
        let arenaBase = arena.count
        arena.append(contentsOf: other.arena)
        for var record in other.records {
            record.raw = record.raw.moved(by: arenaBase)
            record.fields = record.fields.moved(by: arenaBase)
            records.append(record)
        }
    }

    /// Empties the batch for reuse.
    package mutating func removeAll(keepingCapacity: Bool = true) {
        arena.removeAll(keepingCapacity: keepingCapacity)
        records.removeAll(keepingCapacity: keepingCapacity)
    }
}
