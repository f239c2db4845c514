/// What a record holds for one of the members that groups have.
package struct RecordField: Sendable, Equatable {
    /// What stood there.
    package enum Kind: UInt8, Sendable {
        /// Nothing: no such column, member, element or attribute.
        case absent
        /// JSON `null`, or an element with `xsi:nil="true"`.
        case null
        /// Text; the slice holds it decoded (unquoted, unescaped). May be empty.
        case text
        /// A JSON number; the slice holds its source text, valid by RFC 8259.
        case number
        /// JSON `true`, `false`, an object or an array; the slice holds its source text, at most the first 64 bytes. An XML
        /// element that holds others; the slice holds its own text.
        case wrongType
        /// It stood there more than once; the slice holds the first one's bytes.
        case repeated
    }

    /// What stood there.
    package var kind: Kind
    /// Its bytes in the batch's arena.
    package var slice: ByteSlice

    /// A field of `kind` whose bytes are `slice`.
    package init(kind: Kind, slice: ByteSlice) {
        self.kind = kind
        self.slice = slice
    }

    /// A field that isn't there.
    package static var absent: RecordField { RecordField(kind: .absent, slice: .empty) }

    /// What this field becomes where `field` stands behind it in the same record.
    func followed(by field: RecordField) -> RecordField {
        kind == .absent ? field : RecordField(kind: .repeated, slice: slice)
    }
}

/// A row or element as read. Its bytes are in the arena of the batch that it came in, and live as long as that.
package struct Record: Sendable, Equatable {
    /// Its place among the records of this source, from 1. A CSV header and blank lines aren't counted.
    package var ordinal: Int64
    /// The line that it starts on, from 1. For XML: as libxml2 gives it, the line on which the start tag's attributes
    /// end.
    package var line: Int64
    /// Its own bytes as read, without a line end or the comma between array elements. Empty for XML.
    package var raw: ByteSlice
    /// The group's name.
    package var name: RecordField
    /// The group's rank.
    package var rank: RecordField
    /// Whether the group is in use.
    package var active: RecordField
    /// What makes this record invalid before any rule of groups is looked at; nil for a sound one. The other properties
    /// hold what could be read.
    package var problem: RecordProblem?

    init(ordinal: Int64, line: Int64, raw: ByteSlice) {
        self.ordinal = ordinal
        self.line = line
        self.raw = raw
        name = .absent
        rank = .absent
        active = .absent
        problem = nil
    }
}
