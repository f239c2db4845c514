/// How a source is read, as far as the source itself doesn't say.
package struct DecodingOptions: Sendable, Equatable {
    /// The fields that are wanted of each record, and their names in the source.
    package var mapping: MemberMapping
    /// Bounds on what a decoder holds in memory.
    package var limits: DecodingLimits
    /// The text's encoding where no byte order mark says it; nil for UTF-8, and in XML for what its declaration says.
    package var encoding: TextEncoding?
    /// CSV: what separates fields; nil to detect it.
    package var delimiter: CSVDelimiter?
    /// CSV: what separates fields where the header has one column, and nothing else says it.
    package var loneDelimiter = CSVDelimiter.comma
    /// CSV: the columns of a source without a header; nil where its first record is the header.
    package var columns: [String]?
    /// CSV: how many lines above the header, or above the first record, are passed over. At least 0.
    package var skipLines: Int
    /// JSON and XML: the names that lead to the records, from the outside in. For JSON the members that lead to the
    /// array of records or to the one record, and behind an array those that lead to the record in each element; for
    /// NDJSON those that lead to the record in each line; for XML the elements, from the root to the record's own. Nil
    /// for where records usually are.
    package var recordsPath: [String]?
    /// JSON: the records are the members of an object, and each one's key is its member of this name. Nil for records
    /// that are the elements of an array.
    package var keyName: String?
    /// Workbooks: the name of the sheet, or its number from 1; nil for the only one that is visible and has rows.
    package var sheet: String?
    /// Workbooks: whether rows that are hidden are passed over.
    package var skipsHidden = false

    /// Options; the defaults leave to the source what it can say itself.
    package init(
        mapping: MemberMapping, limits: DecodingLimits = DecodingLimits(), encoding: TextEncoding? = nil,
        delimiter: CSVDelimiter? = nil, columns: [String]? = nil, skipLines: Int = 0, recordsPath: [String]? = nil,
        keyName: String? = nil
    ) {
        self.mapping = mapping
        self.limits = limits
        self.encoding = encoding
        self.delimiter = delimiter
        self.columns = columns
        self.skipLines = skipLines
        self.recordsPath = recordsPath
        self.keyName = keyName
    }
}
