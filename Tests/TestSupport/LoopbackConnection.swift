package import Foundation
import Glibc

/// A TCP connection to a port of 127.0.0.1, and HTTP/1.1 over it, which share no code with what is under test.
///
/// It blocks: call it inside ``blocking(_:)`` where somebody else needs the thread.
package final class LoopbackConnection: Sendable {
    /// What a read gave.
    package enum Piece: Sendable, Equatable {
        /// At least one byte.
        case bytes([UInt8])
        /// The other side has closed.
        case end
        /// Nothing came in time.
        case nothing
        /// The other side has reset the connection.
        case reset
    }

    /// A response taken apart.
    package struct Response: Sendable {
        /// The status code.
        package var status: Int
        /// The fields of its head, by their names in lower case.
        package var headers: [String: String]
        /// The body, out of its chunks.
        package var body: Data
    }

    private struct NoResponse: Error { var received: String }

    private let descriptor: Int32
    /// Its own port.
    package let port: Int
    /// The port that it is connected to.
    package let peerPort: Int

    /// Connects.
    ///
    /// - Parameter seconds: how long a read waits.
    package init(to port: Int, waiting seconds: Double = 30) throws {
        (descriptor, self.port) = try LoopbackSocket.bound()
        peerPort = port
        wait(seconds)
        var address = LoopbackSocket.address(port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            throw POSIXError(.ECONNREFUSED)
        }
    }

    deinit { close(descriptor) }

    /// Sets how long a read waits.
    package func wait(_ seconds: Double) {
        var time = timeval(tv_sec: Int(seconds), tv_usec: Int(seconds.truncatingRemainder(dividingBy: 1) * 1_000_000))
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Sends a text as it stands.
    package func send(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw POSIXError(.EPIPE) }
            bytes = bytes.dropFirst(count)
        }
    }

    /// What comes next.
    package func receive() -> Piece {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count > 0 { return .bytes(Array(chunk[..<count])) }
        if count == 0 { return .end }
        return errno == ECONNRESET ? .reset : .nothing
    }

    /// A request's text: its line without the version, and a body of JSON.
    package static func request(_ line: String, _ body: String = "", authorization: String) -> String {
        "\(line) HTTP/1.1\r\nHost: x\r\nAuthorization: \(authorization)\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Sends a request, as the sandbox's till by default, and reads the response.
    @discardableResult package func call(
        _ line: String, _ body: String = "", authorization: String = SandboxAccess.authorization
    ) throws -> Response {
        try send(Self.request(line, body, authorization: authorization))
        return try response()
    }

    /// Reads one response, whose length its head gives, or whose body comes in chunks.
    private func response() throws -> Response {
        var data = Data()
        while true {
            if let end = data.range(of: Data("\r\n\r\n".utf8)) {
                let lines = String(decoding: data[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
                let fields = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
                let headers = [String: String](
                    fields.filter { $0.count == 2 }
                        .map { ($0[0].lowercased(), $0[1].trimmingCharacters(in: .whitespaces)) }
                ) { first, _ in first }
                let rest = data[end.upperBound...]
                let body =
                    headers["transfer-encoding"] == "chunked"
                    ? Self.unchunked(rest)
                    : Int(headers["content-length"] ?? "0").flatMap { rest.count < $0 ? nil : Data(rest.prefix($0)) }
                if let body {
                    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }
                    return Response(status: status ?? 0, headers: headers, body: body)
                }
            }
            guard case .bytes(let bytes) = receive() else {
                throw NoResponse(received: String(decoding: data, as: UTF8.self))
            }
            data.append(contentsOf: bytes)
        }
    }

    /// The body that whole chunks make (RFC 9112, 7.1), or nil where the last one hasn't come.
    private static func unchunked(_ data: Data) -> Data? {
        var (body, rest) = (Data(), data)
        let lineEnd = Data("\r\n".utf8)
        while let end = rest.range(of: lineEnd) {
            guard let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16),
                rest.endIndex - end.upperBound >= size + 2
            else { return nil }
            if size == 0 { return body }
            body.append(rest[end.upperBound..<end.upperBound + size])
            rest = rest[(end.upperBound + size + 2)...]
        }
        return nil
    }
}

/// What the sandbox takes by default.
package enum SandboxAccess {
    /// The hash of its password, as `printf sandbox | md5sum` gives it.
    package static let passwordMD5 = "93bc63e0b4f48fbbff568d9fc0dc3def"
    /// The field `Authorization` of its till, `sandbox.till`.
    package static let authorization = "Basic " + Data("sandbox.till:\(passwordMD5)".utf8).base64EncodedString()
}
