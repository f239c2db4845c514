/// Decodes parts of a source's text by themselves, so that several are decoded at once.
///
/// A part begins and ends at a ``PartBorder``. Whether that is between two records is not known while it is decoded: a
/// line end may stand in quotes, and an object in another. So what comes of it is taken only where the parts before it
/// turn out to end between two records (``RecordStream/isBetweenRecords``); from there on the same bytes are the same
/// records, whoever decodes them.
package struct PartDecoder: Sendable {
    /// What decodes text of a format, as it stands between two records.
    enum Format: Sendable {
        case csv(CSVRecordDecoder), json(JSONDocumentDecoder), ndjson(NDJSONDecoder), xml(XMLPartDecoder)
    }

    private let format: Format

    init(_ format: Format) { self.format = format }

    /// Decodes a part.
    ///
    /// - Parameters:
    ///   - text: its bytes, in order.
    ///   - batch: is empty, and gets the records.
    /// - Returns: nil, with no records, where it has to be decoded behind the part before it: it doesn't end between
    ///   two records, something is wrong with it, or it may be the text's last.
    package func decode(_ text: [ArraySlice<UInt8>], into batch: inout RecordBatch) -> DecodedPart? {
        var (format, mark) = (format, EndOfFileMark())
        format.begin()
        let (recordsBefore, linesBefore) = format.place
        do throws(DecodingFailure) {
            for bytes in text {
                try mark.pass(bytes.span) { text throws(DecodingFailure) in try format.push(text, into: &batch) }
            }
        } catch {
            batch.removeAll()
            return nil
        }
        guard !mark.isHolding, format.isBetweenRecords else {
            batch.removeAll()
            return nil
        }
        let (records, line) = format.place
        return DecodedPart(
            bytes: text.reduce(0) { $0 + $1.count }, records: records - recordsBefore, lines: line - linesBefore,
            recordsBefore: recordsBefore, linesBefore: linesBefore, tally: format.tally)
    }
}

extension PartDecoder.Format {
    /// Whether the next byte begins a record, and nothing is held back.
    var isBetweenRecords: Bool {
        switch self {
        case .csv(let decoder): decoder.isBetweenRecords
        case .json(let decoder): decoder.isBetweenRecords
        case .ndjson(let decoder): decoder.isBetweenRecords
        case .xml(let decoder): decoder.isBetweenRecords
        }
    }

    /// The number of records decoded, and the line that is next.
    fileprivate var place: (records: Int64, line: Int64) {
        switch self {
        case .csv(let decoder): (decoder.recordsRead, decoder.framer.line)
        case .json(let decoder): (decoder.recordsRead, decoder.line)
        case .ndjson(let decoder): (decoder.recordsRead, decoder.line)
        case .xml(let decoder): (decoder.recordsRead, decoder.line)
        }
    }

    fileprivate var tally: RowTally {
        if case .csv(let decoder) = self { decoder.tally } else { RowTally() }
    }

    fileprivate mutating func begin() {
        guard case .csv(var decoder) = self else { return }
        decoder.tally = RowTally()
        self = .csv(decoder)
    }

    fileprivate mutating func push(_ text: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        switch self {
        case .csv(var decoder):
            try decoder.push(text, into: &batch)
            self = .csv(decoder)
        case .json(var decoder):
            try decoder.push(text, into: &batch)
            self = .json(decoder)
        case .ndjson(var decoder):
            try decoder.push(text, into: &batch)
            self = .ndjson(decoder)
        case .xml(var decoder):
            decoder.push(text, into: &batch)
            self = .xml(decoder)
        }
    }
}

extension RecordStream {
    /// Where the rest may be cut into parts that can be decoded by themselves; nil where it has to be decoded in order.
    package var partBorder: PartBorder? {
        switch partFormat {
        case nil: nil
        case .csv, .ndjson: .lineEnd
        case .json: .object
        case .xml(let decoder): .element(decoder.recordName)
        }
    }

    /// Whether the next byte begins a record, of a text of whose kind parts can be decoded by themselves.
    package var isBetweenRecords: Bool { partFormat?.isBetweenRecords ?? false }

    /// What decodes parts of the rest by themselves; nil where the rest has to be decoded in order, or more has to be
    /// read before.
    package var partDecoder: PartDecoder? {
        partFormat.flatMap { $0.isBetweenRecords ? PartDecoder($0) : nil }
    }

    /// Goes on behind a part, whose records `batch` holds.
    ///
    /// - Precondition: ``isBetweenRecords``, and the part's bytes are the next.
    package func pass(_ part: DecodedPart, _ batch: inout RecordBatch) {
        guard let partFormat else { preconditionFailure("a part is passed where parts can be decoded") }
        let (records, line) = partFormat.place
        let (recordsMore, linesMore) = (records - part.recordsBefore, line - part.linesBefore)
        for index in batch.records.indices {
            batch.records[index].ordinal += recordsMore
            batch.records[index].line += linesMore
        }
        pass(part, batch.records[...])
    }
}
