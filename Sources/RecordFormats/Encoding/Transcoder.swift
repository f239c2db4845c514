internal import Glibc

/// Turns text of another encoding into UTF-8, in chunks cut at any byte, through the C library's iconv.
///
/// What isn't valid becomes the byte FF, which no UTF-8 holds, so that whoever reads the text finds the record that it
/// stands in to be damaged; it never becomes another character.
@safe struct Transcoder: ~Copyable {
    private let converter: iconv_t
    private let unitBytes: Int
    /// The beginning of a character that the last chunk cut, at most three bytes.
    private var held: [UInt8] = []
    /// Room for the text of a chunk.
    private var text: [UInt8] = []

    /// - Parameter encoding: the encoding's name.
    /// - Throws: `unsupportedEncoding`, where the machine's C library lacks the encoding's table.
    init(from encoding: String) throws(DecodingFailure) {
        // Safe: what is opened here is closed once, by deinit.
        let opened = unsafe iconv_open("UTF-8", encoding)
        guard let converter = unsafe opened, Int(bitPattern: converter) != -1 else {
            throw DecodingFailure(
                code: .unsupportedEncoding, line: 1,
                message:
                    "this machine's C library can't convert from \(encoding); save the file as UTF-8, or say what "
                    + "it really is in with --encoding")
        }
        unsafe self.converter = converter
        unitBytes = encoding.hasPrefix("utf-16") ? 2 : 1
    }

    deinit { _ = unsafe iconv_close(converter) }

    /// Converts a chunk.
    /// - Parameter body: is given the text that the chunk completes, for the call only.
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
    /// - Parameter body: is given what is left, for the call only.
    mutating func finish<Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        guard !held.isEmpty else { return }
        held.removeAll()
        let damage: [UInt8] = [0xFF]
        try body(damage.span)
    }

    /// Converts what is whole of `chunk` into `text`, and holds the rest back.
    /// - Returns: the bytes of text.
    private mutating func convert(_ chunk: Span<UInt8>) -> Int {
        // No unit of an encoding of bytes or of UTF-16 takes more than four bytes of UTF-8.
        let room = chunk.count * 4
        if text.count < room { text = [UInt8](repeating: 0, count: room) }
        var consumed = 0
        var produced = 0
        while consumed < chunk.count {
            if step(chunk, &consumed, &produced) { continue }
            if errno == EINVAL || chunk.count - consumed < unitBytes {
                held.append(chunk.extracting(consumed..<chunk.count))
                break
            }
            text[produced] = 0xFF
            produced += 1
            consumed += unitBytes
        }
        return produced
    }

    /// Has iconv convert from `consumed` on until it meets what it can't.
    /// - Returns: whether it took everything; else `errno` says why.
    private mutating func step(_ chunk: Span<UInt8>, _ consumed: inout Int, _ produced: inout Int) -> Bool {
        // Safe: iconv reads and writes within the counts that it is given, and only reads its input, whose pointer
        // isn't const in C.
        unsafe chunk.withUnsafeBufferPointer { source in
            unsafe text.withUnsafeMutableBufferPointer { target in
                var from = unsafe UnsafeMutableRawPointer(mutating: source.baseAddress.map { unsafe $0 + consumed })?
                    .assumingMemoryBound(to: CChar.self)
                var into = unsafe UnsafeMutableRawPointer(target.baseAddress.map { unsafe $0 + produced })?
                    .assumingMemoryBound(to: CChar.self)
                var fromLeft = source.count - consumed
                var intoLeft = target.count - produced
                let result = unsafe iconv(converter, &from, &fromLeft, &into, &intoLeft)
                consumed = source.count - fromLeft
                produced = target.count - intoLeft
                return result != Int.max && result != -1
            }
        }
    }
}
