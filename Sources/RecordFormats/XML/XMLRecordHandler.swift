internal import CLibXML2

/// Makes records of elements: the root's child elements are the records, and their child elements or attributes `name`
/// and `rank` (by local name) the members. Text of deeper elements is passed over.
@safe final class XMLRecordHandler {
    /// Where finished records go; the caller's own batch, swapped in while a piece is parsed.
    var batch = RecordBatch()
    /// The parser that calls; set once it exists.
    var parser: xmlParserCtxtPtr?
    /// What stopped the parser, where it was this handler.
    private(set) var failure: DecodingFailure?
    /// The first error that ends the document; those after it are only its consequences.
    private(set) var fatalError: XMLFatalError?
    /// The number of records handed out.
    private(set) var recordsRead: Int64 = 0
    /// Whether the root element has been closed.
    private(set) var isRootClosed = false

    private let limits: DecodingLimits
    private var depth = 0
    private var record: Record?
    private var recordBytes = 0
    /// The member whose text is being read, at depth 3.
    private var member = MemberName.other
    private var memberIsNull = false
    private var memberStart = 0
    /// Text of the record at hand, which its fields' slices point into until it is whole; a batch may be drained
    /// earlier.
    private var carried: [UInt8] = []

    init(limits: DecodingLimits) {
        self.limits = limits
    }

    /// Whether a record has begun and not ended.
    var isInRecord: Bool { record != nil }

    func startElement(
        _ localName: UnsafePointer<xmlChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) {
        depth += 1
        if depth > limits.depthMax {
            return stop(.depthExceeded, "nests deeper than \(limits.depthMax) levels; flatten the document")
        }
        switch depth {
        case 2:
            record = Record(ordinal: recordsRead + 1, line: line, raw: .empty)
            recordBytes = 0
            carried.removeAll(keepingCapacity: true)
            unsafe eachAttribute(attributes, count) { name, _, value in
                let start = self.carried.count
                let member = MemberName(of: name)
                if member == .name || member == .rank { self.carried.append(value) }
                self.setField(member, RecordField(kind: .text, slice: ByteSlice(start: start, count: value.count)))
            }
            checkLength()
        case 3:
            member = unsafe Self.member(localName)
            memberIsNull = false
            memberStart = carried.count
            unsafe eachAttribute(attributes, count) { name, hasPrefix, value in
                if hasPrefix, Self.isNil(name), Self.isTrue(value) { self.memberIsNull = true }
            }
            checkLength()
        default: break
        }
    }

    func text(_ bytes: Span<UInt8>) {
        guard record != nil else { return }
        recordBytes += bytes.count
        checkLength()
        if depth == 3, member == .name || member == .rank { carried.append(bytes) }
    }

    func endElement() {
        switch depth {
        case 3:
            let slice = ByteSlice(start: memberStart, count: carried.count - memberStart)
            setField(member, RecordField(kind: memberIsNull ? .null : .text, slice: slice))
            member = .other
        case 2: finishRecord()
        default: break
        }
        depth -= 1
        if depth == 0 { isRootClosed = true }
    }

    func report(_ error: UnsafePointer<xmlError>) {
        guard fatalError == nil, unsafe error.pointee.level == XML_ERR_FATAL else { return }
        unsafe fatalError = XMLFatalError(error)
    }

    func doctype() {
        stop(.doctypeRefused, "a document type declaration (<!DOCTYPE …>) is not accepted; remove it from the file")
    }

    private func setField(_ member: MemberName, _ field: RecordField) {
        switch member {
        case .name:
            guard let before = record?.name else { return }
            record?.name = before.kind == .absent ? field : RecordField(kind: .repeated, slice: before.slice)
        case .rank:
            guard let before = record?.rank else { return }
            record?.rank = before.kind == .absent ? field : RecordField(kind: .repeated, slice: before.slice)
        case .ignored, .other: break
        }
    }

    private func finishRecord() {
        guard failure == nil, var record else { return }
        let base = batch.arena.count
        batch.arena.append(contentsOf: carried)
        record.name.slice = ByteSlice(start: base + record.name.slice.start, count: record.name.slice.count)
        record.rank.slice = ByteSlice(start: base + record.rank.slice.start, count: record.rank.slice.count)
        batch.records.append(record)
        recordsRead += 1
        self.record = nil
    }

    /// Calls `body` with each attribute's local name, whether it has a prefix, and its value, and counts the value's
    /// bytes.
    private func eachAttribute(
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int,
        _ body: (Span<UInt8>, Bool, Span<UInt8>) -> Void
    ) {
        guard let attributes = unsafe attributes else { return }
        for index in 0..<count {
            // Safe: libxml2 lends five pointers an attribute for the callback: local name, prefix, URI, and the value's
            // begin and end.
            guard let name = unsafe attributes[index * 5], let begin = unsafe attributes[index * 5 + 3],
                let end = unsafe attributes[index * 5 + 4]
            else { continue }
            let hasPrefix = unsafe attributes[index * 5 + 1] != nil
            let value = unsafe Span(_unsafeStart: begin, count: end - begin)
            recordBytes += value.count
            unsafe body(Span(_unsafeStart: name, count: Int(xmlStrlen(name))), hasPrefix, value)
        }
    }

    private static func member(_ localName: UnsafePointer<xmlChar>) -> MemberName {
        // Safe: libxml2 lends the name, ended by a zero byte, for the callback.
        unsafe MemberName(of: Span(_unsafeStart: localName, count: Int(xmlStrlen(localName))))
    }

    private static func isNil(_ name: Span<UInt8>) -> Bool {
        name.count == 3 && name[0] == UInt8(ascii: "n") && name[1] == UInt8(ascii: "i") && name[2] == UInt8(ascii: "l")
    }

    private static func isTrue(_ value: Span<UInt8>) -> Bool {
        value.count == 1 && value[0] == UInt8(ascii: "1")
            || value.count == 4 && value[0] == UInt8(ascii: "t") && value[1] == UInt8(ascii: "r")
                && value[2] == UInt8(ascii: "u") && value[3] == UInt8(ascii: "e")
    }

    private var line: Int64 {
        // Safe: called from within the parser's own callbacks only, so parser and input are alive.
        guard let input = unsafe parser?.pointee.input else { return 1 }
        return unsafe Int64(max(1, input.pointee.line))
    }

    private func checkLength() {
        guard recordBytes > limits.recordBytesMax, let record else { return }
        stop(
            .recordTooLong, at: record.line,
            "the record that begins here is longer than \(limits.recordBytesMax) bytes; look for a missing end tag, or "
                + "raise --record-bytes-max"
        )
    }

    private func stop(_ code: DecodingFailure.Code, at line: Int64? = nil, _ message: String) {
        guard failure == nil else { return }
        failure = DecodingFailure(
            code: code, line: line ?? self.line, record: isInRecord ? recordsRead + 1 : nil, message: message
        )
        // Safe: called from within the parser's own callbacks only.
        if let parser = unsafe parser { unsafe xmlStopParser(parser) }
    }
}
