/// What the caller calls a record, in messages and as XML elements.
package struct RecordTitle: Sendable, Equatable {
    /// One record: the XML element of each.
    package let singular: String
    /// Several records: the XML root element.
    package let plural: String

    /// Both are names of XML elements.
    package init(singular: String, plural: String) {
        self.singular = singular
        self.plural = plural
    }
}
