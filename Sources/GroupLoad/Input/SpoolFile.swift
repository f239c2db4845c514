import Foundation

/// A temporary file without a name, which only this process can read; gone when it is closed.
struct SpoolFile: ~Copyable {
    /// Bytes that it may hold: more than any workbook has.
    private static let bytesMax: Int64 = 4 << 30

    private let descriptor: CInt
    private var count: Int64 = 0

    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``.
    init() throws(RunError) {
        let directory = SystemCall.temporaryDirectory
        let descriptor = SystemCall.openTemporary(in: directory)
        guard descriptor >= 0 else {
            throw RunError(
                .cannotWrite, "can't create a temporary file in \(directory): \(SystemCall.message(errno))",
                naming: .path(directory), remedy: "set TMPDIR to a directory with room")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Appends bytes.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, or ``ExitStatus/damagedInput`` above 4 GiB.
    mutating func append(_ bytes: [UInt8]) throws(RunError) {
        count += Int64(bytes.count)
        guard count <= Self.bytesMax else {
            throw RunError(
                .damagedInput, "the workbook has more than \(Self.bytesMax >> 30) GiB", remedy: "save the list as CSV")
        }
        guard SystemCall.write(bytes, to: descriptor) else {
            throw RunError(
                .cannotWrite, "can't write a temporary file: \(SystemCall.message(errno))",
                remedy: "set TMPDIR to a directory with room")
        }
    }

    /// What was written, to be read at any offset.
    func finish() -> RandomAccessFile { RandomAccessFile(descriptor: dup(descriptor)) }
}
