import Foundation
import Glibc

/// A service manager's end of sd_notify: a datagram socket of a test's own.
package final class NotifySocket: Sendable {
    /// What `NOTIFY_SOCKET` is to be.
    package let name: String
    private let descriptor: Int32

    /// - Parameter name: its path, or `@` and a name that has none.
    package init(_ name: String) throws {
        self.name = name
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        let bound = Self.withAddress(name) { bind(descriptor, $0, $1) }
        guard descriptor >= 0, bound == 0 else { throw POSIXError(.EIO) }
    }

    deinit { Glibc.close(descriptor) }

    /// The messages that come until ``end()``.
    package func messages() async throws -> [String] {
        try await blocking { [self] in
            var (messages, chunk) = ([String](), [UInt8](repeating: 0, count: 4096))
            while true {
                let count = recv(descriptor, &chunk, chunk.count, 0)
                guard count > 0 else { throw POSIXError(.EIO) }
                let message = String(decoding: chunk[..<count], as: UTF8.self)
                if message == Self.endMark { return messages }
                messages.append(message)
            }
        }
    }

    /// Ends ``messages()``, behind all that was sent before.
    package func end() {
        let bytes = Array(Self.endMark.utf8)
        _ = Self.withAddress(name) { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
    }

    private static let endMark = "end of the test"

    private static func withAddress<Result>(
        _ name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        let bytes = name.hasPrefix("@") ? [0] + name.utf8.dropFirst() : Array(name.utf8)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
