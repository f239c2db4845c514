internal import CZlib

/// A response with its body as it was before compression (RFC 9110, 8.4).
///
/// Every request asks for `identity`; gzip and deflate are read all the same, others are named.
struct DecodedAnswer {
    var answer: TransportAnswer
    /// The body in plain; empty where there is `trouble`.
    var body: [UInt8]
    /// Why the body can't be read, to be said after "HTTP 200"; nil where it can.
    var trouble: String?
}

extension TransportAnswer {
    /// - Parameter bytesMax: the longest body that is read.
    func decoded(bytesMax: Int) -> DecodedAnswer {
        let codings = headers.filter { $0.0.lowercased() == "content-encoding" }.flatMap { $0.1.split(separator: ",") }
            .map { $0.filter { !$0.isWhitespace }.lowercased() }.filter { !$0.isEmpty && $0 != "identity" }
        guard !codings.isEmpty, !body.isEmpty else { return DecodedAnswer(answer: self, body: body) }
        var body = body
        for coding in codings.reversed().prefix(4) {
            let plain: [UInt8]? =
                switch coding {
                case "gzip", "x-gzip": ZlibBody.inflated(body, windowBits: 15 + 16, bytesMax: bytesMax)
                // The zlib format; some servers send the bare one.
                case "deflate":
                    ZlibBody.inflated(body, windowBits: 15, bytesMax: bytesMax)
                        ?? ZlibBody.inflated(body, windowBits: -15, bytesMax: bytesMax)
                default: nil
                }
            guard let plain else {
                let name = String(coding.unicodeScalars.filter { $0.value > 0x20 && $0.value < 0x7F }).prefix(40)
                let isKnown = ["gzip", "x-gzip", "deflate"].contains(coding)
                return DecodedAnswer(
                    answer: self, body: [],
                    trouble: isKnown
                        ? "with a body in the encoding \(name) that can't be read or is too long"
                        : "with a body in the encoding \(name), which isn't read: no compression was asked for")
            }
            body = plain
        }
        return DecodedAnswer(answer: self, body: body)
    }
}

/// A whole body through zlib.
private enum ZlibBody {
    private static let chunkBytes = 65_536

    /// Nil where it is damaged, cut short, or longer than `bytesMax` in plain.
    static func inflated(_ body: [UInt8], windowBits: Int32, bytesMax: Int) -> [UInt8]? {
        // On the heap, for zlib remembers where it stands.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(stream) }
        var input = body
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        // The pointers that zlib is given are used within these closures alone.
        return input.withUnsafeMutableBufferPointer { input -> [UInt8]? in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(input.count)
            while true {
                let (result, count) = chunk.withUnsafeMutableBufferPointer { chunk in
                    stream.pointee.next_out = chunk.baseAddress
                    stream.pointee.avail_out = UInt32(chunk.count)
                    let result = inflate(stream, Z_NO_FLUSH)
                    return (result, chunk.count - Int(stream.pointee.avail_out))
                }
                guard output.count + count <= bytesMax else { return nil }
                output += chunk[..<count]
                if result == Z_STREAM_END { return output }
                guard result == Z_OK, count > 0 || stream.pointee.avail_in > 0 else { return nil }
            }
        }
    }
}
