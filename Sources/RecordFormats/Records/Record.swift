/// A row or element of a source. Its bytes are in the arena of its batch, and live as long as that.
package struct Record: Sendable, Equatable {
    /// Its place among the records of this source, from 1. A CSV header and blank lines aren't counted.
    package var ordinal: Int64
    /// The line that it starts on, from 1.
    package var line: Int64
    /// Its own bytes as read, without a line end or the comma between array elements. Empty for XML.
    package var raw: ByteSlice
    /// What it holds for each role.
    package var fields: RecordFields
    /// What makes this record invalid before the caller's rules are checked; nil for a sound one. The other properties
    /// hold what could be read.
    package var problem: RecordProblem?

    init(ordinal: Int64, line: Int64, raw: ByteSlice, fields: RecordFields = RecordFields()) {
        self.ordinal = ordinal
        self.line = line
        self.raw = raw
        self.fields = fields
        problem = nil
    }
}
