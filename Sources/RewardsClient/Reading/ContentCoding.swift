internal import CZlib
internal import HTTPTypes

/// A response with its body decompressed (RFC 9110, 8.4).
///
/// Every request accepts `identity` alone; gzip and deflate are read all the same, other codings are named.
struct DecodedResponse {
    var response: TransportResponse
    /// The decompressed body; empty where there is `trouble`.
    var body: [UInt8]
    /// Why the body can't be read, for messages after "HTTP 200"; nil where it can.
    var trouble: String?
}

extension TransportResponse {
    /// Decompresses the body.
    ///
    /// - Parameter bytesMax: the longest decompressed body.
    func decoded(bytesMax: Int) -> DecodedResponse {
        let codings = headers[values: .contentEncoding].flatMap { $0.split(separator: ",") }
            .map { $0.filter { !$0.isWhitespace }.lowercased() }.filter { !$0.isEmpty && $0 != "identity" }
        guard !codings.isEmpty, !body.isEmpty else { return DecodedResponse(response: self, body: body) }
        var body = body
        for coding in codings.reversed().prefix(4) {
            let plain: [UInt8]? =
                switch coding {
                case "gzip", "x-gzip": ZlibBody.inflated(body, windowBits: 15 + 16, bytesMax: bytesMax)
                // The zlib format; some servers send raw deflate data.
                case "deflate":
                    ZlibBody.inflated(body, windowBits: 15, bytesMax: bytesMax)
                        ?? ZlibBody.inflated(body, windowBits: -15, bytesMax: bytesMax)
                default: nil
                }
            guard let plain else {
                let name = String(coding.unicodeScalars.filter { $0.value > 0x20 && $0.value < 0x7F }).prefix(40)
                let isKnown = ["gzip", "x-gzip", "deflate"].contains(coding)
                return DecodedResponse(
                    response: self, body: [],
                    trouble: isKnown
                        ? "with a body in the encoding \(name) that can't be read or is too long"
                        : "with a body in the encoding \(name), which isn't read: the request accepts no compression")
            }
            body = plain
        }
        return DecodedResponse(response: self, body: body)
    }
}

/// Decompresses whole bodies with zlib.
private enum ZlibBody {
    private static let chunkBytes = 65_536

    /// The decompressed body; nil where it is damaged, cut short, or longer than `bytesMax` once decompressed.
    static func inflated(_ body: [UInt8], windowBits: Int32, bytesMax: Int) -> [UInt8]? {
        // zlib keeps a pointer to its stream, so the stream must not move.
        // SAFETY: the stream is initialised before its use, and deallocated once, after `inflateEnd`; `z_stream` has no
        // destructor.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        defer { unsafe stream.deallocate() }
        guard unsafe inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { unsafe inflateEnd(stream) }
        var input = body
        // SAFETY: zlib reads the input only in calls of `inflate`, all of which are made within this closure.
        return unsafe input.withUnsafeMutableBufferPointer { input -> [UInt8]? in
            unsafe stream.pointee.next_in = input.baseAddress
            unsafe stream.pointee.avail_in = UInt32(input.count)
            return unsafe inflated(stream, bytesMax: bytesMax)
        }
    }

    private static func inflated(_ stream: UnsafeMutablePointer<z_stream>, bytesMax: Int) -> [UInt8]? {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            // SAFETY: zlib writes at most `avail_out` bytes, only in this call of `inflate`; each later call sets the
            // pointer anew.
            let (result, count) = unsafe chunk.withUnsafeMutableBufferPointer { chunk in
                unsafe stream.pointee.next_out = chunk.baseAddress
                unsafe stream.pointee.avail_out = UInt32(chunk.count)
                let result = unsafe inflate(stream, Z_NO_FLUSH)
                return (result, chunk.count - Int(unsafe stream.pointee.avail_out))
            }
            guard output.count + count <= bytesMax else { return nil }
            output += chunk[..<count]
            if result == Z_STREAM_END { return output }
            let isInputLeft = unsafe stream.pointee.avail_in > 0
            guard result == Z_OK, count > 0 || isInputLeft else { return nil }
        }
    }
}
