internal import CLibXML2

/// Reads records from XML through libxml2's SAX2 push parser.
///
/// To its maintainers: libxml2 gets UTF-8, because its own conversion loses the text before a bad byte without an
/// error; and it gets pieces of one size however the input was cut, so that the failure never depends on the chunks.
/// Its callbacks reach the handler through the parser's user data, a pointer that is valid because the decoder owns
/// both and frees the parser first. Most records don't come to it: see `XMLDecoder+Plain.swift`.
@safe final class XMLDecoder {
    /// The bytes that are parsed at a time.
    private let pieceBytes: Int
    /// Whether plain records don't go to libxml2.
    let readsPlain: Bool
    let handler: UnsafeMutablePointer<XMLRecordHandler>
    let mapping: MemberMapping
    let names = XMLQuickNames()
    private let path: [String]?
    /// The encoding of the source before it was converted to UTF-8, for messages.
    var encoding = TextEncoding.utf8.rawValue
    private(set) var parser: xmlParserCtxtPtr?
    private var piece: [UInt8] = []
    /// Bytes of the piece that were read before all of it was there.
    private var pieceBytesRead = 0
    /// Whether each chunk is read up to its last border, though the piece isn't whole.
    var isInParts = false
    private var hasBegun = false

    /// A decoder at the beginning of a document, which is in UTF-8 whatever its declaration says.
    ///
    /// `pieceBytes` and `readsPlain` are for the check that holds both ways of reading against each other, which must
    /// give the same.
    init(options: DecodingOptions, pieceBytes: Int = 32_768, readsPlain: Bool = true) {
        self.pieceBytes = pieceBytes
        self.readsPlain = readsPlain
        unsafe handler = .allocate(capacity: 1)
        unsafe handler.initialize(to: XMLRecordHandler(options: options))
        mapping = options.mapping
        path = options.recordsPath
        piece.reserveCapacity(pieceBytes)
        // Safe: the SAX table is copied by the call, and the handler outlives the parser, which deinit frees.
        xmlInitParser()
        var table = unsafe XMLCallbacks.table
        unsafe parser = xmlCreatePushParserCtxt(&table, handler, nil, 0, nil)
        if let parser = unsafe parser {
            // NOENT only has `&amp;` decoded in attributes: a document that could declare an entity is refused.
            let switches = XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue | XML_PARSE_IGNORE_ENC.rawValue
            _ = unsafe xmlCtxtUseOptions(parser, Int32(switches))
            unsafe handler.pointee.parser = parser
        }
    }

    deinit {
        // Safe: freed once, here, and used nowhere after.
        if let parser = unsafe parser {
            unsafe xmlFreeDoc(parser.pointee.myDoc)
            unsafe xmlFreeParserCtxt(parser)
        }
        unsafe handler.deinitialize(count: 1)
        unsafe handler.deallocate()
    }

    /// The number of records decoded.
    var recordsRead: Int64 { unsafe handler.pointee.recordsRead }

    /// What the first records have.
    var members: [SeenMember] { unsafe handler.pointee.survey.members }

    /// Where names stand that no record has: the elements from the root on; nil for nowhere.
    var deepPath: String? { unsafe handler.pointee.deep.best }
    /// Whether names are those of fields, each of which is an element.
    var hasNamedFields: Bool { unsafe handler.pointee.deep.isOfFields }

    /// The elements of other names than the records' that were read as records, and have no name; nil for none.
    var kinds: (root: String, named: String, nameless: [String])? { unsafe handler.pointee.kinds.found }

    /// What stands beside the records of a longer list, one page of which this is.
    var pageSigns: PageSigns { unsafe handler.pointee.page.signs }

    /// The first record that holds more objects with names, and the elements that lead to them.
    var nestedNames: (recordNumber: Int64, path: [String])? {
        for place in unsafe handler.pointee.deep.places {
            if let recordNumber = place.recordNumber {
                return (recordNumber, place.path.split(separator: "/").map(String.init))
            }
        }
        return nil
    }

