import HTTPTypes
import Hummingbird
import NIOCore

/// A response whose body is in memory as a whole; of the API, unless it says otherwise.
struct BufferedResponse: Sendable {
    let status: HTTPResponse.Status
    var headers: HTTPFields = [.contentType: "application/json"]
    let body: ByteBuffer

    init(_ text: JSONText, status: HTTPResponse.Status = .ok) {
        self.status = status
        body = text.buffer
    }

    /// A response that is not of the API.
    init(status: HTTPResponse.Status, contentType: String, bytes: some Sequence<UInt8>) {
        self.status = status
        headers = [.contentType: contentType]
        body = ByteBuffer(bytes: bytes)
    }
}

extension Response {
    /// A buffered response as the server sends it.
    init(_ buffered: BufferedResponse) {
        self.init(status: buffered.status, headers: buffered.headers, body: ResponseBody(byteBuffer: buffered.body))
    }
}
