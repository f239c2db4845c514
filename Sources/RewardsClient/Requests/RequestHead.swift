internal import HTTPTypes

/// A request's line and headers as bytes (RFC 9112). Its values were checked when the configuration was made.
struct RequestHead {
    /// All lines, without the blank one that ends them.
    private(set) var bytes: [UInt8]

    init(method: HTTPRequest.Method, path: String, host: String, headers: HTTPFields) {
        bytes = Array("\(method.rawValue) \(path) HTTP/1.1\r\nHost: \(host)\r\n".utf8)
        for field in headers { bytes += "\(field.name.rawName): \(field.value)\r\n".utf8 }
    }

    /// Adds the length of the body.
    mutating func addLength(_ count: Int) { bytes += "Content-Length: \(count)\r\n".utf8 }
}
