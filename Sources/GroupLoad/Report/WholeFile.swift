import Crypto
import Foundation
import RecordFormats

/// A file that is written whole or not at all: under a temporary name beside its own, synced, then renamed.
///
/// One owner. What is not finished when it goes is removed.
final class WholeFile {
    private let path: String
    private let temporaryPath: String
    private let descriptor: CInt
    private var csv = CSVEncoder()
    private var digest = SHA256()
    private var isFinished = false

    /// Bytes gathered before they are written.
    private static let bufferBytes = 1 << 16

    /// Starts the file for `path`, readable by its owner only.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, here and in every method.
    init(_ path: String) throws(RunError) {
        self.path = path
        temporaryPath = path + ".part"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(temporaryPath) }
    }

    /// Lets `body` append rows, or bytes, to what is written next.
    func append(_ body: (inout CSVEncoder) throws -> Void) throws {
        try body(&csv)
        if csv.bytes.count >= Self.bufferBytes { try write() }
    }

    /// Writes the rest, syncs, and gives the file its name.
    ///
    /// - Returns: the SHA-256 of the whole, in lower-case hexadecimal.
    func finish() throws(RunError) -> String {
        try write()
        guard fsync(descriptor) == 0 || errno == EINVAL, rename(temporaryPath, path) == 0 else {
            throw Self.failure(path)
        }
        isFinished = true
        return digest.finalize().hexadecimal
    }

    private func write() throws(RunError) {
        digest.update(data: csv.bytes)
        var offset = 0
        while offset < csv.bytes.count {
            let count = csv.bytes.withUnsafeBytes { bytes in
                Foundation.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(path) }
            offset += count
        }
        csv.bytes.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String) -> RunError {
        RunError(
            .cannotWrite, "can't write \(path): \(String(cString: strerror(errno))); free space or name another place")
    }
}
