internal import CLibXML2

/// An error of libxml2's that ends the document, copied out of the parser.
struct XMLFatalError {
    /// libxml2's number of it (`xmlParserErrors`).
    let number: UInt32
    /// The parser's line, from 1.
    let line: Int64
    /// libxml2's words on one line.
    let message: String
    /// Whether the parser was at the end of its input.
    private let isAtEnd: Bool

    init(_ error: UnsafePointer<xmlError>, isAtEnd: Bool) {
        self.isAtEnd = isAtEnd
        // Safe: libxml2 lends the error, and its text ended by a zero byte, for the callback.
        number = unsafe UInt32(bitPattern: error.pointee.code)
        line = unsafe Int64(max(1, error.pointee.line))
        var message = "not well-formed"
        if let text = unsafe error.pointee.message {
            message = unsafe String(cString: text).split(whereSeparator: \.isNewline).joined(separator: "; ")
        }
        self.message = message
    }

    /// The failure that the decoder throws for it.
    /// - Parameters:
    ///   - record: the ordinal of the record at hand, if any.
    ///   - encoding: the encoding of the source before it was converted to UTF-8.
    ///   - isCutShort: whether the input has ended before its root element.
    func failure(recordNumber: Int64?, encoding: String, isCutShort: Bool) -> DecodingFailure {
        if isEncodingError {
            return DecodingFailure(
                code: .invalidUTF8, line: line, recordNumber: recordNumber,
                message: TextEncoding.faultMessage(encoding))
        }
        if isCutShort, isOfTheEnd {
            return DecodingFailure(
                code: .truncated, line: line, recordNumber: recordNumber,
                message: "the document ends before its root element is closed (\(message)); "
                    + "it was cut short: fetch or export the file again"
            )
        }
        return DecodingFailure(
            code: .notWellFormed, line: line, recordNumber: recordNumber,
            message: "not well-formed XML: \(XMLFaultText.text(number: number, message: message))"
        )
    }

    /// Whether the end of the input may be the cause.
    private var isOfTheEnd: Bool {
        switch number {
        case XML_ERR_DOCUMENT_EMPTY.rawValue: false
        case XML_ERR_DOCUMENT_END.rawValue, XML_ERR_COMMENT_NOT_FINISHED.rawValue, XML_ERR_PI_NOT_FINISHED.rawValue,
            XML_ERR_CDATA_NOT_FINISHED.rawValue, XML_ERR_TAG_NOT_FINISHED.rawValue:
            true
        default: isAtEnd
        }
    }

    /// Releases before 2.13 give bad UTF-8 the same number as a character that XML doesn't allow; only the text
    /// differs.
    private var isEncodingError: Bool {
        switch number {
        case XML_ERR_INVALID_ENCODING.rawValue, XML_I18N_CONV_FAILED.rawValue: true
        case XML_ERR_INVALID_CHAR.rawValue: message.hasPrefix("Input is not proper UTF-8")
        default: false
        }
    }
}
