internal import HTTPTypes
internal import NIOCore

/// A response in the most common form, read without a copy: HTTP/1.1, a 2xx, one Content-Length, a body that ends where
/// the bytes do.
///
/// Any other response, sound or not, is nil here, and NIOHTTP1 reads it. So this parser must never accept a response
/// that NIOHTTP1 would read otherwise (RFC 9112): it refuses a transfer coding, a second length, folded lines, blanks
/// before a colon, control bytes, and connection options other than `keep-alive` and `close`. It refuses a content
/// coding too.
package struct PlainResponse: Equatable, Sendable {
    /// 200 to 299, but neither 204 nor 205, which have no body.
    package var status: Int
    /// Where the body begins; it ends with the bytes.
    package var bodyStart: Int
    /// The place of the value of `Content-Length`.
    fileprivate var length: Range<Int>
    /// The place of the value of `Date`, if there is one.
    package var date: Range<Int>?
    /// Whether the server keeps the connection open.
    package var isKeptAlive = true

    /// The longest head that is read here.
    package static let headBytesMax = 4096

    /// Reads a response; nil where it isn't plain.
    ///
    /// - Parameter bytes: all bytes that one read brought.
    package init?(_ bytes: Span<UInt8>) {
        // Smallest: a status line and the blank one.
        guard bytes.count > 20, bytes.holds("HTTP/1.1 2", at: 0) else { return nil }
        guard let tens = Self.digit(bytes[10]), let ones = Self.digit(bytes[11]), bytes[12] == 0x20 else { return nil }
        status = 200 + tens * 10 + ones
        (bodyStart, length) = (0, 0..<0)
        guard status != 204, status != 205 else { return nil }
        let end = min(bytes.count, Self.headBytesMax)
        guard var index = Self.lineEnd(bytes, from: 13, to: end) else { return nil }
        var bodyCount: Int?
        while true {
            let start = index + 2
            guard let lineEnd = Self.lineEnd(bytes, from: start, to: end) else { return nil }
            index = lineEnd
            if lineEnd == start { break }
            guard let colon = Self.nameEnd(bytes, from: start, to: lineEnd) else { return nil }
            let value = Self.trimmed(bytes, colon + 1..<lineEnd)
            switch colon - start {
            case 4 where bytes.holdsIgnoringCase("date", at: start):
                guard date == nil else { return nil }
                date = value
            case 10 where bytes.holdsIgnoringCase("connection", at: start):
                if value.count == 5, bytes.holdsIgnoringCase("close", at: value.lowerBound) {
                    isKeptAlive = false
                } else if value.count != 10 || !bytes.holdsIgnoringCase("keep-alive", at: value.lowerBound) {
                    return nil
                }
            case 14 where bytes.holdsIgnoringCase("content-length", at: start):
                guard bodyCount == nil, let count = Self.number(bytes, value) else { return nil }
                (bodyCount, length) = (count, value)
            case 7 where bytes.holdsIgnoringCase("trailer", at: start),
                7 where bytes.holdsIgnoringCase("upgrade", at: start):
                return nil
            case 17 where bytes.holdsIgnoringCase("transfer-encoding", at: start): return nil
            case 16 where bytes.holdsIgnoringCase("content-encoding", at: start): return nil
            default: break
            }
        }
        bodyStart = index + 2
        guard let bodyCount, bodyCount == bytes.count - bodyStart else { return nil }
    }

    /// The response as NIOHTTP1 would give it, with `Date` alone of its headers: of a 2xx no other is used.
    func response(_ buffer: ByteBuffer) -> TransportResponse {
        let bytes = buffer.readableBytesView
        let start = bytes.startIndex
        func part(_ range: Range<Int>) -> ByteBufferView { bytes[start + range.lowerBound..<start + range.upperBound] }
        var headers = HTTPFields()
        if let date { headers[.date] = String(decoding: part(date), as: UTF8.self) }
        return TransportResponse(status: status, headers: headers, body: Array(part(bodyStart..<bytes.count)))
    }

    private static func digit(_ byte: UInt8) -> Int? { byte &- 0x30 < 10 ? Int(byte &- 0x30) : nil }

    /// The next CR LF; nil where another control byte than a tab comes first, or none.
    private static func lineEnd(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
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
    private static func nameEnd(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte == 0x3A { return index > start ? index : nil }
            guard byte | 0x20 &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D else { return nil }
            index += 1
        }
        return nil
    }

    /// The range without the spaces around it. Tabs stay, though the RFC allows them: NIOHTTP1 refuses them beside a
    /// length.
    private static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start] == 0x20 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        return start..<end
    }

    /// A whole number of one to nine digits.
    fileprivate static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard (1...9).contains(range.count) else { return nil }
        var number = 0
        for index in range {
            guard let digit = digit(bytes[index]) else { return nil }
            number = number * 10 + digit
        }
        return number
    }
}

/// Reads responses by the head of the last one: for as long as a second lasts, those of most servers differ in the
/// body's length alone.
package struct PlainHead {
    private var head: [UInt8] = []
    private var last: PlainResponse?

    /// Makes a reader that has seen no head.
    package init() {}

    /// What ``PlainResponse/init(_:)`` reads.
    package mutating func read(_ bytes: Span<UInt8>) -> PlainResponse? {
        if let last, isRepeated(last, bytes) { return last }
        let response = PlainResponse(bytes)
        if let response {
            last = response
            head.removeAll(keepingCapacity: true)
            for index in 0..<response.bodyStart { head.append(bytes[index]) }
        }
        return response
    }

    /// Whether bytes begin with the last head, but for the digits of a length that is theirs.
    private func isRepeated(_ last: PlainResponse, _ bytes: Span<UInt8>) -> Bool {
        let (before, behind) = (0..<last.length.lowerBound, last.length.upperBound..<head.count)
        guard bytes.count >= head.count, head.span.agrees(with: bytes, at: 0, in: before),
            head.span.agrees(with: bytes, at: behind.lowerBound, in: behind)
        else { return false }
        return PlainResponse.number(bytes, last.length) == bytes.count - head.count
    }
}
