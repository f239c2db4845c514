/// Converts text of another encoding to UTF-8, in chunks cut at any byte.
///
/// Bytes that aren't valid become the byte FF, which no UTF-8 holds, so that the decoder finds the record around them
/// to be damaged; they never become another character.
struct Transcoder: ~Copyable {
    private let converter: TextConverter
    private let unitBytes: Int
    /// The beginning of a character that the last chunk cut, at most three bytes.
    private var held: [UInt8] = []
    /// Room for the text of a chunk.
    private var text: [UInt8] = []

    /// - Parameter encoding: the encoding's name.
    /// - Throws: `unsupportedEncoding`, where the machine's C library lacks the encoding's table.
    init(from encoding: String) throws(DecodingFailure) {
        guard let converter = TextConverter(from: encoding) else {
            throw DecodingFailure(
                code: .unsupportedEncoding, line: 1,
                message:
                    "this machine's C library can't convert from \(encoding); save the file as UTF-8, or say what "
                    + "it really is in with --encoding")
        }
        self.converter = converter
        unitBytes = encoding.hasPrefix("utf-16") ? 2 : 1
    }

    /// Converts a chunk.
    /// - Parameter body: gets the text that the chunk completes, for the call only.
    mutating func convert<Failure: Error>(
        _ chunk: Span<UInt8>, _ body: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let count: Int
        if held.isEmpty {
            count = convert(chunk)
        } else {
            var whole = held
            whole.append(chunk)
            held.removeAll(keepingCapacity: true)
            count = convert(whole.span)
        }
        if count > 0 { try body(text.span.extracting(0..<count)) }
    }

    /// Ends the text. A character that was cut is not valid.
    /// - Parameter body: gets the text that is left, for the call only.
    mutating func finish<Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        guard !held.isEmpty else { return }
        held.removeAll()
        let damage: [UInt8] = [0xFF]
        try body(damage.span)
    }

    /// Converts the whole characters of `chunk` into `text`, and holds the rest back.
    /// - Returns: the bytes of text.
    private mutating func convert(_ chunk: Span<UInt8>) -> Int {
        // No unit of UTF-16 or of most encodings of bytes takes more than four bytes of UTF-8; the room grows else.
        let room = chunk.count * 4
        if text.count < room { text = [UInt8](repeating: 0, count: room) }
        var consumed = 0
        var produced = 0
        while consumed < chunk.count {
            let stop = converter.convert(chunk, &consumed, into: &text, &produced)
            if stop == .end { continue }
            if stop == .targetFull || produced == text.count {
                text.append(contentsOf: repeatElement(0, count: text.count + 16))
                continue
            }
            if stop == .cutCharacter || chunk.count - consumed < unitBytes {
                held.append(chunk.extracting(consumed..<chunk.count))
                break
            }
            text[produced] = 0xFF
            produced += 1
            consumed += unitBytes
        }
        return produced
    }
}
