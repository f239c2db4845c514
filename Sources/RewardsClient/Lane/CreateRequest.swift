internal import NIOCore

/// Writes creates as the bytes of an HTTP request, of which all but the body and its length are the same each time.
struct CreateRequest {
    private let head: [UInt8]
    private var body: [UInt8] = []

    init(_ head: RequestHead) { self.head = head.bytes }

    /// Appends the request for a group.
    mutating func write(name: String, rank: Int32?, to buffer: inout ByteBuffer) {
        body.removeAll(keepingCapacity: true)
        body += Self.beforeName
        Self.appendText(name, to: &body)
        body += Self.beforeRank
        if let rank { Self.append(Int(rank), to: &body) } else { body += Self.null }
        body.append(UInt8(ascii: "}"))
        buffer.writeBytes(head)
        buffer.writeString("Content-Length: ")
        var length: [UInt8] = []
        Self.append(body.count, to: &length)
        buffer.writeBytes(length)
        buffer.writeString("\r\n\r\n")
        buffer.writeBytes(body)
    }

    private static let beforeName = Array(#"{"name":""#.utf8), beforeRank = Array(#"","rank":"#.utf8)
    private static let null = Array("null".utf8), hexadecimal = Array("0123456789abcdef".utf8)

    /// The text of a JSON string (RFC 8259, 7): quotes, backslashes and control bytes are escaped.
    private static func appendText(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case ..<0x20:
                bytes += #"\u00"#.utf8
                bytes.append(hexadecimal[Int(byte >> 4)])
                bytes.append(hexadecimal[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = number.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }
}
