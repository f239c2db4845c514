import RecordFormats

/// What a source gave in parts, cut wherever a chunk has a border: each is decoded by itself, where that can be, and
/// counts where it turns out to stand between two records.
struct DecodedParts {
    private(set) var decoded = Decoded()
    /// How many parts counted.
    private(set) var taken = 0

    init(_ bytes: [UInt8], _ format: RecordFormat, chunkBytes: Int, options: DecodingOptions) {
        var batch = RecordBatch()
        do throws(DecodingFailure) {
            let stream = try RecordStream(format: format, options: options)
            defer { decoded.note(stream) }
            stream.isInParts = true
            var decoder: PartDecoder?
            var text: [ArraySlice<UInt8>] = []
            for start in stride(from: 0, to: bytes.count, by: chunkBytes) {
                let chunk = Array(bytes[start..<min(bytes.count, start + chunkBytes)])
                text.append(chunk[...])
                var end = chunk.count
                if let border = stream.partBorder {
                    guard let last = border.last(in: chunk) else { continue }
                    end = last
                    text[text.count - 1] = chunk[..<end]
                }
                try take(text, decoder, stream, &batch)
                decoder = stream.partDecoder ?? decoder
                text = [chunk[end...]]
            }
            for piece in text { try stream.push(piece.span, into: &batch) }
            try stream.finish(into: &batch)
        } catch {
            decoded.failure = error
        }
        decoded.drain(&batch, decoded.delimiter)
    }

    private mutating func take(
        _ text: [ArraySlice<UInt8>], _ decoder: PartDecoder?, _ stream: RecordStream, _ batch: inout RecordBatch
    ) throws(DecodingFailure) {
        var part = RecordBatch()
        if let result = decoder?.decode(text, into: &part), stream.isBetweenRecords {
            taken += 1
            stream.pass(result, &part)
            return decoded.drain(&part, stream.delimiter)
        }
        for piece in text { try stream.push(piece.span, into: &batch) }
        decoded.drain(&batch, stream.delimiter)
    }
}
