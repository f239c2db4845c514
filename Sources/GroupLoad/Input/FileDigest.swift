import Crypto
import Foundation

/// The SHA-256 of files.
enum FileDigest {
    private static let chunkBytes = 1 << 20

    /// A file's, in lower-case hexadecimal; nil where it can't be opened, or is a pipe or a device, which is left
    /// alone.
    ///
    /// - Throws: what reading throws.
    static func sha256(of path: String) throws -> String? {
        let descriptor = SystemCall.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard FileStatus(descriptor: descriptor)?.isFile == true else { return nil }
        var hash = SHA256()
        while let chunk = try handle.read(upToCount: chunkBytes), !chunk.isEmpty { hash.update(data: chunk) }
        try handle.close()
        return hash.finalize().hexadecimal
    }
}
