import CZlib
import CZstd

/// Undoes the compression of one input, in chunks cut at any byte: any number of gzip members or of zstd frames.
///
/// Push a chunk, then pull until nothing more comes; memory is bounded by the chunk, ``outputBytes`` and, for zstd, the
/// 128 MiB that the library allows a frame's window.
@safe package struct Decompressor: ~Copyable {
    /// Bytes handed out at once, at most.
    private static let outputBytes = 1 << 16
    /// An input that expands so many times, once it has given so many bytes, is taken for a bomb: distinct names can't
    /// be so much alike.
    private static let ratioMax: Int64 = 500, bombBytesMin: Int64 = 64 << 20

    private let compression: Compression
    private var gzip: UnsafeMutablePointer<z_stream>?
    private var zstd: OpaquePointer?
    private var input: [UInt8] = []
    private var offset = 0
    private var isMemberOpen = false
    /// What was met behind the bytes that are handed out first.
    private var damage: RunError?
    private var bytesIn: Int64 = 0
    private var bytesOut: Int64 = 0
    private let isOwn: Bool

    /// - Parameter isOwn: whether this program compressed it, so that it is no bomb.
    /// - Throws: ``RunError`` with ``ExitStatus/internalError`` when memory is short.
    package init(_ compression: Compression, isOwn: Bool = false) throws(RunError) {
        self.compression = compression
        self.isOwn = isOwn
        switch compression {
        case .gzip:
            // On the heap, for zlib remembers where it stands.
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            // Safe: the stream is allocated for one, initialised at once, and freed once, by deinit.
            unsafe stream.initialize(to: z_stream())
            unsafe gzip = stream
            // 15 bits of window, and 16 for gzip's own framing only.
            guard unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
                throw RunError(.outOfMemory, "zlib can't be set up", remedy: "free memory")
            }
        case .zstd:
            // Safe: it is freed once, by deinit.
            unsafe zstd = ZSTD_createDCtx()
            guard unsafe zstd != nil else {
                throw RunError(.outOfMemory, "zstd can't be set up", remedy: "free memory")
            }
        }
    }

    deinit {
        if let gzip = unsafe gzip {
            unsafe inflateEnd(gzip)
            unsafe gzip.deallocate()
        }
        if let zstd = unsafe zstd { unsafe ZSTD_freeDCtx(zstd) }
    }

    /// Takes a chunk. What came before must have been pulled.
    package mutating func push(_ chunk: [UInt8]) {
        precondition(offset == input.count, "what was pushed before has not been pulled")
        input = chunk
        offset = 0
        bytesIn += Int64(chunk.count)
    }

    /// The next bytes of what has been pushed; empty when there are no more.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput``; it has no place.
    package mutating func pull() throws(RunError) -> [UInt8] {
        while true {
            if let damage { throw damage }
            if !isMemberOpen {
                // Tapes and some writers fill up with zeros behind a member.
                while offset < input.count, input[offset] == 0 { offset += 1 }
                if offset == input.count { return [] }
                isMemberOpen = true
                if let gzip = unsafe gzip { unsafe inflateReset(gzip) }
            }
            let before = offset
            var output = [UInt8](repeating: 0, count: Self.outputBytes)
            let count = try compression == .gzip ? inflate(into: &output) : decompressFrame(into: &output)
            guard count > 0 else {
                if damage != nil { continue }
                if offset == input.count || offset == before { return [] }
                continue
            }
            bytesOut += Int64(count)
            if !isOwn, bytesOut > Self.bombBytesMin, bytesOut / Self.ratioMax > bytesIn {
                throw RunError(
                    .damagedInput,
                    "the \(compression.rawValue) data expands more than \(Self.ratioMax) times, which no list does",
                    remedy: "if it is a list, decompress it first")
            }
            output.removeSubrange(count...)
            return output
        }
    }

    /// Ends the input.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput`` where it was cut.
    package func finish() throws(RunError) {
        guard isMemberOpen else { return }
        throw RunError(
            .damagedInput,
            "the \(compression.rawValue) data is cut short after \(Shown.count(bytesIn, "byte"))",
            remedy: "fetch or compress the file again")
    }

    private mutating func inflate(into output: inout [UInt8]) throws(RunError) -> Int {
        guard let gzip = unsafe gzip else { return 0 }
        // Safe: zlib reads and writes within the counts that it gets; the next call gets other addresses.
        let result = unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe gzip.pointee.next_in = source.baseAddress.map { unsafe $0 + offset }
                unsafe gzip.pointee.avail_in = UInt32(source.count - offset)
                unsafe gzip.pointee.next_out = target.baseAddress
                unsafe gzip.pointee.avail_out = UInt32(target.count)
                let result = unsafe CZlib.inflate(gzip, Z_NO_FLUSH)
                offset = unsafe source.count - Int(gzip.pointee.avail_in)
                return result
            }
        }
        switch result {
        case Z_STREAM_END: isMemberOpen = false
        case Z_OK, Z_BUF_ERROR: break
        default:
            // Safe: zlib's message is a constant that ends with NUL.
            damage = unsafe damaged(gzip.pointee.msg.map { unsafe String(cString: $0) } ?? "error \(result)")
        }
        return unsafe output.count - Int(gzip.pointee.avail_out)
    }

    private mutating func decompressFrame(into output: inout [UInt8]) throws(RunError) -> Int {
        var written = 0
        // Safe: the library reads and writes within the sizes that it gets; `zstd` is set where frames are read.
        let result = unsafe input.withUnsafeBytes { source in
            unsafe output.withUnsafeMutableBytes { target in
                var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: offset)
                var into = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                let result = unsafe ZSTD_decompressStream(zstd, &into, &from)
                (offset, written) = unsafe (from.pos, into.pos)
                return result
            }
        }
        if ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge {
            throw RunError(
                .damagedInput, "the zstd data needs more than 128 MiB of memory",
                remedy: "decompress it first, with zstd -d --long=31")
        }
        // Safe: the library's names of errors are constants that end with NUL.
        if ZSTD_isError(result) != 0 { throw unsafe damaged(String(cString: ZSTD_getErrorName(result))) }
        if result == 0 { isMemberOpen = false }
        return written
    }

    private func damaged(_ what: String) -> RunError {
        RunError(
            .damagedInput,
            "the \(compression.rawValue) data is damaged near byte \(bytesIn - Int64(input.count - offset)) (\(what))",
            remedy: "fetch or compress the file again")
    }
}
