internal import NIOCore

/// Writes creates as the bytes of an HTTP request, of which all but the body and its length are the same each time.
struct CreateRequest {
    private static let headEnd = Array("\r\n\r\n".utf8)

    /// The head up to the body's length.
    private var head: [UInt8]
    /// Where the digits of the span id stand; nil where requests belong to no trace.
    private let spanStart: Int?
    private var length: [UInt8] = []
    private var body: [UInt8] = []

    init(_ head: RequestHead, _ trace: RequestTrace?) {
        let line = trace?.line
        spanStart = line.map { head.bytes.count + $0.spanStart }
        self.head = head.bytes + (line?.bytes ?? []) + "Content-Length: ".utf8
    }

    /// Appends the request for a group.
    ///
    /// - Parameter span: its span id; ignored without a trace.
    mutating func write(name: String, rank: Int32?, span: Int64, to buffer: inout ByteBuffer) {
        body.removeAll(keepingCapacity: true)
        RequestBody.appendGroup(name: name, rank: .some(rank.map(Int64.init)), to: &body)
        length.removeAll(keepingCapacity: true)
        JSONText.append(Int64(body.count), to: &length)
        length += Self.headEnd
        if let spanStart { RequestTrace.put(span: span, into: &head, at: spanStart) }
        buffer.writeBytes(head)
        buffer.writeBytes(length)
        buffer.writeBytes(body)
    }
}
