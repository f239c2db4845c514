internal import NIOCore

/// Writes creates as the bytes of an HTTP request, of which all but the body and its length are the same each time.
struct CreateRequest {
    private static let headEnd = Array("\r\n\r\n".utf8)

    /// The head up to the body's length, and whatever followed it last.
    private var request: [UInt8]
    private let headCount: Int
    /// Where the digits of the span id stand; nil where requests belong to no trace.
    private let spanStart: Int?
    private var body: [UInt8] = []

    init(_ head: RequestHead, _ trace: RequestTrace?) {
        let line = trace?.line
        spanStart = line.map { head.bytes.count + $0.spanStart }
        request = head.bytes + (line?.bytes ?? []) + "Content-Length: ".utf8
        headCount = request.count
    }

    /// Appends the request for a group.
    ///
    /// - Parameter span: its span id; ignored without a trace.
    mutating func write(name: String, rank: Int32?, span: Int64, to buffer: inout ByteBuffer) {
        body.removeAll(keepingCapacity: true)
        RequestBody.appendGroup(name: name, rank: .some(rank.map(Int64.init)), to: &body)
        request.removeLast(request.count - headCount)
        if let spanStart { RequestTrace.put(span: span, into: &request, at: spanStart) }
        JSONText.append(Int64(body.count), to: &request)
        request += Self.headEnd
        request += body
        buffer.writeBytes(request)
    }
}
