internal import CScan

// Plain rows: of as many fields as the header has, none of them quoted, in at most 63 bytes with LF or CRLF at the end.
extension CSVRecordDecoder {
    /// How plain rows are read, the same for all of a chunk.
    struct PlainRows {
        let delimiter: UInt8
        /// The columns of the header.
        let columns: Int
        let places: CSVRolePlaces
        let headerLead: UInt8
        /// What is added to an offset in the chunk to give its place in the arena.
        let shift: Int

        /// Rows that are appended at once, at most, and those that 64 bytes hold.
        private static let rowsMax = 512, rowsOfBlockMax = 64

        /// Appends the plain rows of `chunk` from `start` on, at the beginning of a line, to `records`, whose last one
        /// is the record `ordinal` and whose next one begins on `line`.
        /// - Returns: where the first row begins that isn't plain, or that has fewer than 64 bytes from its beginning
        ///   to the chunk's end.
        func scan(
            _ chunk: Span<UInt8>, from start: Int, into records: inout [Record], ordinal: Int64, line: Int64
        ) -> Int {
            var (next, isLeft) = (start, true)
            var (ordinal, line) = (ordinal, line)
            // Safe: 64 bytes are read where so many are left in the chunk, and bytes below those.
            unsafe chunk.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                while isLeft {
                    records.append(addingCapacity: Self.rowsMax) { rows in
                        while isLeft, rows.freeCapacity >= Self.rowsOfBlockMax {
                            guard next + 64 <= bytes.count else { return isLeft = false }
                            let read = unsafe scan(base + next, at: next, ordinal, line, into: &rows)
                            isLeft = read.isPlain
                            next += read.bytes
                            ordinal += read.rows
                            line += read.rows
                        }
                    }
                }
            }
            return next
        }

        /// Reads the plain rows that lie whole in the 64 bytes at `base`, whose offset in the chunk is `block`.
        /// - Returns: how many there are and their bytes; whether what follows may be plain, too.
        @inline(__always)
        private func scan(
            _ base: UnsafePointer<UInt8>, at block: Int, _ ordinal: Int64, _ line: Int64,
            into rows: inout OutputSpan<Record>
        ) -> (rows: Int64, bytes: Int, isPlain: Bool) {
            let found = unsafe scanRows(base, delimiter)
            let others = found.quotes | found.returns
            var feeds = found.feeds
            var (begin, count) = (0, Int64(0))
            var faults: UInt64?
            while feeds != 0 {
                let feed = feeds.trailingZeroBitCount
                feeds &= feeds &- 1
                let end = unsafe feed > begin && base[feed &- 1] == 0x0D ? feed &- 1 : feed
                let row: UInt64 = ((1 &<< UInt64(end)) &- 1) & (.max &<< UInt64(begin))
                guard end > begin, others & row == 0, unsafe !mayBeUnusual(base + begin, count: end &- begin),
                    let fields = fields(from: begin, to: end, found.delimiters & row, at: block &+ shift)
                else { return (count, begin, false) }
                let length = end &- begin
                if found.highs & row != 0 {
                    let places = unsafe faults ?? scanFaultsOfUTF8(scanUTF8(base), .max)
                    faults = places
                    // A sequence that is cut short lacks what stands behind the row.
                    if places & (row | 1 &<< UInt64(end)) != 0 {
                        let text = unsafe UnsafeBufferPointer(start: base + begin, count: length)
                        guard unsafe text.span.isUTF8 else { return (count, begin, false) }
                    }
                }
                count &+= 1
                rows.append(
                    Record(
                        ordinal: ordinal &+ count, line: line &+ count &- 1,
                        raw: ByteSlice(inArena: block &+ shift &+ begin, count: length), fields: fields))
                begin = feed &+ 1
            }
            return (count, begin, begin > 0)
        }

        /// Whether a row, whose first byte is no quote, may be one that ``passOver(_:at:into:)`` takes.
        @inline(__always)
        private func mayBeUnusual(_ row: UnsafePointer<UInt8>, count: Int) -> Bool {
            let lead = unsafe row[0]
            guard CSVRecordDecoder.mayBeUnusual(lead: lead, headerLead, delimiter) else { return false }
            guard lead >= 0x80, lead | 0x20 != headerLead else { return true }
            return unsafe UnsafeBufferPointer(start: row, count: count).span.blankLength(at: 0) > 0
        }

        /// The fields of a row between two of 64 bytes that have `delimiters`; nil where they aren't as many as the
        /// header's.
        @inline(__always)
        private func fields(from begin: Int, to end: Int, _ delimiters: UInt64, at base: Int) -> RecordFields? {
            var fields = RecordFields()
            var (begin, left, column) = (begin, delimiters, 0)
            while true {
                let fieldEnd = left == 0 ? end : left.trailingZeroBitCount
                places.set(column, ByteSlice(inArena: base &+ begin, count: fieldEnd &- begin), in: &fields)
                column &+= 1
                if left == 0 { return column == columns ? fields : nil }
                left &= left &- 1
                begin = fieldEnd &+ 1
            }
        }
    }
}
