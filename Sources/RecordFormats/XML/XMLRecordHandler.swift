internal import CLibXML2

/// Makes records of elements: the root's child elements are the records, or those at the end of a path, and their child
/// elements or attributes (by local name) the fields. Text of deeper elements is skipped.
///
/// To its maintainers: a plain value in memory of its own, which libxml2's callbacks reach by pointer. As an object it
/// would spend more time on access checks and reference counts than on the work.
@safe struct XMLRecordHandler {
    /// The batch that records are appended to; the caller's own, swapped in while a piece is parsed.
    private var batch = RecordBatch()
    /// The parser that calls; set once it exists.
    var parser: xmlParserCtxtPtr?
    /// What this handler refuses. From then on it ignores all callbacks, and the decoder gives the parser no more
    /// bytes. A callback can't stop the parser: libxml2 2.9.14 went on with a buffer that it had freed.
    private(set) var failure: DecodingFailure?
    /// Whether there is a failure.
    private var isStopped = false
    /// The first error that ends the document; those after it are only its consequences.
    private(set) var fatalError: XMLFatalError?
    /// The number of records decoded.
    private(set) var recordsRead: Int64 = 0
    /// Whether the root element has been closed.
    private(set) var isRootClosed = false

    private let limits: DecodingLimits
    /// The longest record.
    var recordBytesMax: Int { limits.recordBytesMax }
    private let mapping: MemberMapping
    /// The elements on the path to the records, theirs included; nil for any two.
    private let path: [[UInt8]]?
    /// The depth of a record's element, the root's being 1.
    private let recordDepth: Int
    private var depth = 0
    /// How many of the open elements, from the root on, are those of the path.
    private var matched = 0
    /// Whether the element that holds the records has been read.
    private(set) var isPathFound = false
    private var hasOtherChildren = false
    /// Whether the element at the path held other elements and no records.
    var isAllElsewhere: Bool { recordsRead == 0 && hasOtherChildren }
    /// Where any element may be a record: how the elements are called.
    private(set) var kinds = XMLElementKinds()
    /// Whether a record has begun and not ended; the properties below belong to it.
    private(set) var isInRecord = false
    private var recordLine: Int64 = 0
    /// The parser's line outside a record: that of the next tag's `<`. While a tag is reported, the parser is at its
    /// end.
    private var tagLine: Int64 = 1
    private var recordBytes = 0
    /// Where the record's text begins in the batch's arena. Until the record is whole, its fields' slices count from
    /// there.
    private var recordStart = 0
    private var fields = RecordFields()
    /// The member whose text is being read, one level below the record's element.
    private var member = RecordMember.other
    private var memberIsNull = false
    /// Whether the member holds elements, and so more than text.
    private var memberHasElements = false
    private var memberStart = 0
    /// The text of the record at hand where that began in an earlier piece; otherwise it is in the batch's arena.
    private var carried: [UInt8] = []
    private var isCarried = false
    /// The bytes of that text.
    private var textCount: Int { isCarried ? carried.count : batch.arena.count &- recordStart }
    private var knownNames = XMLKnownNames()
    /// What the first records have, as long as ``isSurveying``; and the member whose text it gathers.
    private(set) var survey: MemberSurvey
    private var isSurveying = true
    private var surveyed: (name: String, text: [UInt8])?
    /// Where names stand in other places, as long as ``isLooking``: in the first records, and until one has a name.
    private(set) var deep = XMLDeepNames()
    private var isLooking = true
    private var hasName = false
    /// What stands beside the records, or in the elements around them, of a page.
    private(set) var page = XMLPageLook()

    init(options: DecodingOptions) {
        limits = options.limits
        mapping = options.mapping
        survey = MemberSurvey(options.mapping)
        path = options.recordsPath?.map { Array($0.utf8) }
        recordDepth = path?.count ?? 2
    }

    /// Exchanges the batch that records are appended to: for the caller's own before a piece is parsed, and back after
    /// it. The text of the record at hand is moved out, because the caller may empty its batch then.
    mutating func exchange(_ batch: inout RecordBatch) {
        if isInRecord, !isCarried {
            isCarried = true
            carried.removeAll(keepingCapacity: true)
            carried.append(contentsOf: self.batch.arena[recordStart...])
            self.batch.arena.removeLast(carried.count)
        }
        swap(&self.batch, &batch)
    }

    /// Whether all that was told of the first records is known, so that libxml2 needn't read the others.
    var isReadable: Bool { !isLooking && !isStopped && recordDepth < limits.depthMax }

    /// How many elements are open within the one whose child elements are the records.
    var level: Int { depth - recordDepth + 1 }

    /// Whether the next element that begins here may be a record.
    var isAtBorder: Bool { !isInRecord && depth == recordDepth - 1 && matched == depth }

    /// The local name that a record's element must have; nil for any, as it is until a record has a name.
    var recordName: [UInt8]? {
        if let last = path?.last { return Self.isAny(last) ? nil : last }
        return kinds.named.map { Array($0.utf8) }
    }

