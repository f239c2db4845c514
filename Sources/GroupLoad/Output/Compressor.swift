import CZlib
import CZstd

/// Compresses one output, as a gzip member or a zstd frame.
///
/// Memory is bounded by what is pushed at once, ``outputBytes`` and the libraries' windows.
@safe package struct Compressor: ~Copyable {
    private static let outputBytes = 1 << 16

    private var gzip: UnsafeMutablePointer<z_stream>?
    private var zstd: OpaquePointer?

    /// - Parameter level: of zstd; nil for the library's own, as for gzip.
    /// - Throws: ``RunError`` with ``ExitStatus/internalError`` when memory is short.
    package init(_ compression: Compression, level: CInt? = nil) throws(RunError) {
        switch compression {
        case .gzip:
            // On the heap, for zlib remembers where it stands.
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            // Safe: the stream is allocated for one, initialised at once, and freed once, by deinit.
            unsafe stream.initialize(to: z_stream())
            unsafe gzip = stream
            // 15 bits of window, and 16 for gzip's own framing.
            guard
                unsafe deflateInit2_(
                    stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                    CInt(MemoryLayout<z_stream>.size)) == Z_OK
            else {
                throw RunError(.outOfMemory, "zlib can't be set up", remedy: "free memory")
            }
        case .zstd:
            // Safe: it is freed once, by deinit.
            unsafe zstd = ZSTD_createCCtx()
            guard let zstd = unsafe zstd else {
                throw RunError(.outOfMemory, "zstd can't be set up", remedy: "free memory")
            }
            // So that a reader sees damage, as it does with gzip.
            unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1)
            if let level { unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, level) }
        }
    }

    deinit {
        if let gzip = unsafe gzip {
            unsafe deflateEnd(gzip)
            unsafe gzip.deallocate()
        }
        if let zstd = unsafe zstd { unsafe ZSTD_freeCCtx(zstd) }
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
        // Safe: both libraries read and write within the counts that they get, and only read their input, whose
        // pointer isn't const in zlib; the next call gets other addresses. `from` is at most the count.
        unsafe bytes.withUnsafeBytes { source in
            unsafe output.withUnsafeMutableBytes { target in
                if let gzip = unsafe gzip {
                    let start = unsafe source.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    unsafe gzip.pointee.next_in = start.map { unsafe UnsafeMutablePointer(mutating: $0 + from) }
                    unsafe gzip.pointee.avail_in = UInt32(source.count - from)
                    unsafe gzip.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    unsafe gzip.pointee.avail_out = UInt32(target.count)
                    let result = unsafe deflate(gzip, isLast ? Z_FINISH : Z_NO_FLUSH)
                    isSound = [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(result)
                    from = unsafe source.count - Int(gzip.pointee.avail_in)
                    count = unsafe target.count - Int(gzip.pointee.avail_out)
                    isDone = unsafe isLast ? result == Z_STREAM_END : gzip.pointee.avail_out > 0
                } else {
                    var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: from)
                    var into = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let left = unsafe ZSTD_compressStream2(zstd, &into, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
                    isSound = ZSTD_isError(left) == 0
                    (from, count) = unsafe (input.pos, into.pos)
                    isDone = unsafe isLast ? left == 0 : input.pos == input.size
                }
            }
        }
        guard isSound else { throw RunError(.outOfMemory, "the output can't be compressed", remedy: "free memory") }
        offset = from
        return (count, isDone)
    }
}
