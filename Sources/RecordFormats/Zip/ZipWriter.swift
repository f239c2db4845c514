internal import CZlib

/// Writes a ZIP archive (APPNOTE 6.3.10) from front to back: entries deflated, their sizes behind them, and at the end
/// the directory. Its owner empties ``bytes`` in between.
///
/// The archive is without 64-bit sizes: at most 65,535 entries and 4 GiB, which a worksheet's rows don't reach.
@safe package final class ZipWriter {
    /// The bytes written since they were last emptied.
    package var bytes: [UInt8] = []
    private var written: Int64 = 0
    private var directory: [UInt8] = []
    private var entries = 0
    private let stream: UnsafeMutablePointer<z_stream>
    /// The entry that is being written.
    private var name: [UInt8] = []
    private var start: Int64 = 0, plainBytes: Int64 = 0, deflatedBytes: Int64 = 0
    private var crc: UInt = 0

    /// An archive without entries.
    package init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Raw deflate at the default level. Safe: the stream is set up before anything else is asked of it.
        let result = unsafe deflateInit2_(
            stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib can't be set up")
    }

    deinit {
        // Safe: freed once, here.
        unsafe deflateEnd(stream)
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
    }

    /// Begins an entry. Precondition: the one before has ended.
    package func begin(_ name: String) {
        self.name = Array(name.utf8)
        (start, plainBytes, deflatedBytes, crc) = (written, 0, 0, 0)
        var header: [UInt8] = [0x50, 0x4B, 3, 4]
        header.appendLittle(20, 2)
        appendHead(to: &header, sizes: (0, 0, 0))
        header.appendLittle(Int64(self.name.count), 2)
        header.appendLittle(0, 2)
        put(header + self.name)
    }

    /// Writes bytes of the entry that was begun.
    package func append(_ plain: [UInt8]) {
        guard !plain.isEmpty else { return }
        plainBytes += Int64(plain.count)
        // Safe: zlib reads the bytes within the call.
        crc = unsafe plain.withUnsafeBufferPointer { plain in
            unsafe UInt(crc32(CUnsignedLong(crc), plain.baseAddress, CUnsignedInt(plain.count)))
        }
        deflate(plain, Z_NO_FLUSH)
    }

    /// Ends the entry.
    package func end() {
        deflate([], Z_FINISH)
        unsafe deflateReset(stream)
        var descriptor: [UInt8] = [0x50, 0x4B, 7, 8]
        for value in [Int64(crc), deflatedBytes, plainBytes] { descriptor.appendLittle(value, 4) }
        put(descriptor)
        directory += [0x50, 0x4B, 1, 2]
        directory.appendLittle(20, 2)
        directory.appendLittle(20, 2)
        appendHead(to: &directory, sizes: (Int64(crc), deflatedBytes, plainBytes))
        directory.appendLittle(Int64(name.count), 2)
        // No extra field, no comment, the first disk, and no attributes.
        for bytes in [2, 2, 2, 2, 4] { directory.appendLittle(0, bytes) }
        directory.appendLittle(start, 4)
        directory += name
        entries += 1
    }

    /// Ends the archive.
    package func finish() {
        var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
        end.appendLittle(Int64(entries), 2)
        end.appendLittle(Int64(entries), 2)
        end.appendLittle(Int64(directory.count), 4)
        end.appendLittle(written, 4)
        end.appendLittle(0, 2)
        put(directory)
        put(end)
    }

    /// Appends what a local header and one of the directory have alike: sizes behind the entry and a name in UTF-8
    /// (bits 3 and 11), deflate, and the first instant that a DOS time can say, so that the same groups give the same
    /// bytes.
    private func appendHead(to header: inout [UInt8], sizes: (Int64, Int64, Int64)) {
        for value in [1 << 3 | 1 << 11, 8, 0, 0x21] as [Int64] { header.appendLittle(value, 2) }
        for value in [sizes.0, sizes.1, sizes.2] { header.appendLittle(value, 4) }
    }

    private func put(_ bytes: [UInt8]) {
        self.bytes += bytes
        written += Int64(bytes.count)
    }

    private func deflate(_ plain: [UInt8], _ flush: CInt) {
        var plain = plain
        var isFull = true
        unsafe stream.pointee.avail_in = CUnsignedInt(plain.count)
        // Safe: zlib reads `plain` and writes at most the buffer's bytes, within the calls.
        unsafe plain.withUnsafeMutableBufferPointer { source in
            unsafe stream.pointee.next_in = source.baseAddress
            while isFull {
                let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { target, count in
                    unsafe stream.pointee.next_out = target.baseAddress
                    unsafe stream.pointee.avail_out = CUnsignedInt(target.count)
                    let result = unsafe CZlib.deflate(stream, flush)
                    let left = unsafe Int(stream.pointee.avail_out)
                    count = target.count - left
                    isFull = flush == Z_FINISH ? result == Z_OK : left == 0
                }
                deflatedBytes += Int64(chunk.count)
                put(chunk)
            }
        }
    }
}

extension [UInt8] {
    /// Appends the `count` low bytes of a number, the lowest first.
    fileprivate mutating func appendLittle(_ number: Int64, _ count: Int) {
        for index in 0..<count { append(UInt8(truncatingIfNeeded: number >> (8 * Int64(index)))) }
    }
}