    /// Appends the records that `chunk` completes, up to the last whole 32 KiB of input, or its last border.
    /// - Throws: `notWellFormed`, `invalidUTF8`, `doctypeRefused`, `recordTooLong`, `depthExceeded`.
    func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        var index = 0
        while index < chunk.count {
            let end = min(chunk.count, index + pieceBytes - pieceBytesRead - piece.count)
            let part = chunk.extracting(index..<end)
            index = end
            if part.count == pieceBytes {
                try parse(part, isLast: false, into: &batch)
                continue
            }
            piece.append(part)
            guard pieceBytesRead + piece.count == pieceBytes else { continue }
            try parsePiece(isLast: false, into: &batch)
            pieceBytesRead = 0
        }
        if isInParts, !piece.isEmpty { try readBegunPiece(into: &batch) }
    }

    /// Reads a piece that isn't whole up to its last border.
    private func readBegunPiece(into batch: inout RecordBatch) throws(DecodingFailure) {
        let bytes = piece
        let end = try readPlain(bytes.span, into: &batch)
        piece.removeFirst(end)
        pieceBytesRead += end
    }

    /// What decodes parts of the rest by themselves; nil where all of it has to be decoded in order: as yet, or because
    /// no element is known that the records are.
    var partDecoder: XMLPartDecoder? {
        guard readsPlain, unsafe handler.pointee.isReadable, let name = unsafe handler.pointee.recordName,
            unsafe names.places.place(of: name.span) != nil
        else { return nil }
        return XMLPartDecoder(
            names: names.entries, recordName: name, recordBytesMax: unsafe handler.pointee.recordBytesMax,
            recordsRead: recordsRead, line: unsafe handler.pointee.line, isBetweenRecords: piece.isEmpty && isAtBorder)
    }

    /// Counts a part that was decoded elsewhere. The pieces behind it end where they would have.
    func pass(_ part: DecodedPart) {
        unsafe handler.pointee.pass(records: part.records, bytes: part.bytes, lineEnds: part.lines)
        pieceBytesRead = (pieceBytesRead + part.bytes) % pieceBytes
    }

    /// Ends the document.
    /// - Throws: as `push`, `truncated`, and `noRecordsArray` where no element is at the path.
    func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if !hasBegun, piece.isEmpty {
            throw DecodingFailure(code: .truncated, line: 1, message: "the file is empty; export it again")
        }
        try parsePiece(isLast: true, into: &batch)
        if let path, unsafe !handler.pointee.isPathFound || handler.pointee.isAllElsewhere {
            throw DecodingFailure(
                code: .noRecordsArray, line: 1,
                message: "no element at \"\(path.joined(separator: "/"))\"; correct --records-at, from the root on")
        }
    }

    private func parsePiece(isLast: Bool, into batch: inout RecordBatch) throws(DecodingFailure) {
        // Moved out for the call, so that it isn't read from a property under change; moved back for its memory.
        var bytes: [UInt8] = []
        swap(&bytes, &piece)
        try parse(bytes.span, isLast: isLast, into: &batch)
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &piece)
    }

    private func parse(
        _ bytes: Span<UInt8>, isLast: Bool, into batch: inout RecordBatch
    ) throws(DecodingFailure) {
        let plain = try readPlain(bytes, into: &batch)
        try feed(bytes.extracting(plain..<bytes.count), isLast: isLast, into: &batch)
    }

    /// Gives libxml2 bytes, and appends the records that they complete.
    func feed(
        _ bytes: Span<UInt8>, isLast: Bool, into batch: inout RecordBatch
    ) throws(DecodingFailure) {
        guard let parser = unsafe parser else {
            throw DecodingFailure(
                code: .outOfMemory, line: 1, message: "the XML parser could not be set up; free memory")
        }
        hasBegun = true
        unsafe handler.pointee.exchange(&batch)
        // A thread's own setting: errors that libxml2 raises without a parser would be printed otherwise.
        unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
        // Safe: the parser is alive, and copies the bytes within the call.
        _ = unsafe bytes.withUnsafeBytes { bytes in
            unsafe xmlParseChunk(parser, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), 0)
        }
        var isCutShort = false
        if isLast, unsafe handler.pointee.failure == nil, unsafe parser.pointee.disableSAX == 0 {
            isCutShort = unsafe !handler.pointee.isRootClosed
            _ = unsafe xmlParseChunk(parser, nil, 0, 1)
        }
        unsafe handler.pointee.exchange(&batch)
        if let failure = unsafe handler.pointee.failure { throw failure }
        if let error = unsafe handler.pointee.fatalError {
            let recordNumber = unsafe handler.pointee.isInRecord ? handler.pointee.recordsRead + 1 : nil
            throw error.failure(recordNumber: recordNumber, encoding: encoding, isCutShort: isCutShort)
        }
        // Where the parser gave up for another reason, the document hasn't ended.
        if unsafe parser.pointee.disableSAX != 0 || (isLast && !handler.pointee.isRootClosed) {
            throw DecodingFailure(
                code: .notWellFormed, line: unsafe handler.pointee.line,
                message:
                    "the XML parser gave up here (error \(unsafe parser.pointee.errNo)); check the file with xmllint")
        }
    }
}
