internal import CZlib

/// The bytes of one entry, inflated, in chunks; checked against the sizes and the CRC that the directory gives.
///
/// To its maintainers: on the heap and at one address, for zlib remembers where its state stands.
@safe final class ZipEntryReader {
    private static let chunkBytes = 1 << 16

    private let entry: ZipEntry
    private let source: RandomAccessBytes
    private let bytesMax: Int64
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var consumed = 0
    /// Where the entry's bytes go on, and where they end.
    private var offset: Int64, end: Int64
    private var bytesOut: Int64 = 0
    private var crc: UInt = 0
    private var hasEnded = false

    /// - Throws: `refusedArchive` where the entry is encrypted or its method unknown, `damagedArchive` where its local
    ///   header isn't its own, `limitExceeded` where it says that it is longer than `bytesMax`.
    init(_ entry: ZipEntry, of source: RandomAccessBytes, bytesMax: Int64) throws(DecodingFailure) {
        self.entry = entry
        self.source = source
        self.bytesMax = bytesMax
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        (offset, end) = (0, 0)
        // Raw deflate: 15 bits of window, no header. Safe: the stream is set up before anything else is asked of it.
        guard unsafe inflateInit2_(stream, -15, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw DecodingFailure(code: .outOfMemory, message: "zlib can't be set up; free memory")
        }
        guard !entry.isEncrypted else {
            throw DecodingFailure(
                code: .refusedArchive,
                message: "the archive is encrypted with a password; save the file without one")
        }
        guard entry.bytes <= bytesMax else { throw tooLong }
        let header = try source.exactly(at: entry.offset, 30)[...]
        guard header.starts(with: [0x50, 0x4B, 3, 4]) else { throw damaged("is not where the directory says") }
        offset = entry.offset + 30 + Int64(header.word(26) + header.word(28))
        end = offset + entry.compressedBytes
        guard end <= entry.end else { throw damaged("overlaps the next") }
        switch entry.method {
        case .deflate: break
        case .stored:
            guard entry.bytes == entry.compressedBytes else { throw damaged("has two lengths") }
        case .other(let number):
            throw DecodingFailure(
                code: .refusedArchive,
                message: "\(entry.name) is compressed by method \(number), which no workbook uses; save it again")
        }
    }

    deinit {
        // Safe: freed once, here.
        unsafe inflateEnd(stream)
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
    }

    /// The next bytes, at most 64 KiB; nil behind the last, once sizes and CRC are as the directory says.
    /// - Throws: `damagedArchive`, `limitExceeded`, and what reading throws.
    func next() throws(DecodingFailure) -> [UInt8]? {
        while !hasEnded {
            let chunk = entry.method == .stored ? try readStored() : try inflate()
            bytesOut += Int64(chunk.count)
            guard bytesOut <= bytesMax else { throw tooLong }
            guard bytesOut <= entry.bytes else { throw damaged("is longer than the directory says") }
            if chunk.isEmpty { continue }
            // Safe: zlib reads the chunk within the call.
            crc = unsafe chunk.withUnsafeBufferPointer { chunk in
                unsafe UInt(crc32(CUnsignedLong(crc), chunk.baseAddress, CUnsignedInt(chunk.count)))
            }
            return chunk
        }
        guard bytesOut == entry.bytes else { throw damaged("is shorter than the directory says") }
        guard UInt32(truncatingIfNeeded: crc) == entry.crc else { throw damaged("doesn't have its checksum (CRC-32)") }
        return nil
    }

    private func readStored() throws(DecodingFailure) -> [UInt8] {
        guard offset < end else {
            hasEnded = true
            return []
        }
        let chunk = try source.some(at: offset, Int(min(end - offset, Int64(Self.chunkBytes))))
        offset += Int64(chunk.count)
        return chunk
    }

    private func inflate() throws(DecodingFailure) -> [UInt8] {
        if consumed == input.count, offset < end {
            input = try source.some(at: offset, Int(min(end - offset, Int64(Self.chunkBytes))))
            consumed = 0
            offset += Int64(input.count)
        }
        var result = Z_OK
        let given = input.count - consumed
        // Safe: zlib reads `given` bytes and writes at most `chunkBytes`, within the call.
        let chunk = unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { target, count in
                unsafe stream.pointee.next_in = source.baseAddress.map { unsafe $0 + consumed }
                unsafe stream.pointee.avail_in = CUnsignedInt(given)
                unsafe stream.pointee.next_out = target.baseAddress
                unsafe stream.pointee.avail_out = CUnsignedInt(Self.chunkBytes)
                result = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                count = Self.chunkBytes - Int(unsafe stream.pointee.avail_out)
            }
        }
        consumed = input.count - Int(unsafe stream.pointee.avail_in)
        switch result {
        case Z_STREAM_END:
            hasEnded = true
            guard consumed == input.count, offset == end else { throw damaged("ends early") }
        case Z_OK: break
        case Z_BUF_ERROR:
            guard !chunk.isEmpty || offset < end else { throw damaged("is cut short") }
        default: throw damaged("can't be inflated")
        }
        return chunk
    }

    private var tooLong: DecodingFailure {
        DecodingFailure(
            code: .limitExceeded,
            message: "\(entry.name) has more than \(bytesMax) bytes, which no list has; save the list as CSV")
    }

    private func damaged(_ what: String) -> DecodingFailure { ZipArchive.damaged("\(entry.name) \(what)") }
}
