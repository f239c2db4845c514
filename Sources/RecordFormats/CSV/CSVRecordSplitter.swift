/// Splits one whole CSV record into its fields.
enum CSVRecordSplitter {
    /// Appends the record's bytes to the arena and its fields to `batch.fields`. A field that stands in the record as
    /// it is becomes a slice of those bytes; only one with a doubled quote, or with text behind its closing quote, is
    /// copied.
    /// - Returns: whether text follows a closing quote.
    static func split(_ record: Span<UInt8>, at delimiter: CSVDelimiter, into batch: inout RecordBatch) -> Bool {
        let delimiter = delimiter.rawValue
        let base = batch.arena.count
        batch.arena.append(record)
        let count = record.count
        var stray = false
        var index = 0
        while true {
            let start = index
            if index < count, record[index] == 0x22 {
                index += 1
                while index < count, record[index] != 0x22 { index += 1 }
                let next = index + 1
                if index < count, next == count || record[next] == delimiter {
                    batch.fields.append(ByteSlice(start: base + start + 1, count: index - start - 1))
                    index = next
                } else {
                    index = start
                    stray = copyQuoted(record, delimiter, from: &index, into: &batch) || stray
                }
            } else {
                while index < count, record[index] != delimiter { index += 1 }
                batch.fields.append(ByteSlice(start: base + start, count: index - start))
            }
            if index == count { return stray }
            index += 1
        }
    }

    /// Copies a field that begins with a quote, decoded, and leaves `index` at the delimiter or the end behind it.
    private static func copyQuoted(
        _ record: Span<UInt8>, _ delimiter: UInt8, from index: inout Int, into batch: inout RecordBatch
    ) -> Bool {
        let start = batch.arena.count
        var stray = false
        index += 1
        var quoted = true
        while index < record.count {
            let byte = record[index]
            if quoted, byte == 0x22 {
                index += 1
                if index < record.count, record[index] == 0x22 {
                    batch.arena.append(0x22)
                    index += 1
                } else {
                    quoted = false
                    if index < record.count, record[index] != delimiter { stray = true }
                }
                continue
            }
            if !quoted, byte == delimiter { break }
            batch.arena.append(byte)
            index += 1
        }
        batch.fields.append(ByteSlice(start: start, count: batch.arena.count - start))
        return stray
    }
}
