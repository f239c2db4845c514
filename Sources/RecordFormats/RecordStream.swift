/// Decodes the bytes of one source to records: a push decoder for any format.
///
/// Push chunks cut at any byte, then `finish` once. Each call appends the records that it completed to the batch; where
/// it throws, the records before the damage are in the batch already, and every later call throws the same failure. A
/// stream has one owner: it isn't `Sendable`.
package final class RecordStream {
    /// The format that is read.
    package let format: RecordFormat
    private var failure: DecodingFailure?
    private var mark: EncodingMark
    private var transcoder: Transcoder?
    private var endMark = EndOfFileMark()
    let mapping: MemberMapping
    /// Levels of JSON that may open.
    let levelsMax: Int
    /// Whether a record had the field of a role, by the roles' indices; followed where the user gave names.
    private var hasField: [Bool]
    private var csv: CSVDecoder
    private var json: JSONDocumentDecoder
    private var ndjson: NDJSONDecoder
    private let xml: XMLDecoder?
    private var names: NameSearch
    /// JSON: finds out what the source's first object is; nil once that is known.
    private var rootShape: JSONRootShape?
    private let workbook: WorkbookDecoder?

    /// The name of the source's encoding in lower case, once its first bytes have been read; XML may declare others
    /// than ``TextEncoding`` has.
    package private(set) var encodingName: String?

    /// A stream at the beginning of a source.
    /// - Throws: `missingColumn`, `duplicateColumn`, where the options give columns; `noRecordsArray`, where they give
    ///   a key's name and the format isn't JSON.
    package convenience init(format: RecordFormat, options: DecodingOptions) throws(DecodingFailure) {
        try self.init(format: format, options: options, workbook: nil)
    }

    private init(
        format: RecordFormat, options: DecodingOptions, workbook: WorkbookDecoder?
    ) throws(DecodingFailure) {
        if options.keyName != nil, format != .json {
            throw DecodingFailure(
                code: .noRecordsArray, line: 1,
                message: "--key-as reads the members of an object of JSON; leave it out, or say --format json")
        }
        self.format = format
        mapping = options.mapping
        levelsMax = options.limits.depthMax
        hasField = Array(repeating: false, count: mapping.roles.count)
        mark = EncodingMark(said: options.encoding, isXML: format == .xml)
        csv = try CSVDecoder(options: options)
        json = JSONDocumentDecoder(options: options)
        ndjson = NDJSONDecoder(options: options)
        names = NameSearch(format: format, options: options)
        let isFound = options.recordsPath != nil || options.keyName != nil
        rootShape = format == .json && !isFound ? JSONRootShape(options: options) : nil
        xml = format == .xml ? XMLDecoder(options: options) : nil
        self.workbook = workbook
    }

    /// A stream of a workbook's records, whose own bytes are CSV; see ``readRows(into:)``.
    /// - Throws: `missingColumn`, `duplicateColumn`, where the options give columns.
    package convenience init(_ workbook: WorkbookDecoder, options: DecodingOptions) throws(DecodingFailure) {
        try self.init(format: .csv, options: options, workbook: workbook)
    }

    /// What was read of a workbook, and what was met beside its records; nil for other sources.
    package var workbookAccount: WorkbookAccount? { workbook?.found }

    /// Whether the source is a workbook, which ``readRows(into:)`` reads.
    package var isWorkbook: Bool { workbook != nil }

    /// Reads some rows of a workbook, and appends their records to `batch`.
    /// - Returns: false where nothing is left.
    /// - Throws: why the rest can't be read.
    package func readRows(into batch: inout RecordBatch) throws(DecodingFailure) -> Bool {
        try workbook?.read(into: &batch) ?? false
    }

    /// CSV and workbooks: the header's cells as written, once it has been read. JSON, NDJSON and XML: nil.
    package var columns: [String]? {
        if let workbook { return workbook.columns }
        return format == .csv ? csv.header?.columns : nil
    }

    /// CSV: what separates fields, once it is known. JSON, NDJSON and XML: nil.
    package var delimiter: CSVDelimiter? {
        if workbook != nil { return .comma }
        return format == .csv ? csv.delimiter : nil
    }

    /// XML: the members of the first records; see ``members(of:)``.
    var xmlMembers: [SeenMember] { xml?.members ?? [] }

    /// What was no record, and records in an unusual form; nothing for JSON, NDJSON and XML.
    package var tally: RowTally { workbook?.found.tally ?? (format == .csv ? csv.tally : RowTally()) }

    /// CSV: the delimiter that the rows look as if they were separated by, though the header is one column; nil where
    /// they don't.
    package var rowDelimiter: CSVDelimiter? { format == .csv ? csv.rowDelimiter : nil }

    /// The number of records that were given out so far.
    package var recordsRead: Int64 {
        if let workbook { return workbook.recordsRead }
        let decoded =
            switch format {
            case .csv, .xlsx: csv.recordsRead
            case .json: json.recordsRead
            case .ndjson: ndjson.recordsRead
            case .xml: xml?.recordsRead ?? 0
            }
        return decoded - Int64(names.held.records.count)
    }

    /// JSON: the member that the records were found in; nil where they are the document's own.
    package var recordsMember: String? { format == .json ? json.recordsMember : nil }

    /// JSON and NDJSON: the names that lead from an element or a line to the record in it.
    var innerPath: [[UInt8]] { format == .json ? json.innerPath : ndjson.innerPath }

    /// JSON: the documents that the source holds, one behind the other.
    package var documentsRead: Int { format == .json ? json.documents : 1 }

    /// XML: the root, the element that has names in it, and others that were read as records and have none; nil where
    /// all are called alike.
    package var xmlKinds: (root: String, named: String, nameless: [String])? { xml?.kinds }

    /// JSON and XML: what the source says of a longer list, one page of which it is.
    package var pageSigns: PageSigns? { format == .json ? json.pageSigns : xml?.pageSigns }

    /// The first record that holds more objects with names, which are not read, and the names that lead to them; nil
    /// where there is none among the first records.
    package var nestedNames: (recordNumber: Int64, path: [String])? { xml?.nestedNames ?? names.nested }

    /// JSON: whether the source is one object behind the other.
    package var isOfRecords: Bool { json.isOfRecords }

    /// Reads a chunk, and appends the records that it completes to `batch`.
    /// - Throws: why the rest can't be read.
    package func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if let failure { throw failure }
        do throws(DecodingFailure) {
            var index = 0
            if mark.isPending {
                guard let detection = try mark.read(chunk, &index) else { return }
                try begin(detection, into: &batch)
            }
            try transcode(chunk.extracting(index..<chunk.count), into: &batch)
        } catch {
            failure = error
            names.release(into: &batch)
            throw error
        }
    }

    /// Reads a chunk, and appends the records that it completes to `batch`.
    /// - Throws: why the rest can't be read.
    package func push(_ chunk: [UInt8], into batch: inout RecordBatch) throws(DecodingFailure) {
        try push(chunk.span, into: &batch)
    }

    /// Ends the input, and appends the last record to `batch` where it had no line end.
    /// - Throws: what the input lacks.
    package func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if let failure { throw failure }
        if isWorkbook { return }
        do throws(DecodingFailure) {
            if let detection = try mark.end() { try begin(detection, into: &batch) }
            try transcoder?.finish { text throws(DecodingFailure) in try decode(text, into: &batch) }
            if let shape = try rootShape?.end() { try begin(shape, into: &batch) }
            try names.collect(into: &batch) { batch throws(DecodingFailure) in
                switch format {
                case .csv, .xlsx: try csv.finish(into: &batch)
                case .json: try json.finish()
                case .ndjson: try ndjson.finish(into: &batch)
                case .xml: try xml?.finish(into: &batch)
                }
            }
            if checksNames { noteFields(of: batch.records[...]) }
        } catch {
            failure = error
            names.release(into: &batch)
            throw error
        }
        do throws(DecodingFailure) {
            try refuseNameless(batch)
            names.release(into: &batch)
            try checkNames()
        } catch {
            failure = error
            throw error
        }
    }

    /// Refuses a list in which no record has a name.
    private func refuseNameless(_ batch: RecordBatch) throws(DecodingFailure) {
        let first = names.held.isEmpty ? batch : names.held
        let members = format == .csv ? [] : members(of: first).map(\.name)
        if let failure = names.failure(
            members: members, xmlPath: xml?.deepPath, hasNamedFields: xml?.hasNamedFields ?? false)
        {
            names.keepBack()
            throw failure
        }
    }

    /// Whether the user gave names; CSV checks them in the header.
    private var checksNames: Bool { format != .csv && !mapping.isStandard }

    private func noteFields(of records: ArraySlice<Record>) {
        for record in records {
            for role in hasField.indices where record.fields[role].kind != .absent { hasField[role] = true }
        }
    }

    /// Refuses a given name that no record has: it is mistyped, and every field of its role would be lost.
    private func checkNames() throws(DecodingFailure) {
        guard checksNames, recordsRead > 0 else { return }
        for (index, role) in mapping.roles.enumerated() where !hasField[index] {
            guard let name = mapping.givenNames[index] else { continue }
            throw DecodingFailure(
                code: .missingColumn, line: 1,
                message: "no record has \"\(name)\", which --map says is the \(role.title); correct --map")
        }
    }

    /// What decodes the text behind what was decoded so far, with nothing else to be done about it; nil where there is.
    var partFormat: PartDecoder.Format? {
        guard failure == nil, workbook == nil, transcoder == nil, !mark.isPending, !endMark.isHolding else {
            return nil
        }
        switch format {
        case .csv: return csv.lines.map { .csv($0) }
        case .ndjson: return names.isOver ? .ndjson(ndjson) : nil
        case .json: return names.isOver && json.isInList ? .json(json) : nil
        case .xml: return names.isOver ? xml?.partDecoder.map { .xml($0) } : nil
        case .xlsx: return nil
        }
    }

    /// Whether each chunk is read as far as records end in it, so that ``isBetweenRecords`` may be; otherwise XML is
    /// read in pieces of one size.
    package var isInParts: Bool {
        get { xml?.isInParts ?? false }
        set { xml?.isInParts = newValue }
    }

    /// Counts a part that was decoded elsewhere, with its records.
    func pass(_ part: DecodedPart, _ records: ArraySlice<Record>) {
        switch format {
        case .csv, .xlsx: csv.pass(part)
        case .json: json.pass(part)
        case .ndjson: ndjson.pass(part)
        case .xml: xml?.pass(part)
        }
        if checksNames { noteFields(of: records) }
    }

    /// Appends the complete records that were held back, for a source that ends early, so that `finish` isn't called.
    package func release(into batch: inout RecordBatch) {
        if format == .csv, !isWorkbook { csv.release(into: &batch) }
        names.release(into: &batch)
    }

    /// Prepares for the detected encoding, and reads the first bytes.
    private func begin(_ detection: EncodingMark.Detection, into batch: inout RecordBatch) throws(DecodingFailure) {
        let encoding = TextEncoding(rawValue: detection.name)
        encodingName = detection.name
        csv.encoding = encoding ?? .utf8
        json.encoding = encoding ?? .utf8
        ndjson.encoding = encoding ?? .utf8
        xml?.encoding = detection.name
        if encoding != .utf8 { transcoder = try Transcoder(from: detection.name) }
        try transcode(detection.head.span, into: &batch)
    }

    private func transcode(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if transcoder == nil { return try decode(bytes, into: &batch) }
        try transcoder?.convert(bytes) { text throws(DecodingFailure) in try decode(text, into: &batch) }
    }

    private func decode(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        var mark = endMark
        defer { endMark = mark }
        try mark.pass(bytes) { text throws(DecodingFailure) in try decodeWhole(text, into: &batch) }
    }

    private func decodeWhole(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        guard rootShape != nil else { return try decodeText(bytes, into: &batch) }
        var index = 0
        guard let shape = try rootShape?.read(bytes, &index) else { return }
        try begin(shape, into: &batch)
        try decodeText(bytes.extracting(index..<bytes.count), into: &batch)
    }

    /// Prepares for what a JSON source's first object is, and reads what was held back of it.
    private func begin(_ shape: JSONRootShape.Shape, into batch: inout RecordBatch) throws(DecodingFailure) {
        let held = rootShape?.bytes ?? []
        rootShape = nil
        json.isOfRecords = shape == .records
        names.isOfRecords = json.isOfRecords
        if shape == .document { names.root = held }
        try decodeText(held.span, into: &batch)
    }

    private func decodeText(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        try names.collect(into: &batch) { batch throws(DecodingFailure) in
            let before = batch.records.count
            defer { if checksNames { noteFields(of: batch.records[before...]) } }
            switch format {
            case .csv, .xlsx: try csv.push(bytes, into: &batch)
            case .json: try json.push(bytes, into: &batch)
            case .ndjson: try ndjson.push(bytes, into: &batch)
            case .xml: try xml?.push(bytes, into: &batch)
            }
        }
    }
}
