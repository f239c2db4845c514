/// Bytes of one source in, records out: a push decoder for any format.
///
/// Push chunks cut at any byte, then `finish` once. Each call appends the records that it completed to the batch; where
/// it throws, the records before the damage are in the batch already, and every later call throws the same failure. A
/// stream has one owner: it isn't `Sendable`.
package final class RecordStream {
    /// The format that is read.
    package let format: RecordFormat
    private var failure: DecodingFailure?
    private var mark = ByteOrderMark()
    private var csv: CSVDecoder
    private var json: JSONDocumentDecoder
    private var ndjson: NDJSONDecoder
    private let xml: XMLDecoder?

    /// A stream at the beginning of a source.
    package init(format: RecordFormat, limits: DecodingLimits = DecodingLimits()) {
        self.format = format
        csv = CSVDecoder(limits: limits)
        json = JSONDocumentDecoder(limits: limits)
        ndjson = NDJSONDecoder(limits: limits)
        xml = format == .xml ? XMLDecoder(limits: limits) : nil
    }

    /// CSV: the header's cells as written, once it has been read. JSON, NDJSON and XML: nil.
    package var columns: [String]? { format == .csv ? csv.header?.columns : nil }

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
            if format == .xml { return try decode(chunk, into: &batch) }
            var index = 0
            guard let head = try mark.take(chunk, &index) else { return }
            if !head.isEmpty { try decode(head.span, into: &batch) }
            try decode(chunk.extracting(index..<chunk.count), into: &batch)
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

    /// Reads a chunk, which need only live for the call, and appends the records that it completes to `batch`.
    /// - Throws: what keeps reading from going on.
    package func push(_ chunk: UnsafeRawBufferPointer, into batch: inout RecordBatch) throws(DecodingFailure) {
        // Safe: the span is used within this call only, for which the caller keeps the buffer alive and unchanged.
        try unsafe push(Span(_unsafeBytes: chunk), into: &batch)
    }

    /// Ends the input, and appends the last record to `batch` where it had no line end.
    /// - Throws: what the input lacked.
    package func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if let failure { throw failure }
        do throws(DecodingFailure) {
            let head = format == .xml ? [] : try mark.end()
            if !head.isEmpty { try decode(head.span, into: &batch) }
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

    private func decode(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        switch format {
        case .csv: try csv.push(bytes, into: &batch)
        case .json: try json.push(bytes, into: &batch)
        case .ndjson: try ndjson.push(bytes, into: &batch)
        case .xml: try xml?.push(bytes, into: &batch)
        }
    }
}
