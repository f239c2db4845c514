import Crypto
import Foundation

/// The SHA-256 of files.
enum FileDigest {
    private static let chunkBytes = 1 << 20

    /// That of what a file holds which this program compressed with zstd; nil where it can't be opened, is damaged, or
    /// is no plain file.
    ///
    /// - Throws: what reading throws.
    static func sha256(inside path: String) throws -> String? {
        guard FileStatus(path)?.isFile == true else { return nil }
        let descriptor = SystemCall.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var hash = SHA256()
        var decompressor = try Decompressor(.zstd, isOwn: true)
        do throws(RunError) {
            while let chunk = try Self.next(handle) {
                decompressor.push(chunk)
                while case let plain = try decompressor.pull(), !plain.isEmpty { hash.update(data: plain) }
            }
            try decompressor.finish()
        } catch {
            return nil
        }
        return hash.finalize().hexadecimal
    }

    /// The next bytes of a file; nil at its end.
    private static func next(_ handle: FileHandle) throws(RunError) -> [UInt8]? {
        do {
            let chunk = try handle.read(upToCount: 1 << 16) ?? Data()
            return chunk.isEmpty ? nil : Array(chunk)
        } catch {
            throw RunError(.damagedInput, "reading failed: \(error.localizedDescription)")
        }
    }

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
