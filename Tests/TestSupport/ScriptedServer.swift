import Foundation
import Glibc
import Synchronization

/// A loopback server that reads whole requests and sends raw responses, one after the other (the last one again and
/// again). Blocking sockets on threads of its own: it shares nothing with the client under test.
package final class ScriptedServer: Sendable {
    /// What the server does about a request.
    package enum Step: Sendable {
        /// Sends the text as it stands, then keeps the connection.
        case send(String)
        /// Sends the pieces of a text, each by itself.
        case pieces([String])
        /// Sends the text as it stands once so many requests have come in all; closes where they don't in 20 seconds.
        case sendOnceThere(Int, String)
        /// Sends the text as it stands, then nothing more; what still comes is read.
        case sendAndHalfClose(String)
        /// Sends the text as it stands, then closes.
        case sendAndClose(String)
        /// Closes once the request was read.
        case close
        /// Never responds; the connection stays until the server stops.
        case silence
    }

    private struct State {
        var requests: [String] = []
        var connections: [Int32] = []
        var connectionsMade = 0
        /// The connection of each request, counted from 1.
        var connectionOfRequest: [Int] = []
        var isStopped = false
        /// Signalled once so many requests have come.
        var held: [(requests: Int, signal: DispatchSemaphore)] = []
        /// Resumed once no connection is open.
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Its port on 127.0.0.1.
    package let port: Int
    private let listener: Int32
    private let play: @Sendable (Int, String) -> Step
    /// Whether any bytes are a request.
    private let takesAnything: Bool
    private let state = Mutex(State())

    /// Does the steps one after the other, then the last one again and again.
    package convenience init(_ steps: [Step]) throws {
        precondition(!steps.isEmpty, "a script has at least one step")
        try self.init { number, _ in steps[min(number, steps.count) - 1] }
    }

    /// - Parameter step: what to do about a request, by its number from 1 and its bytes. Called by one thread at a
    ///   time.
    package convenience init(_ step: @escaping @Sendable (Int, String) -> Step) throws {
        try self.init(takesAnything: false, step)
    }

    /// Does this at the first bytes of every connection, whatever they are.
    package convenience init(first step: Step) throws { try self.init(takesAnything: true) { _, _ in step } }

    private init(takesAnything: Bool, _ step: @escaping @Sendable (Int, String) -> Step) throws {
        play = step
        self.takesAnything = takesAnything
        (listener, port) = try LoopbackSocket.bound()
        guard listen(listener, 64) == 0 else { throw POSIXError(.EIO) }
        Thread.detachNewThread { [self] in accepting() }
    }

    /// Its address.
    package var target: String { "http://127.0.0.1:\(port)" }
    /// The connection of each request so far, counted from 1.
    package var connectionOfRequest: [Int] { state.withLock { $0.connectionOfRequest } }
    /// Every request so far: head and body as they came.
    package var requests: [String] { state.withLock { $0.requests } }

    /// Waits until the client has closed all its connections.
    package func allClosed() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.connections.isEmpty { state.waiters.append(continuation) }
                return !state.connections.isEmpty
            }
            if !isOpen { continuation.resume() }
        }
    }

    /// Ends every connection and takes no more.
    package func stop() {
        state.withLock { state in
            // Once it has stopped, these numbers may be those of others' sockets.
            guard !state.isStopped else { return }
            state.isStopped = true
            for descriptor in state.connections + [listener] { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func accepting() {
        while true {
            let connection = LoopbackSocket.accepted(listener)
            guard connection >= 0 else { break }
            // Small pieces go at once.
            var isOn: Int32 = 1
            setsockopt(
                connection, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
            let number = state.withLock { state -> Int? in
                guard !state.isStopped else { return nil }
                state.connections.append(connection)
                state.connectionsMade += 1
                return state.connectionsMade
            }
            guard let number else {
                Glibc.close(connection)
                break
            }
            Thread.detachNewThread { [self] in serve(connection, number) }
        }
        Glibc.close(listener)
    }

    private func serve(_ connection: Int32, _ number: Int) {
        while let request = readRequest(connection) {
            let step = state.withLock { state in
                state.requests.append(request)
                state.connectionOfRequest.append(number)
                for held in state.held where held.requests <= state.requests.count { held.signal.signal() }
                return play(state.requests.count, request)
            }
            switch step {
            case .send(let text): write(text, to: connection)
            case .sendOnceThere(let requests, let text):
                if areThere(requests) { write(text, to: connection) } else { shutdown(connection, Int32(SHUT_RDWR)) }
            case .pieces(let pieces):
                for piece in pieces where !piece.isEmpty {
                    write(piece, to: connection)
                    // So that the other side may read it before the next.
                    sched_yield()
                }
            case .sendAndHalfClose(let text):
                write(text, to: connection)
                shutdown(connection, Int32(SHUT_WR))
            case .sendAndClose(let text):
                write(text, to: connection)
                shutdown(connection, Int32(SHUT_RDWR))
            case .close: shutdown(connection, Int32(SHUT_RDWR))
            case .silence: continue
            }
        }
        // The number may be reused once it is closed, so it leaves the list under the same lock.
        let waiters = state.withLock { state in
            state.connections.removeAll { $0 == connection }
            Glibc.close(connection)
            guard state.connections.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func areThere(_ requests: Int) -> Bool {
        let signal = DispatchSemaphore(value: 0)
        state.withLock { state in
            if state.requests.count >= requests { signal.signal() } else { state.held.append((requests, signal)) }
        }
        return signal.wait(timeout: .now() + 20) == .success
    }

    private func write(_ text: String, to connection: Int32) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Head and body of one request, or nil when the connection ended.
    private func readRequest(_ connection: Int32) -> String? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let end = Array("\r\n\r\n".utf8)
        while bytes.count < 1 << 20 {
            if let headEnd = bytes.firstRange(of: end) {
                let head = String(decoding: bytes[..<headEnd.lowerBound], as: UTF8.self)
                let lengths = head.split(separator: "\r\n").compactMap { line -> Int? in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
                    return Int(parts[1].trimmingCharacters(in: .whitespaces))
                }
                if bytes.count >= headEnd.upperBound + (lengths.first ?? 0) {
                    return String(decoding: bytes, as: UTF8.self)
                }
            }
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
            if takesAnything { return "" }
        }
        return nil
    }
}

/// A raw HTTP/1.1 response with a body and its length.
package func rawResponse(_ status: Int, _ body: String, headers: [String] = []) -> String {
    let lines = ["HTTP/1.1 \(status) Text", "Content-Length: \(body.utf8.count)"] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
}
