internal import NIOCore

/// Writes creates as the bytes of an HTTP request, of which all but the body and its length are the same each time.
struct CreateRequest {
    private let head: [UInt8]
    private var body: [UInt8] = []

    init(_ head: RequestHead) { self.head = head.bytes }

    /// Appends the request for a group.
    mutating func write(name: String, rank: Int32?, to buffer: inout ByteBuffer) {
        body.removeAll(keepingCapacity: true)
        RequestBody.appendGroup(name: name, rank: .some(rank.map(Int64.init)), to: &body)
        buffer.writeBytes(head)
        buffer.writeString("Content-Length: ")
        var length: [UInt8] = []
        JSONText.append(Int64(body.count), to: &length)
        buffer.writeBytes(length)
        buffer.writeString("\r\n\r\n")
        buffer.writeBytes(body)
    }
}
