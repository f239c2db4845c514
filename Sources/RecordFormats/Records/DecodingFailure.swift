/// Why the rest of a source can't be read. The batch has every record before the damage.
package struct DecodingFailure: Error, Sendable, Equatable {
    /// What happened, for programs and tests.
    package enum Code: String, Sendable {
        /// CSV: the input ended inside a quoted field.
        case unclosedQuote
        /// A record is longer than `DecodingLimits.recordBytesMax`.
        case recordTooLong
        /// JSON or XML breaks its grammar.
        case notWellFormed
        /// JSON or XML ended before its container did.
        case truncated
        /// XML: a document type declaration.
        case doctypeRefused
        /// A JSON or XML document isn't in the encoding that it says or should have.
        case invalidUTF8
        /// Text in UTF-32, in UTF-16 without a byte order mark, or in an encoding that this machine can't convert.
        case unsupportedEncoding
        /// JSON or XML nests deeper than `DecodingLimits.depthMax`.
        case depthExceeded
        /// A JSON document that is neither an array nor an object holding one array of objects; JSON or XML that has no
        /// list at the path.
        case noRecordsArray
        /// CSV: the header has no column of the first role, or none with a name that the user gave. JSON and XML: no
        /// record has a member with a name that the user gave.
        case missingColumn
        /// CSV: two columns stand for the same role.
        case duplicateColumn
        /// A ZIP archive contradicts itself, or one of its parts does.
        case damagedArchive
        /// A ZIP archive that is encrypted, split or made to mislead.
        case refusedArchive
        /// An archive or a workbook has more than a limit allows.
        case limitExceeded
        /// A workbook in a form that isn't read, or an archive that is none.
        case unsupportedWorkbook
        /// A workbook has several sheets with rows, or only hidden ones, and none was named.
        case sheetNotChosen
        /// A workbook has no sheet of the name or number that was given.
        case noSuchSheet
        /// The system can't read on.
        case unreadable
        /// The parser couldn't be set up; the machine is out of memory.
        case outOfMemory
    }

    /// What happened.
    package var code: Code
    /// The line that the damage is on, or that the damaged record begins on; from 1. 0 where the source has no lines.
    package var line: Int64
    /// The ordinal of the damaged record, from 1; nil where the damage lies outside a record.
    package var recordNumber: Int64?
    /// What happened and what to do about it, without the place.
    package var message: String

    /// A failure at `line`, or at no line.
    package init(code: Code, line: Int64 = 0, recordNumber: Int64? = nil, message: String) {
        self.code = code
        self.line = line
        self.recordNumber = recordNumber
        self.message = message
    }
}
