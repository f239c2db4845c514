/// What a record holds for one role.
package struct RecordField: Sendable, Equatable {
    /// What the source holds for the field.
    package enum Kind: UInt8, Sendable {
        /// Nothing: no such column, member, element or attribute.
        case absent
        /// JSON `null`, or an element with `xsi:nil="true"`.
        case null
        /// Text; the slice holds it decoded (unquoted, unescaped). May be empty.
        case text
        /// A JSON number; the slice holds its source text, valid by RFC 8259.
        case number
        /// JSON `true`, `false`, an object or an array; the slice holds its source text, at most the first 64 bytes. An
        /// XML element that holds others; the slice holds its own text.
        case wrongType
        /// More than one value; the slice holds the first one's bytes.
        case duplicate
    }

    /// What the source holds for the field.
    package var kind: Kind
    /// Its bytes in the batch's arena.
    package var slice: ByteSlice

    /// A field of `kind` whose bytes are `slice`.
    package init(kind: Kind, slice: ByteSlice) {
        self.kind = kind
        self.slice = slice
    }

    /// A field that the source doesn't have.
    package static var absent: RecordField { RecordField(kind: .absent, slice: .empty) }

    /// A field of text.
    @inline(__always)
    static func text(_ slice: ByteSlice) -> RecordField { RecordField(kind: .text, slice: slice) }

    /// What this field becomes where `field` follows it in the same record.
    func followed(by field: RecordField) -> RecordField {
        kind == .absent ? field : RecordField(kind: .duplicate, slice: slice)
    }

    /// The field whose bytes are `offset` further on.
    func moved(by offset: Int) -> RecordField { RecordField(kind: kind, slice: slice.moved(by: offset)) }
}
