import Crypto
import Foundation

/// The SHA-256 of files.
enum FileDigest {
    private static let chunkBytes = 1 << 20

    /// A file's, in lower-case hexadecimal; nil where it can't be opened.
    ///
    /// - Throws: what reading throws.
    static func sha256(of path: String) throws -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        var hash = SHA256()
        while let chunk = try handle.read(upToCount: chunkBytes), !chunk.isEmpty { hash.update(data: chunk) }
        try handle.close()
        return hash.finalize().hexadecimal
    }
}
