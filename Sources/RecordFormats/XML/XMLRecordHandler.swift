internal import CLibXML2

/// Makes records of elements: the root's child elements are the records, or those at the end of a path, and their child
/// elements or attributes `name` and `rank` (by local name) the members. Text of deeper elements is passed over.
///
/// To its maintainers: a plain value in memory of its own, which libxml2's callbacks reach by pointer. As an object it would
/// spend more time on checking accesses and counting references than on the work.
@safe struct XMLRecordHandler {
    /// Where finished records go; the caller's own batch, swapped in while a piece is parsed.
    var batch = RecordBatch()
    /// The parser that calls; set once it exists.
    var parser: xmlParserCtxtPtr?
    /// What this handler refuses. From then on it hears nothing, and the decoder feeds the parser no more; the parser can't be
    /// stopped from within its own callbacks, for libxml2 2.9.14 was seen to go on with a buffer that it had given back.
    private(set) var failure: DecodingFailure?
    /// The first error that ends the document; those after it are only its consequences.
    private(set) var fatalError: XMLFatalError?
    /// The number of records handed out.
    private(set) var recordsRead: Int64 = 0
    /// Whether the root element has been closed.
    private(set) var isRootClosed = false

    private let limits: DecodingLimits
    private let names: MemberNames
    /// The elements on the way to the records, theirs included; nil for any two.
    private let path: [[UInt8]]?
    /// The depth of a record's element, the root's being 1.
    private let recordDepth: Int
    private var depth = 0
    /// How many of the elements that are open, from the root on, are those of the path.
    private var matched = 0
    /// Whether the element that holds the records has been met.
    private(set) var isPathFound = false
    private var hasOtherChildren = false
    /// Whether the element that should hold the records held only others.
    var isAllElsewhere: Bool { recordsRead == 0 && hasOtherChildren }
    private var record: Record?
    private var recordBytes = 0
    /// The member whose text is being read, one level below the record's element.
    private var member = MemberName.other
    private var memberIsNull = false
    /// Whether elements stand in it, so that its text isn't all that it holds.
    private var memberHasElements = false
    private var memberStart = 0
    /// Text of the record at hand, which its fields' slices point into until it is whole; a batch may be drained
    /// earlier.
    private var carried: [UInt8] = []

    init(options: DecodingOptions) {
        limits = options.limits
        names = options.names
        path = options.recordsPath?.map { Array($0.utf8) }
        recordDepth = path?.count ?? 2
    }

    /// Whether a record has begun and not ended.
    var isInRecord: Bool { record != nil }

    mutating func startElement(
        _ localName: UnsafePointer<xmlChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) {
        guard failure == nil else { return }
        depth += 1
        if depth > limits.depthMax {
            return stop(.depthExceeded, "nests deeper than \(limits.depthMax) levels; flatten the document")
        }
        if depth <= recordDepth, matched == depth - 1 {
            if unsafe isOnPath(localName) { matched = depth } else if depth == recordDepth { hasOtherChildren = true }
        }
        if record != nil, depth == recordDepth + 2 { memberHasElements = true }
        switch depth {
        case recordDepth where matched == depth:
            record = Record(ordinal: recordsRead + 1, line: line, raw: .empty)
            recordBytes = 0
            carried.removeAll(keepingCapacity: true)
            for index in 0..<count {
                // Safe: used within this callback only.
                guard let attribute = unsafe XMLAttribute(attributes, index) else { continue }
                let value = unsafe Span(_unsafeElements: attribute.value)
                recordBytes += value.count
                let member = unsafe names.member(Span(_unsafeElements: attribute.localName))
                let start = carried.count
                if member == .name || member == .rank { carried.append(value) }
                setField(member, RecordField(kind: .text, slice: ByteSlice(start: start, count: value.count)))
            }
            checkLength()
        case recordDepth + 1 where record != nil:
            // Safe: libxml2 lends the name, ended by a zero byte, for the callback.
            member = unsafe names.member(Span(_unsafeStart: localName, count: Int(xmlStrlen(localName))))
            memberIsNull = false
            memberHasElements = false
            memberStart = carried.count
            for index in 0..<count {
                guard let attribute = unsafe XMLAttribute(attributes, index) else { continue }
                recordBytes += unsafe attribute.value.count
                if unsafe attribute.isTrueNil { memberIsNull = true }
            }
            checkLength()
        default: break
        }
    }

    mutating func text(_ bytes: Span<UInt8>) {
        guard failure == nil, record != nil else { return }
        recordBytes += bytes.count
        checkLength()
        if failure == nil, depth == recordDepth + 1, member == .name || member == .rank { carried.append(bytes) }
    }

    mutating func endElement() {
        guard failure == nil else { return }
        switch depth {
        case recordDepth + 1 where record != nil:
            let slice = ByteSlice(start: memberStart, count: carried.count - memberStart)
            let kind: RecordField.Kind = memberIsNull ? .null : memberHasElements ? .wrongType : .text
            setField(member, RecordField(kind: kind, slice: slice))
            member = .other
        case recordDepth where record != nil: finishRecord()
        default: break
        }
        if matched == depth { matched -= 1 }
        depth -= 1
        if depth == 0 { isRootClosed = true }
    }

    mutating func report(_ error: UnsafePointer<xmlError>) {
        guard failure == nil, fatalError == nil, unsafe error.pointee.level == XML_ERR_FATAL else { return }
        unsafe fatalError = XMLFatalError(error)
    }

    mutating func doctype() {
        stop(.doctypeRefused, "a document type declaration (<!DOCTYPE …>) is not accepted; remove it from the file")
    }

    private mutating func setField(_ member: MemberName, _ field: RecordField) {
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

    private mutating func finishRecord() {
        guard var record else { return }
        let base = batch.arena.count
        batch.arena.append(contentsOf: carried)
        record.name.slice = record.name.slice.moved(by: base)
        record.rank.slice = record.rank.slice.moved(by: base)
        batch.records.append(record)
        recordsRead += 1
        self.record = nil
    }

    /// Whether the element that begins is the path's at its depth.
    private mutating func isOnPath(_ localName: UnsafePointer<xmlChar>) -> Bool {
        guard let path else { return true }
        // Safe: libxml2 lends the name, ended by a zero byte, for the callback.
        let name = unsafe Span(_unsafeStart: localName, count: Int(xmlStrlen(localName)))
        let wanted = path[depth - 1]
        guard name.count == wanted.count else { return false }
        for index in 0..<name.count where name[index] != wanted[index] { return false }
        if depth >= recordDepth - 1 { isPathFound = true }
        return true
    }

    /// The line that the parser is at, from 1.
    var line: Int64 {
        // Safe: called from within the parser's own callbacks only, so parser and input are alive.
        guard let input = unsafe parser?.pointee.input else { return 1 }
        return unsafe Int64(max(1, input.pointee.line))
    }

    private mutating func checkLength() {
        guard recordBytes > limits.recordBytesMax, let record else { return }
        stop(
            .recordTooLong, at: record.line,
            "the record that begins here is longer than \(limits.recordBytesMax) bytes; look for a missing end tag, or "
                + "raise --record-bytes-max"
        )
    }

    private mutating func stop(_ code: DecodingFailure.Code, at line: Int64? = nil, _ message: String) {
        guard failure == nil else { return }
        failure = DecodingFailure(
            code: code, line: line ?? self.line, record: isInRecord ? recordsRead + 1 : nil, message: message
        )
    }
}