    /// Whether a step of the path stands for elements of any name: `*`.
    private static func isAny(_ step: [UInt8]) -> Bool { step == [UInt8(ascii: "*")] }

    /// Passes over records that another reader has read: whole elements, which begin and end at a border.
    mutating func pass(records: Int64, bytes: Int, lineEnds: Int64) {
        recordsRead &+= records
        // Safe: the parser and its input are alive; it stands where the elements begin, behind all that it has got.
        if let input = unsafe parser?.pointee.input {
            unsafe input.pointee.line = Int32(clamping: Int64(input.pointee.line) + lineEnds)
            unsafe input.pointee.consumed += UInt(bytes)
        }
        tagLine = line
    }

    mutating func startElement(
        _ localName: UnsafePointer<xmlChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) {
        guard !isStopped else { return }
        depth &+= 1
        if depth > limits.depthMax {
            return stop(.depthExceeded, "nests deeper than \(limits.depthMax) levels; flatten the document")
        }
        if isLooking { unsafe lookForName(localName, attributes, count) }
        if page.isOpen { unsafe page.begin(localName) }
        if isInRecord {
            if depth == recordDepth &+ 1 { return unsafe startMember(localName, attributes, count) }
            if depth == recordDepth &+ 2 { memberHasElements = true }
            return
        }
        guard depth <= recordDepth, matched == depth &- 1 else { return }
        if unsafe isOnPath(localName) { matched = depth } else if depth == recordDepth { hasOtherChildren = true }
        if depth == 1 { unsafe kinds.begin(root: localName) }
        if unsafe !page.isPlain(localName), unsafe !kinds.isNamed(localName) {
            unsafe page.look(localName, isAround: depth < recordDepth && matched == depth, attributes, count)
        }
        if depth == recordDepth, matched == depth {
            unsafe kinds.element = localName
            unsafe startRecord(attributes, count)
        } else {
            tagLine = line
        }
    }

    private mutating func startRecord(
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) {
        isInRecord = true
        recordLine = tagLine
        recordBytes = 0
        recordStart = batch.arena.count
        fields = RecordFields()
        for index in 0..<count {
            // Safe: used within this callback only.
            guard let attribute = unsafe XMLAttribute(attributes, index) else { continue }
            let value = unsafe Span(_unsafeElements: attribute.value)
            recordBytes += value.count
            let member = unsafe attribute.member(mapping)
            let start = textCount
            if isSurveying { unsafe noteMember(Span(_unsafeElements: attribute.localName), value) }
            if member.isKept { batch.arena.append(value) }
            fields.add(.text(ByteSlice(start: start, count: value.count)), as: member)
        }
        if recordBytes > limits.recordBytesMax { stopAtLength() }
    }

    private mutating func startMember(
        _ localName: UnsafePointer<xmlChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) {
        unsafe member = knownNames.member(localName, mapping)
        memberIsNull = false
        memberHasElements = false
        memberStart = textCount
        // Safe: libxml2 lends the name, ended by a zero byte, for the callback.
        if isSurveying { surveyed = unsafe (String(cString: localName), []) }
        if count == 0 { return }
        for index in 0..<count {
            // Safe: used within this callback only.
            guard let attribute = unsafe XMLAttribute(attributes, index) else { continue }
            recordBytes += unsafe attribute.value.count
            if unsafe attribute.isTrueNil { memberIsNull = true }
        }
        if recordBytes > limits.recordBytesMax { stopAtLength() }
    }

    mutating func text(_ bytes: Span<UInt8>) {
        guard !isStopped else { return }
        if page.isOpen { page.add(bytes) }
        guard isInRecord else {
            tagLine = line
            return
        }
        recordBytes += bytes.count
        if recordBytes > limits.recordBytesMax { return stopAtLength() }
        guard depth == recordDepth &+ 1 else { return }
        if isSurveying, surveyed != nil { surveyed?.text.append(bytes) }
        guard member.isKept else { return }
        if isCarried { carried.append(bytes) } else { batch.arena.append(bytes) }
    }

    mutating func endElement() {
        guard !isStopped else { return }
        // What has a name is a record, which says nothing of a page.
        if page.isOpen { page.end(isRecord: isInRecord && fields.first.kind != .absent) }
        if isInRecord {
            if depth == recordDepth &+ 1 {
                let slice = ByteSlice(start: memberStart, count: textCount &- memberStart)
                let kind: RecordField.Kind = memberIsNull ? .null : memberHasElements ? .wrongType : .text
                fields.add(RecordField(kind: kind, slice: slice), as: member)
                member = .other
                if isSurveying { endSurveyed() }
            } else if depth == recordDepth {
                finishRecord()
            }
        }
        if isLooking { deep.end() }
        if !isInRecord { tagLine = line }
        if matched == depth { matched &-= 1 }
        depth &-= 1
        if depth == 0 { isRootClosed = true }
    }

