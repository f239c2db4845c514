/// Bytes of one source in, records out: a push decoder for any format.
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
    private let names: MemberNames
    /// Whether the given name and rank have been seen in a record.
    private var sawName = false, sawRank = false, sawActive = false
    private var csv: CSVDecoder
    private var json: JSONDocumentDecoder
    private var ndjson: NDJSONDecoder
    private let xml: XMLDecoder?

    /// What the text is in, once its first bytes have been read; nil also for others that XML declares.
    package private(set) var encoding: TextEncoding?

    /// A stream at the beginning of a source.
    /// - Throws: where the columns that the options give lack the name.
    package init(format: RecordFormat, options: DecodingOptions = DecodingOptions()) throws(DecodingFailure) {
        self.format = format
        names = options.names
        mark = EncodingMark(said: options.encoding, isXML: format == .xml)
        csv = try CSVDecoder(options: options)
        json = JSONDocumentDecoder(options: options)
        ndjson = NDJSONDecoder(options: options)
        xml = format == .xml ? XMLDecoder(options: options) : nil
    }

    /// CSV: the header's cells as written, once it has been read. JSON, NDJSON and XML: nil.
    package var columns: [String]? { format == .csv ? csv.header?.columns : nil }

    /// CSV: what separates fields, once that is known. JSON, NDJSON and XML: nil.
    package var delimiter: CSVDelimiter? { format == .csv ? csv.delimiter : nil }

    /// The number of records handed out so far.
    package var recordsRead: Int64 {
        switch format {
        case .csv: csv.recordsRead
        case .json: json.recordsRead
        case .ndjson: ndjson.recordsRead
        case .xml: xml?.recordsRead ?? 0
        }
    }

    /// Reads a chunk, and appends the records that it completes to `batch`.
    /// - Throws: what keeps reading from going on.
    package func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if let failure { throw failure }
        do throws(DecodingFailure) {
            var index = 0
            if mark.isPending {
                guard let finding = try mark.take(chunk, &index) else { return }
                try begin(finding, into: &batch)
            }
            try transcode(chunk.extracting(index..<chunk.count), into: &batch)
        } catch {
            failure = error
            throw error
        }
    }

    /// Reads a chunk, and appends the records that it completes to `batch`.
    /// - Throws: what keeps reading from going on.
    package func push(_ chunk: [UInt8], into batch: inout RecordBatch) throws(DecodingFailure) {
        try push(chunk.span, into: &batch)
    }

    /// Ends the input, and appends the last record to `batch` where it had no line end.
    /// - Throws: what the input lacked.
    package func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if let failure { throw failure }
        do throws(DecodingFailure) {
            if let finding = try mark.end() { try begin(finding, into: &batch) }
            try transcoder?.finish { text throws(DecodingFailure) in try decode(text, into: &batch) }
            switch format {
            case .csv: try csv.finish(into: &batch)
            case .json: try json.finish()
            case .ndjson: try ndjson.finish(into: &batch)
            case .xml: try xml?.finish(into: &batch)
            }
            if isMapped { see(batch.records[...]) }
            try checkNames()
        } catch {
            failure = error
            throw error
        }
    }

    /// Whether names are given; in CSV it is the header that must have them.
    private var isMapped: Bool { format != .csv && (names.name != nil || names.rank != nil || names.active != nil) }

    private func see(_ records: ArraySlice<Record>) {
        for record in records {
            if record.name.kind != .absent { sawName = true }
            if record.rank.kind != .absent { sawRank = true }
            if record.active.kind != .absent { sawActive = true }
        }
    }

    /// A name that no record has is a slip of the pen, and would lose every name or rank without a word.
    private func checkNames() throws(DecodingFailure) {
        guard isMapped, recordsRead > 0 else { return }
        for (name, member, isSeen) in [
            (names.name, "name", sawName), (names.rank, "rank", sawRank), (names.active, "activity", sawActive),
        ] {
            guard let name, !isSeen else { continue }
            throw DecodingFailure(
                code: .missingColumn, line: 1,
                message: "no record has \"\(name)\", which --map says is the \(member); correct --map")
        }
    }

    /// Appends the records that are complete but were held back, for a source that breaks off: its end will not come.
    package func release(into batch: inout RecordBatch) {
        if format == .csv { csv.release(into: &batch) }
    }

    /// Sets up for the encoding that has been found, and reads the first bytes.
    private func begin(_ finding: EncodingMark.Finding, into batch: inout RecordBatch) throws(DecodingFailure) {
        encoding = TextEncoding(rawValue: finding.name)
        csv.encoding = encoding ?? .utf8
        json.encoding = encoding ?? .utf8
        ndjson.encoding = encoding ?? .utf8
        xml?.encoding = finding.name
        if encoding != .utf8 { transcoder = try Transcoder(from: finding.name) }
        try transcode(finding.head.span, into: &batch)
    }

    private func transcode(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if transcoder == nil { return try decode(bytes, into: &batch) }
        try transcoder?.convert(bytes) { text throws(DecodingFailure) in try decode(text, into: &batch) }
    }

    private func decode(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        let before = batch.records.count
        defer { if isMapped { see(batch.records[before...]) } }
        switch format {
        case .csv: try csv.push(bytes, into: &batch)
        case .json: try json.push(bytes, into: &batch)
        case .ndjson: try ndjson.push(bytes, into: &batch)
        case .xml: try xml?.push(bytes, into: &batch)
        }
    }
}
