internal import CLibXML2

/// Parses XML in UTF-8 through libxml2's SAX2 push parser, and gives what it met piece by piece.
///
/// To its maintainers: the callbacks reach the builder through the parser's user data, a pointer that is valid because
/// this object owns both and frees the parser first. What is made of the events is done outside of C's callbacks, so
/// that it may throw, and can be tested and replaced by itself.
@safe final class XMLPageParser {
    private let builder: UnsafeMutablePointer<XMLPageBuilder>
    private var parser: xmlParserCtxtPtr?

    init() {
        unsafe builder = .allocate(capacity: 1)
        unsafe builder.initialize(to: XMLPageBuilder())
        // Safe: the SAX table is copied by the call, and the builder outlives the parser, which deinit frees.
        xmlInitParser()
        var table = unsafe XMLPageCallbacks.table
        unsafe parser = xmlCreatePushParserCtxt(&table, builder, nil, 0, nil)
        if let parser = unsafe parser {
            // NOENT only has `&amp;` decoded in attributes: a document that could declare an entity is refused.
            let switches = XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue | XML_PARSE_IGNORE_ENC.rawValue
            _ = unsafe xmlCtxtUseOptions(parser, Int32(switches))
        }
    }

    deinit {
        // Safe: freed once, here, and used nowhere after.
        if let parser = unsafe parser {
            unsafe xmlFreeDoc(parser.pointee.myDoc)
            unsafe xmlFreeParserCtxt(parser)
        }
        unsafe builder.deinitialize(count: 1)
        unsafe builder.deallocate()
    }

    /// Parses a piece, and puts what it met into `page`, which is emptied first; an empty piece ends the document.
    /// - Throws: `doctypeRefused`, `notWellFormed`, `invalidUTF8`, `truncated`, with the line of the XML.
    func parse(_ bytes: Span<UInt8>, into page: inout XMLPage) throws(DecodingFailure) {
        guard let parser = unsafe parser else {
            throw DecodingFailure(
                code: .outOfMemory, line: 1, message: "the XML parser could not be set up; free memory")
        }
        page.removeAll()
        unsafe swap(&page, &builder.pointee.page)
        let isLast = bytes.count == 0
        let isCutShort = unsafe isLast && !builder.pointee.isRootClosed
        // A thread's own setting: errors that libxml2 raises without a parser would be printed otherwise.
        unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
        // Safe: the parser is alive, and copies the bytes within the call.
        _ = unsafe bytes.withUnsafeBytes { bytes in
            unsafe xmlParseChunk(
                parser, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), isLast ? 1 : 0)
        }
        unsafe swap(&page, &builder.pointee.page)
        if unsafe builder.pointee.hasDoctype {
            throw DecodingFailure(
                code: .doctypeRefused, line: line,
                message: "a document type declaration (<!DOCTYPE …>), which no workbook has, is not accepted")
        }
        if let error = unsafe builder.pointee.fatalError {
            throw error.failure(record: nil, encoding: TextEncoding.utf8.rawValue, isCutShort: isCutShort)
        }
        if unsafe parser.pointee.disableSAX != 0 || isCutShort {
            throw DecodingFailure(
                code: .notWellFormed, line: line,
                message: "the XML parser gave up here (error \(unsafe parser.pointee.errNo)); save the workbook again")
        }
    }

    private var line: Int64 {
        // Safe: the parser is alive.
        guard let input = unsafe parser?.pointee.input else { return 1 }
        return unsafe Int64(max(1, input.pointee.line))
    }
}