    mutating func report(_ error: UnsafePointer<xmlError>) {
        guard failure == nil, fatalError == nil else { return }
        // libxml2 goes on where two attributes are one by their name space; to XML with name spaces, that is damage.
        let isRedefined = unsafe error.pointee.code == Int32(bitPattern: XML_NS_ERR_ATTRIBUTE_REDEFINED.rawValue)
        guard unsafe isRedefined || error.pointee.level == XML_ERR_FATAL else { return }
        isStopped = isRedefined
        // Safe: the parser and its input are alive while it reports.
        let input = unsafe parser?.pointee.input
        unsafe fatalError = XMLFatalError(
            error, isAtEnd: input.map { unsafe $0.pointee.cur >= $0.pointee.end } ?? false)
    }

    mutating func doctype() {
        stop(.doctypeRefused, "a document type declaration (<!DOCTYPE …>) is not accepted; remove it from the file")
    }

    private mutating func finishRecord() {
        if isCarried {
            recordStart = batch.arena.count
            batch.arena.append(contentsOf: carried)
            isCarried = false
        }
        if path == nil, let other = kinds.end(hasName: fields.first.kind != .absent) { return stop(atOther: other) }
        recordsRead &+= 1
        if isLooking {
            hasName = hasName || fields.first.kind != .absent
            if recordsRead >= MemberSurvey.recordsMax { isSurveying = false }
            isLooking = isSurveying || !hasName
        }
        batch.records.append(
            Record(ordinal: recordsRead, line: recordLine, raw: .empty, fields: fields.moved(by: recordStart)))
        isInRecord = false
    }

    /// Notes an element that begins, and whether it or an attribute would be a name in another place.
    private mutating func lookForName(
        _ localName: UnsafePointer<xmlChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) {
        // Safe: libxml2 lends the names, each ended by a zero byte, for the callback.
        let name = unsafe String(cString: localName)
        deep.begin(name)
        let isMember = isInRecord && depth == recordDepth &+ 1
        let recordNumber = isInRecord && depth > recordDepth &+ 1 ? recordsRead &+ 1 : nil
        if !isMember, depth > 1, mapping.member(header: name) == .first {
            deep.count(isOwn: false, recordNumber: recordNumber)
        }
        let isRecord = !isInRecord && depth == recordDepth
        for index in 0..<count where !isRecord {
            guard let attribute = unsafe XMLAttribute(attributes, index) else { continue }
            if unsafe attribute.member(mapping) == .first {
                deep.count(isOwn: true, recordNumber: isInRecord ? recordsRead &+ 1 : nil)
            }
        }
    }

    /// Adds an attribute of a record to what is known of the first ones.
    private mutating func noteMember(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        var (nameBytes, text): ([UInt8], [UInt8]) = ([], [])
        nameBytes.append(name)
        text.append(value)
        survey.add(String(decoding: nameBytes, as: UTF8.self), text)
    }

    /// Adds the member that has just ended to what is known of the first records.
    private mutating func endSurveyed() {
        guard let (name, text) = surveyed.take() else { return }
        survey.add(name, memberHasElements ? nil : text)
    }

    /// Whether the element that begins is the path's at its depth.
    private mutating func isOnPath(_ localName: UnsafePointer<xmlChar>) -> Bool {
        guard let path else { return true }
        // Safe: libxml2 lends the name, ended by a zero byte, for the callback.
        let name = unsafe Span(_unsafeStart: localName, count: Int(xmlStrlen(localName)))
        let wanted = path[depth - 1]
        guard name.isEqual(wanted.span) || Self.isAny(wanted) else { return false }
        if depth >= recordDepth - 1 { isPathFound = true }
        return true
    }

    /// The parser's line, from 1.
    var line: Int64 {
        // Safe: called from within the parser's own callbacks only, so the parser and its input are alive.
        guard let input = unsafe parser?.pointee.input else { return 1 }
        return unsafe Int64(max(1, input.pointee.line))
    }

    /// Of two kinds of elements with names, only one is the list's.
    private mutating func stop(atOther name: String) {
        let (root, named) = (kinds.root, kinds.named ?? "")
        let places = [named, name].map { "--records-at \(ShellWord.quoted("\(root)/\($0)"))" }
        stop(
            .noRecordsArray, at: recordLine,
            "both \"\(named)\" and \"\(name)\" are elements with names; say which are the \(mapping.title.plural) "
                + "with \(places[0]) or \(places[1]), or that both are with "
                + "--records-at \(ShellWord.quoted("\(root)/*"))")
    }

    private mutating func stopAtLength() {
        stop(
            .recordTooLong, at: recordLine,
            "the record that begins here is longer than \(limits.recordBytesMax) bytes; look for a missing end tag, or "
                + "raise --record-bytes-max"
        )
    }

    private mutating func stop(_ code: DecodingFailure.Code, at line: Int64? = nil, _ message: String) {
        guard !isStopped else { return }
        isStopped = true
        failure = DecodingFailure(
            code: code, line: line ?? self.line, recordNumber: isInRecord ? recordsRead + 1 : nil, message: message
        )
    }
}
