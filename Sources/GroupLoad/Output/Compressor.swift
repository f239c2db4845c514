import CZlib
import CZstd

/// Compresses one output, as a gzip member or a zstd frame, at the libraries' own levels.
///
/// Memory is bounded by what is pushed at once, ``outputBytes`` and the libraries' windows.
package struct Compressor: ~Copyable {
    private static let outputBytes = 1 << 16

    private var gzip: UnsafeMutablePointer<z_stream>?
    private var zstd: OpaquePointer?

    /// - Throws: ``RunError`` with ``ExitStatus/internalError`` when memory is short.
    package init(_ compression: Compression) throws(RunError) {
        switch compression {
        case .gzip:
            // On the heap, for zlib remembers where it stands.
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            gzip = stream
            // 15 bits of window, and 16 for gzip's own framing.
            guard
                deflateInit2_(
                    stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                    CInt(MemoryLayout<z_stream>.size)) == Z_OK
            else {
                throw RunError(.outOfMemory, "zlib can't be set up", remedy: "free memory")
            }
        case .zstd:
            zstd = ZSTD_createCCtx()
            guard let zstd else { throw RunError(.outOfMemory, "zstd can't be set up", remedy: "free memory") }
            // So that a reader sees damage, as it does with gzip.
            ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1)
        }
    }

    deinit {
        if let gzip {
            deflateEnd(gzip)
            gzip.deallocate()
        }
        if let zstd { ZSTD_freeCCtx(zstd) }
    }

    /// Compresses `bytes`, and hands what comes of that to `body`, in pieces; `isLast` ends the member or frame.
    ///
    /// - Throws: what `body` throws; ``RunError`` with ``ExitStatus/internalError`` if the library fails.
    package mutating func compress(
        _ bytes: [UInt8], isLast: Bool, _ body: (ArraySlice<UInt8>) throws(RunError) -> Void
    ) throws(RunError) {
        var offset = 0
        var output = [UInt8](repeating: 0, count: Self.outputBytes)
        while true {
            let (count, isDone) = try step(bytes, &offset, into: &output, isLast: isLast)
            if count > 0 { try body(output[..<count]) }
            if isDone { return }
        }
    }

    /// One call of the library: how many bytes came, and whether nothing more will come of `bytes`.
    private mutating func step(
        _ bytes: [UInt8], _ offset: inout Int, into output: inout [UInt8], isLast: Bool
    ) throws(RunError) -> (Int, Bool) {
        var from = offset
        var count = 0
        var (isDone, isSound) = (false, true)
        bytes.withUnsafeBytes { source in
            output.withUnsafeMutableBytes { target in
                if let gzip {
                    let start = source.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    gzip.pointee.next_in = start.map { UnsafeMutablePointer(mutating: $0 + from) }
                    gzip.pointee.avail_in = UInt32(source.count - from)
                    gzip.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    gzip.pointee.avail_out = UInt32(target.count)
                    let result = deflate(gzip, isLast ? Z_FINISH : Z_NO_FLUSH)
                    isSound = [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(result)
                    from = source.count - Int(gzip.pointee.avail_in)
                    count = target.count - Int(gzip.pointee.avail_out)
                    isDone = isLast ? result == Z_STREAM_END : gzip.pointee.avail_out > 0
                } else {
                    var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: from)
                    var into = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let left = ZSTD_compressStream2(zstd, &into, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
                    isSound = ZSTD_isError(left) == 0
                    (from, count) = (input.pos, into.pos)
                    isDone = isLast ? left == 0 : input.pos == input.size
                }
            }
        }
        guard isSound else { throw RunError(.outOfMemory, "the output can't be compressed", remedy: "free memory") }
        offset = from
        return (count, isDone)
    }
}
