import CZlib
import NIOCore

/// Compresses a whole body as one gzip member (RFC 1952); nil when memory is short.
func gzip(_ body: ByteBuffer) -> [UInt8]? {
    var stream = z_stream()
    // 15 bits of window, and 16 for gzip's own framing.
    let began = deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        CInt(MemoryLayout<z_stream>.size))
    guard began == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var source = Array(body.readableBytesView)
    var target = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(source.count))))
    let isWhole = source.withUnsafeMutableBufferPointer { source in
        target.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            return deflate(&stream, Z_FINISH) == Z_STREAM_END
        }
    }
    return isWhole ? Array(target.prefix(target.count - Int(stream.avail_out))) : nil
}
