import Crypto
package import Foundation
package import RecordFormats

/// A file that is written whole or not at all: under a temporary name beside its own, synced, then renamed.
///
/// The temporary file is new, in the directory of the file itself, and its name is random, so that nobody else's file
/// is written to and two writers of one file don't meet. One owner. What is not finished when it goes is removed.
/// Standard output, too, can be written through one, as it comes.
package final class AtomicFile {
    private let path: String
    /// Nil for standard output.
    private let temporaryPath: String?
    private let descriptor: CInt
    private var csv = CSVEncoder()
    private var digest = SHA256()
    private var isFinished = false
    private var compressor: Compressor?

    /// Bytes gathered before they are written.
    private static let bufferBytes = 1 << 16

    /// Starts the file for `path`, which keeps the mode that it has. A device, a pipe or standard output is written as
    /// it comes. It is compressed where its suffix says so, and a new one is readable by its owner only unless `mode`
    /// has it otherwise. `-` is standard output.
    ///
    /// - Parameters:
    ///   - ignoringMask: whether a new file has `mode` though the process's umask wouldn't have it so.
    ///   - level: how hard it is compressed, as zstd's levels go; nil for the library's own.
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, here and in every method.
    package convenience init(
        _ path: String, mode: mode_t = 0o600, ignoringMask: Bool = false, level: CInt? = nil
    ) throws(RunError) {
        if path == "-" {
            self.init("standard output", nil, dup(STDOUT_FILENO))
            return
        }
        let compression = Compression(suffixOf: path)
        var (path, mode) = (path, mode)
        let status = FileStatus(path)
        if let status, !status.isFile {
            // A device or a pipe is written as it comes; to give its name to a file would take it away.
            let descriptor = SystemCall.open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.failure(path) }
            self.init(path, nil, descriptor)
        } else {
            if let status { mode = status.mode }
            // What a link leads to is written, whether it is there or not, and the link stays.
            path = SystemCall.realPath(path) ?? SystemCall.end(ofLinks: path)
            let (temporaryPath, descriptor) = try Self.openTemporary(for: path, mode)
            if status != nil || ignoringMask { fchmod(descriptor, mode) }
            self.init(path, temporaryPath, descriptor)
        }
        if let compression { compressor = try Compressor(compression, level: level) }
    }

    /// Standard output, which is written as it comes. Where its reader has gone away, writing throws
    /// ``ExitStatus/done`` with no message.
    static func standardOutput() -> AtomicFile { AtomicFile("standard output", nil, dup(STDOUT_FILENO)) }

    /// No file at all, for the digest alone.
    package static func nowhere() -> AtomicFile {
        AtomicFile("/dev/null", nil, SystemCall.open("/dev/null", O_WRONLY | O_CLOEXEC))
    }

    private init(_ path: String, _ temporaryPath: String?, _ descriptor: CInt) {
        self.path = path
        self.temporaryPath = temporaryPath
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
        if !isFinished, let temporaryPath { SystemCall.unlink(temporaryPath) }
    }

    /// Whether nothing of what is written counts before ``finish(isSynced:)``.
    package var isProvisional: Bool { temporaryPath != nil }

    /// Lets `body` append rows, or bytes, to what is written next.
    package func append(_ body: (inout CSVEncoder) throws -> Void) throws {
        try body(&csv)
        if csv.bytes.count >= Self.bufferBytes { try write() }
    }

    /// Writes the rest, syncs, and gives the file its name.
    ///
    /// - Parameter isSynced: false for a file that need not outlast the machine.
    /// - Returns: the SHA-256 of the whole, in lower-case hexadecimal.
    package func finish(isSynced: Bool = true) throws(RunError) -> String {
        try end(isSynced: isSynced)
        if let temporaryPath, !SystemCall.rename(temporaryPath, to: path) { throw Self.failure(path) }
        isFinished = true
        return digest.finalize().hexadecimal
    }

    /// Writes the rest and syncs, and leaves it to the caller whether the file gets its name.
    func seal() throws(RunError) -> SealedFile {
        try end(isSynced: true)
        isFinished = true
        return SealedFile(path, temporaryPath)
    }

    private func end(isSynced: Bool) throws(RunError) {
        try write(isLast: true)
        guard temporaryPath == nil || !isSynced || fsync(descriptor) == 0 || errno == EINVAL else {
            throw Self.failure(path)
        }
    }

    private func write(isLast: Bool = false) throws(RunError) {
        if compressor == nil {
            try write(csv.bytes[...])
        } else {
            try compressor?.compress(csv.bytes, isLast: isLast) { bytes throws(RunError) in try write(bytes) }
        }
        csv.bytes.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: ArraySlice<UInt8>) throws(RunError) {
        digest.update(data: bytes)
        var offset = 0
        while offset < bytes.count {
            // Safe: `offset` is below the count, and the system reads what lies between the two.
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Foundation.write(descriptor, bytes.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EPIPE, temporaryPath == nil {
                throw RunError(.outputClosed, "the output was closed")
            }
            guard count >= 0 else { throw Self.failure(path) }
            offset += count
        }
    }

    /// Temporary names that are tried before giving up, and how much of the file's own name they have in them.
    private static let namesMax = 16, nameBytesMax = 200

    /// Makes a new file beside `path`, named `.NAME.<16 hexadecimal digits>.part`: never one that is there, nor what a
    /// link leads to.
    private static func openTemporary(
        for path: String, _ mode: mode_t
    ) throws(RunError) -> (path: String, descriptor: CInt) {
        let bytes = Array(path.utf8)
        let nameStart = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        let directory = String(decoding: bytes[..<nameStart], as: UTF8.self)
        let name = String(decoding: bytes[nameStart...].prefix(nameBytesMax), as: UTF8.self)
        for _ in 0..<namesMax {
            let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
            let random = String(repeating: "0", count: 16 - digits.count) + digits
            let temporaryPath = "\(directory).\(name).\(random).part"
            let descriptor = SystemCall.open(
                temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode: mode)
            if descriptor >= 0 { return (temporaryPath, descriptor) }
            if errno != EEXIST { break }
        }
        throw failure(path)
    }

    /// Why a file can't be written, by `errno`.
    static func failure(_ path: String) -> RunError {
        let code = errno
        return RunError(
            [ENOSPC, EDQUOT].contains(code) ? .diskFull : .cannotWrite,
            "can't write \(path): \(SystemCall.message(code))", naming: .path(path),
            remedy: "free space or name another place")
    }
}
