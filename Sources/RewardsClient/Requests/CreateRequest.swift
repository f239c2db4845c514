internal import NIOCore

/// Writes creates as the bytes of an HTTP request, of which all but the body and its length are the same each time.
struct CreateRequest {
    private static let headEnd = Array("\r\n\r\n".utf8)

    /// The head up to the body's length, and whatever followed it last.
    private var request: [UInt8]
    private let headCount: Int
    private var body: [UInt8] = []

    init(_ head: RequestHead) {
        request = head.bytes + "Content-Length: ".utf8
        headCount = request.count
    }

    /// Appends the request for a group.
    mutating func write(name: String, rank: Int32?, to buffer: inout ByteBuffer) {
        body.removeAll(keepingCapacity: true)
        RequestBody.appendGroup(name: name, rank: .some(rank.map(Int64.init)), to: &body)
        request.removeLast(request.count - headCount)
        JSONText.append(Int64(body.count), to: &request)
        request += Self.headEnd
        request += body
        buffer.writeBytes(request)
    }
}
