/// Bytes that can be read at any offset, such as those of a file. The caller does the reading: nothing here opens a
/// file.
package struct RandomAccessBytes {
    /// The number of bytes.
    package let count: Int64
    private let read: (Int64, Int) throws(DecodingFailure) -> [UInt8]

    /// - Parameter read: gives the bytes from an offset on, as many as asked for or fewer; none only where there are
    ///   none. Throws `unreadable` where the system can't read.
    package init(count: Int64, read: @escaping (Int64, Int) throws(DecodingFailure) -> [UInt8]) {
        self.count = count
        self.read = read
    }

    /// The bytes of an array.
    package init(_ bytes: [UInt8]) {
        self.init(count: Int64(bytes.count)) { offset, count in
            let start = min(Int(offset), bytes.count)
            return Array(bytes[start..<min(start + count, bytes.count)])
        }
    }

    /// The bytes from `offset` on, at most `count` and at least one. Precondition: both are not negative.
    /// - Throws: `truncated` where the source ends before, and what reading throws.
    func some(at offset: Int64, _ count: Int) throws(DecodingFailure) -> [UInt8] {
        guard offset < self.count else { throw ZipArchive.cutShort }
        let bytes = try read(offset, min(count, Int(clamping: self.count - offset)))
        guard !bytes.isEmpty else { throw ZipArchive.cutShort }
        return bytes
    }

    /// The `count` bytes from `offset` on.
    /// - Throws: as ``some(at:_:)``.
    func exactly(at offset: Int64, _ count: Int) throws(DecodingFailure) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= self.count, Int64(count) <= self.count - offset else {
            throw ZipArchive.cutShort
        }
        var bytes: [UInt8] = []
        while bytes.count < count {
            bytes += try some(at: offset + Int64(bytes.count), count - bytes.count)
        }
        return bytes
    }
}
