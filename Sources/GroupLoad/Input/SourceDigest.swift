import Crypto
import Synchronization

/// The SHA-256 of a source's bytes, worked out by whichever task has the time for it: the one that reads adds chunks,
/// and either brings the hash up to date.
final class SourceDigest: Sendable {
    /// Chunks that may wait to be hashed.
    private static let waitingMax = 8

    private let waiting = Mutex<[[UInt8]]>([])
    /// Held while chunks are taken and hashed, so that they are in their order.
    private let hash = Mutex(SHA256())

    /// Adds what has been read. Where too much waits already, it is hashed first.
    func add(_ chunk: [UInt8]) {
        let count = waiting.withLock { waiting in
            waiting.append(chunk)
            return waiting.count
        }
        if count >= Self.waitingMax { catchUp() }
    }

    /// Hashes what waits for it.
    func catchUp() {
        hash.withLock { hash in
            for chunk in waiting.withLock({ waiting in take(&waiting) }) { hash.update(data: chunk) }
        }
    }

    /// The hash of all that was added, in lower-case hexadecimal.
    func hexadecimal() -> String {
        catchUp()
        return hash.withLock { $0.finalize().hexadecimal }
    }

    private func take(_ chunks: inout [[UInt8]]) -> [[UInt8]] {
        defer { chunks = [] }
        return chunks
    }
}

extension SHA256.Digest {
    /// The digest in lower-case hexadecimal.
    var hexadecimal: String {
        var text = ""
        for byte in self { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return text
    }
}
