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
    private var csv: CSVDecoder
    private var json: JSONDocumentDecoder
    private var ndjson: NDJSONDecoder
    private let xml: XMLDecoder?

    /// What the text is in, once its first bytes have been read; XML: only where it was given.
    package private(set) var encoding: TextEncoding?

    /// A stream at the beginning of a source.
    /// - Throws: where the columns that the options give lack the name.
    package init(format: RecordFormat, options: DecodingOptions = DecodingOptions()) throws(DecodingFailure) {
        self.format = format
        mark = EncodingMark(said: options.encoding)
        csv = try CSVDecoder(options: options)
        json = JSONDocumentDecoder(options: options)
        ndjson = NDJSONDecoder(options: options)
        xml = format == .xml ? XMLDecoder(options: options) : nil
        // libxml2 finds out a document's encoding, and converts from it, by itself.
        isRaw = format == .xml && options.encoding == nil
    }

    /// Whether bytes go to the decoder as they are.
    private let isRaw: Bool

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
            if isRaw { return try decode(chunk, into: &batch) }
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
            if !isRaw, let finding = try mark.end() { try begin(finding, into: &batch) }
            try transcoder?.finish { text throws(DecodingFailure) in try decode(text, into: &batch) }
            switch format {
            case .csv: try csv.finish(into: &batch)
            case .json: try json.finish()
            case .ndjson: try ndjson.finish(into: &batch)
            case .xml: try xml?.finish(into: &batch)
            }
        } catch {
            failure = error
            throw error
        }
    }

    /// Appends the records that are complete but were held back, for a source that breaks off: its end will not come.
    package func release(into batch: inout RecordBatch) {
        if format == .csv { csv.release(into: &batch) }
    }

    /// Sets up for the encoding that has been found, and reads the first bytes.
    private func begin(_ finding: EncodingMark.Finding, into batch: inout RecordBatch) throws(DecodingFailure) {
        encoding = finding.encoding
        csv.encoding = finding.encoding
        json.encoding = finding.encoding
        ndjson.encoding = finding.encoding
        if finding.encoding != .utf8 { transcoder = try Transcoder(from: finding.encoding) }
        try transcode(finding.head.span, into: &batch)
    }

    private func transcode(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if transcoder == nil { return try decode(bytes, into: &batch) }
        try transcoder?.convert(bytes) { text throws(DecodingFailure) in try decode(text, into: &batch) }
    }

    private func decode(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        switch format {
        case .csv: try csv.push(bytes, into: &batch)
        case .json: try json.push(bytes, into: &batch)
        case .ndjson: try ndjson.push(bytes, into: &batch)
        case .xml: try xml?.push(bytes, into: &batch)
        }
    }
}
