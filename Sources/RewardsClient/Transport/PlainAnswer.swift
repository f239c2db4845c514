internal import NIOCore

/// An answer of the commonest form, read without a copy: HTTP/1.1, a 2xx, one Content-Length, a body that ends where
/// the bytes do.
///
/// Whatever isn't exactly so, sound or not, is nil here, and NIOHTTP1 reads it. So this parser need only never take for
/// plain what NIOHTTP1 would read otherwise (RFC 9112): it refuses a transfer coding, a second length, folded lines,
/// blanks before a colon, control bytes, and connection options other than `keep-alive` and `close`. A content coding
/// isn't plain either.
package struct PlainAnswer: Equatable, Sendable {
    /// 200 to 299, but neither 204 nor 205, which have no body.
    package var status: Int
    /// Where the body begins; it ends with the bytes.
    package var bodyStart: Int
    /// Where the value of `Date` stands, if there is one.
    package var date: Range<Int>?
    /// Whether the server keeps the connection open.
    package var isKeptAlive = true

    /// The longest head that is read here.
    package static let headBytesMax = 4096

    /// - Parameter bytes: all that came in one read.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        // Smallest: a status line and the blank one.
        guard bytes.count > 20, bytes.starts(with: "HTTP/1.1 2".utf8) else { return nil }
        guard let tens = Self.digit(bytes[10]), let ones = Self.digit(bytes[11]), bytes[12] == 0x20 else { return nil }
        status = 200 + tens * 10 + ones
        bodyStart = 0
        guard status != 204, status != 205 else { return nil }
        let end = min(bytes.count, Self.headBytesMax)
        guard var index = Self.lineEnd(bytes, from: 13, to: end) else { return nil }
        var length: Int?
        while true {
            let start = index + 2
            guard let lineEnd = Self.lineEnd(bytes, from: start, to: end) else { return nil }
            index = lineEnd
            if lineEnd == start { break }
            guard let colon = Self.nameEnd(bytes, from: start, to: lineEnd) else { return nil }
            let value = Self.trimmed(bytes, colon + 1..<lineEnd)
            switch colon - start {
            case 4 where Self.isName(bytes, start, "date"):
                guard date == nil else { return nil }
                date = value
            case 10 where Self.isName(bytes, start, "connection"):
                if value.count == 5, Self.isName(bytes, value.lowerBound, "close") {
                    isKeptAlive = false
                } else if value.count != 10 || !Self.isName(bytes, value.lowerBound, "keep-alive") {
                    return nil
                }
            case 14 where Self.isName(bytes, start, "content-length"):
                guard length == nil, let read = Self.number(bytes, value) else { return nil }
                length = read
            case 7 where Self.isName(bytes, start, "trailer"), 7 where Self.isName(bytes, start, "upgrade"): return nil
            case 17 where Self.isName(bytes, start, "transfer-encoding"): return nil
            case 16 where Self.isName(bytes, start, "content-encoding"): return nil
            default: break
            }
        }
        bodyStart = index + 2
        guard let length, length == bytes.count - bodyStart else { return nil }
    }

    /// The same answer as one that NIOHTTP1 has read, with the one header that a 2xx is asked for.
    func answer(_ buffer: ByteBuffer) -> TransportAnswer {
        buffer.withUnsafeReadableBytes { bytes in
            let date = date.map { [("Date", String(decoding: bytes[$0], as: UTF8.self))] } ?? []
            return TransportAnswer(status: status, headers: date, body: Array(bytes[bodyStart...]))
        }
    }

    private static func digit(_ byte: UInt8) -> Int? { byte &- 0x30 < 10 ? Int(byte &- 0x30) : nil }

    /// The next CR LF; nil where another control byte than a tab comes first, or none.
    private static func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte < 0x20, byte != 0x09 {
                return byte == 0x0D && index + 1 < end && bytes[index + 1] == 0x0A ? index : nil
            }
            if byte == 0x7F { return nil }
            index += 1
        }
        return nil
    }

    /// The colon after a header's name; nil where the name is empty or not of letters, digits and hyphens alone.
    private static func nameEnd(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte == 0x3A { return index > start ? index : nil }
            guard byte | 0x20 &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D else { return nil }
            index += 1
        }
        return nil
    }

    /// Without the spaces around it. Tabs, which are as good by the RFC, stay: NIOHTTP1 refuses them beside a length.
    private static func trimmed(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start] == 0x20 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        return start..<end
    }

    /// Whether the bytes at `start` are `name`, but for the case of letters. The caller has seen that there are enough.
    private static func isName(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ name: StaticString) -> Bool {
        for offset in 0..<name.utf8CodeUnitCount where bytes[start + offset] | 0x20 != name.utf8Start[offset] | 0x20 {
            return false
        }
        return true
    }

    /// A whole number of one to nine digits.
    private static func number(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard (1...9).contains(range.count) else { return nil }
        var number = 0
        for index in range {
            guard let digit = digit(bytes[index]) else { return nil }
            number = number * 10 + digit
        }
        return number
    }
}
