import Foundation

/// The service manager that started this process, systemd for one, and is told what it does: sd_notify(3), a datagram
/// for each message to the socket that `NOTIFY_SOCKET` names.
///
/// Nobody waits for it: a message that it doesn't take at once is lost.
package struct ServiceManager: Sendable {
    /// How often it wants to hear of the process, or ends it; nil where it doesn't watch.
    package let watchdog: Duration?
    /// The socket's address: a path, or a name that begins with NUL.
    private let address: [UInt8]

    /// The one that the environment names; nil for none.
    package init?(_ environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"], ["/", "@"].contains(name.first),
            name.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        address = name.first == "@" ? [0] + name.utf8.dropFirst() : Array(name.utf8)
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = isMeant && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// Says that the process is ready.
    package func tellReady() { send("READY=1") }

    /// Says that the process is alive.
    package func tellAlive() { send("WATCHDOG=1") }

    /// Says what the process does, in a line.
    package func tell(status: String) { send("STATUS=\(Shown.text(status, limit: 400))") }

    /// Says that the process will end.
    package func tellStopping() { send("STOPPING=1") }

    private func send(_ message: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        // Safe: the address is shorter than the place for it.
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: address) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
        let bytes = Array(message.utf8)
        // Safe: the call reads as many bytes of both as it is told, and keeps neither.
        _ = unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                unsafe sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), name, length)
            }
        }
    }
}
