// What libFuzzer calls: one input, decoded whole and in chunks of other sizes, which must give the same records and
// failure.
//
// The input's first bytes choose the format, the options and the chunk sizes; the rest is the source. Compiled into
// one module with the decoders by Scripts/checks/fuzz.

/// A record by what must not depend on the chunks.
private struct Seen: Equatable {
    var ordinal: Int64
    var line: Int64
    var raw: [UInt8]
    var name: [UInt8]
    var rank: [UInt8]
    var kinds: [RecordField.Kind]
    var problem: RecordProblem?
}

private struct Outcome: Equatable {
    var records: [Seen] = []
    var failure: DecodingFailure?
    var columns: [String]?
    var tally = RowTally()
}

/// Decodes `source` in chunks whose sizes come from `sizes`, again and again.
private func decode(_ source: ArraySlice<UInt8>, _ format: RecordFormat, _ options: DecodingOptions, sizes: [Int])
    -> Outcome
{
    var outcome = Outcome()
    var batch = RecordBatch()
    func drain() {
        // No stage may look outside the arena: each slice is taken, and encoded in every format.
        for record in batch.records {
            func bytes(_ slice: ByteSlice) -> [UInt8] { Array(batch.arena[slice.start..<slice.end]) }
            outcome.records.append(
                Seen(
                    ordinal: record.ordinal, line: record.line, raw: bytes(record.raw), name: bytes(record.name.slice),
                    rank: bytes(record.rank.slice), kinds: [record.name.kind, record.rank.kind], problem: record.problem
                ))
            for target in RecordFormat.allCases {
                var encoder = RecordEncoder(format: target, mapping: options.mapping, isSpreadsheetSafe: true)
                do throws(RecordEncoder.Fault) { try encoder.append(record, in: batch) } catch { continue }
            }
            _ = batch.columns(of: record, delimiter: .comma)
        }
        batch.removeAll()
    }
    do throws(DecodingFailure) {
        let stream = try RecordStream(format: format, options: options)
        defer { (outcome.columns, outcome.tally) = (stream.columns, stream.tally) }
        var start = source.startIndex
        var turn = 0
        while start < source.endIndex {
            let end = min(source.endIndex, start + sizes[turn % sizes.count])
            try stream.push(Array(source[start..<end]), into: &batch)
            start = end
            turn += 1
            if turn % 3 == 0 { drain() }
        }
        try stream.finish(into: &batch)
    } catch {
        outcome.failure = error
    }
    drain()
    return outcome
}

/// Decodes a document of XML in which `source` stands behind a hundred records, which libxml2 reads, in pieces of
/// `pieceBytes`: with the plain records read past libxml2, or with all read by it.
private func decodeXML(
    _ source: ArraySlice<UInt8>, _ options: DecodingOptions, pieceBytes: Int, chunkBytes: Int, readsPlain: Bool
) -> Outcome {
    let name = options.recordsPath?.last ?? "g"
    var document = Array((options.recordsPath == nil ? "<a>" : "<a><b>").utf8)
    for _ in 0..<MemberSurvey.recordsMax { document += Array("<\(name) name='' r='' Group_Title=''/>".utf8) }
    document += source
    let decoder = XMLDecoder(options: options, pieceBytes: pieceBytes, readsPlain: readsPlain)
    var outcome = Outcome()
    var batch = RecordBatch()
    do throws(DecodingFailure) {
        for start in stride(from: 0, to: document.count, by: chunkBytes) {
            let end = min(document.count, start + chunkBytes)
            try decoder.push(document.span.extracting(start..<end), into: &batch)
        }
        try decoder.finish(into: &batch)
    } catch {
        outcome.failure = error
    }
    for record in batch.records {
        func bytes(_ slice: ByteSlice) -> [UInt8] { Array(batch.arena[slice.start..<slice.end]) }
        outcome.records.append(
            Seen(
                ordinal: record.ordinal, line: record.line, raw: bytes(record.fields.third.slice),
                name: bytes(record.name.slice), rank: bytes(record.rank.slice),
                kinds: [record.name.kind, record.rank.kind, record.fields.third.kind], problem: record.problem))
    }
    return outcome
}

/// Ends the process where the two ways differ.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard unsafe count > 4 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    let format = RecordFormat.allCases[Int(input[0] & 3)]
    let switches = input[1]
    var options = DecodingOptions(mapping: .groups)
    if switches & 1 != 0 { options.limits = DecodingLimits(recordBytesMax: 1 + Int(input[2] & 63), depthMax: 4) }
    if switches & 2 != 0 { options.encoding = TextEncoding.allCases[Int(input[2]) % TextEncoding.allCases.count] }
    if switches & 4 != 0 { options.delimiter = CSVDelimiter.allCases[Int(input[2] >> 6)] }
    if switches & 8 != 0 { options.columns = ["rank", "_x", "name"] }
    if switches & 16 != 0 { options.mapping = .groups(name: "Group Title", rank: "r", active: nil) }
    if switches & 32 != 0 { options.recordsPath = format == .xml ? ["a", "b", "c"] : ["a", "b"] }
    if switches & 16 != 0, format == .json { options.keyName = input[2] & 1 == 0 ? "Group Title" : "id" }
    if switches & 64 != 0 { options.skipLines = Int(input[2] & 3) }
    let source = input[4...]
    let whole = decode(source, format, options, sizes: [65_536])
    let cut = decode(
        source, format, options, sizes: [1 + Int(input[3] & 7), 1 + Int(input[3] >> 3), 1 + Int(switches >> 6) * 21])
    guard whole == cut else { fatalError("whole: \(whole)\ncut: \(cut)") }
    if format == .xml {
        let pieceBytes = 70 + Int(input[3]) * 8
        let all = decodeXML(source, options, pieceBytes: pieceBytes, chunkBytes: 65_536, readsPlain: false)
        let plain = decodeXML(source, options, pieceBytes: pieceBytes, chunkBytes: 100, readsPlain: true)
        guard all == plain else { fatalError("libxml2: \(all)\nplain: \(plain)") }
    }
    return 0
}
