/// How a source is to be read, as far as the source itself doesn't say.
package struct DecodingOptions: Sendable, Equatable {
    /// Bounds on what a decoder holds in memory.
    package var limits: DecodingLimits
    /// What the text is in, unless a byte order mark says it; nil for UTF-8, and in XML for what its declaration says.
    package var encoding: TextEncoding?
    /// CSV: what separates fields; nil to find it out.
    package var delimiter: CSVDelimiter?
    /// CSV: the columns of a source without a header; nil where its first record is the header.
    package var columns: [String]?
    /// What the name and the rank stand under.
    package var names: MemberNames
    /// JSON and XML: the names on the way to the records, from the outside in. For JSON the members that lead to the array
    /// of records (none of them for an array by itself); for XML the elements, from the root to the record's own. Nil for
    /// where records usually stand.
    package var recordsPath: [String]?

    package init(
        limits: DecodingLimits = DecodingLimits(), encoding: TextEncoding? = nil, delimiter: CSVDelimiter? = nil,
        columns: [String]? = nil, names: MemberNames = MemberNames(), recordsPath: [String]? = nil
    ) {
        self.limits = limits
        self.encoding = encoding
        self.delimiter = delimiter
        self.columns = columns
        self.names = names
        self.recordsPath = recordsPath
    }
}
