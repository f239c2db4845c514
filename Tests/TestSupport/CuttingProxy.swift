import Foundation
import Glibc
import Synchronization

/// A proxy before a PostgreSQL server's Unix socket that cuts a connection at a message of the client's choosing.
///
/// It listens on a free port of loopback until it goes, and has two threads for each connection.
package final class CuttingProxy: Sendable {
    /// When a connection is cut.
    package enum Moment: Sendable, CaseIterable {
        /// The message doesn't reach the server.
        case before
        /// The server has carried the message out, and the client doesn't get its response.
        case after
        /// The client loses its connection at once, and the message reaches the server much later: after the next
        /// message that holds the text of ``CuttingProxy/cut(at:_:until:)``'s `until` has been carried out.
        case late
    }

    private struct Plan {
        var text: [UInt8]
        var moment: Moment
        var until: [UInt8]
    }

    /// A message that is sent later.
    private struct Held {
        var server: Int32
        var message: [UInt8]
        var until: [UInt8]
        /// At its end when the server has closed the connection.
        var ended: Int32
    }

    private struct State {
        var plan: Plan?
        var held: Held?
        var cuts = 0
        var refusesNew = false
    }

    /// The port on 127.0.0.1 to connect to.
    package let port: Int
    private let listener: Int32
    private let serverPath: String
    private let state = Mutex(State())

    /// - Parameter serverPath: the server's Unix socket.
    package init(to serverPath: String) throws {
        self.serverPath = serverPath
        (listener, port) = try LoopbackSocket.bound()
        guard listen(listener, 64) == 0 else { throw POSIXError(.EADDRINUSE) }
        let listener = listener
        Thread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                // Once this has gone, the listener's number may be that of another socket.
                guard let self else {
                    close(client)
                    return
                }
                guard !self.state.withLock({ $0.refusesNew }), let server = self.connected() else {
                    close(client)
                    continue
                }
                self.relay(client, server)
            }
        }.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Cuts the connection of the next message that holds a text.
    package func cut(at text: String, _ moment: Moment, until: String = "") {
        state.withLock { $0.plan = Plan(text: Array(text.utf8), moment: moment, until: Array(until.utf8)) }
    }

    /// Closes each new connection at once, or doesn't any more.
    package func refusesNew(_ refuses: Bool) { state.withLock { $0.refusesNew = refuses } }

    /// How many connections were cut.
    package var cuts: Int { state.withLock { $0.cuts } }

    private func connected() -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(serverPath.utf8.prefix(MemoryLayout.size(ofValue: address.sun_path) - 1))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        if !isConnected { close(descriptor) }
        return isConnected ? descriptor : nil
    }

    /// What becomes of a connection after a message.
    private enum Step {
        case goOn, cut, swallow, release
        case hold(until: [UInt8])
    }

    private func relay(_ client: Int32, _ server: Int32) {
        // Closed by whichever thread ends last, so that no number of a descriptor is taken meanwhile.
        let shared = Shared()
        Thread { [self] in
            while let message = Self.read(client) {
                switch step(message) {
                case .goOn: Self.write(message, to: server)
                case .cut: shutdown(client, Int32(SHUT_RDWR))
                case .swallow:
                    shared.swallows.withLock { $0 = true }
                    Self.write(message, to: server)
                case .hold(let until):
                    var pipes: [Int32] = [-1, -1]
                    pipe(&pipes)
                    shared.held.withLock { $0 = pipes[1] }
                    let held = Held(server: server, message: message, until: until, ended: pipes[0])
                    state.withLock { $0.held = held }
                    shutdown(client, Int32(SHUT_RDWR))
                case .release:
                    shared.releases.withLock { $0 = true }
                    Self.write(message, to: server)
                }
            }
            if shared.held.withLock({ $0 == nil }) { shutdown(server, Int32(SHUT_RDWR)) }
            shared.end(client, server)
        }.start()
        Thread { [self] in
            while let message = Self.read(server) {
                if shared.swallows.withLock({ $0 }) { break }
                if shared.releases.withLock({
                    let was = $0; $0 = false; return was
                }) {
                    release()
                }
                Self.write(message, to: client)
            }
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
            shared.end(client, server)
        }.start()
    }

    private func step(_ message: [UInt8]) -> Step {
        state.withLock { state in
            if let held = state.held, message.firstRange(of: held.until) != nil { return .release }
            guard let plan = state.plan, message.firstRange(of: plan.text) != nil else { return .goOn }
            state.plan = nil
            state.cuts += 1
            switch plan.moment {
            case .before: return .cut
            case .after: return .swallow
            case .late: return .hold(until: plan.until)
            }
        }
    }

    /// Sends the message that was held, whose response nobody waits for, and waits until it is carried out.
    private func release() {
        guard
            let held = state.withLock({ state in
                defer { state.held = nil }; return state.held
            })
        else { return }
        Self.write(held.message, to: held.server)
        shutdown(held.server, Int32(SHUT_WR))
        var byte: UInt8 = 0
        while Glibc.read(held.ended, &byte, 1) > 0 {}
        close(held.ended)
    }

    private final class Shared: Sendable {
        let open = Mutex(2), swallows = Mutex(false), releases = Mutex(false)
        /// The other end of ``Held/ended``.
        let held = Mutex<Int32?>(nil)

        func end(_ client: Int32, _ server: Int32) {
            let isLast = open.withLock {
                $0 -= 1; return $0 == 0
            }
            guard isLast else { return }
            close(client)
            close(server)
            if let held = held.withLock({ $0 }) { close(held) }
        }
    }

    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
