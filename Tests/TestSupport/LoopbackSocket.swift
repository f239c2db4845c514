import Foundation
import Glibc

/// Stream sockets of 127.0.0.1 that are bound to a port, and don't listen yet.
package enum LoopbackSocket {
    /// A socket bound to a port that nobody else can take until it is closed, which falls to the caller.
    package static func bound() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        var address = address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            throw POSIXError(.EADDRINUSE)
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A port of 127.0.0.1.
    static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        return address
    }

    /// The next connection to a listening socket, which falls to the caller; below 0 where there is none any more.
    package static func accepted(_ listener: Int32) -> Int32 {
        let connection = accept(listener, nil, nil)
        if connection >= 0 { _ = fcntl(connection, F_SETFD, FD_CLOEXEC) }
        return connection
    }

    /// A port that refuses every connection while `body` runs: it is taken, and nobody listens.
    package static func withRefusingPort<Value>(_ body: (Int) async throws -> Value) async throws -> Value {
        let (descriptor, port) = try bound()
        defer { close(descriptor) }
        return try await body(port)
    }
}
