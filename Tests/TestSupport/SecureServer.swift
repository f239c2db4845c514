import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// TLS in front of a server of 127.0.0.1, and an HTTP proxy that makes tunnels (RFC 9110, 9.3.6).
package struct SecureServer: Sendable {
    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private typealias Listener = NIOAsyncChannel<Connection, Never>

    /// The port that speaks TLS.
    package let port: Int
    /// The proxy's port.
    package let proxyPort: Int

    /// The heads of what the proxy was asked, and who may not.
    private final class Proxy: Sendable {
        let heads = Mutex<[String]>([])
    }

    private let proxy: Proxy

    /// The heads of the requests that the proxy got so far.
    package var proxyHeads: [String] { proxy.heads.withLock { $0 } }

    /// Serves while `body` runs.
    ///
    /// - Parameters:
    ///   - port: the server behind TLS.
    ///   - certificate: a PEM file, as is the next.
    ///   - refusing: the `Proxy-Authorization` that the proxy refuses.
    package static func serving<Value: Sendable>(
        _ port: Int, certificate: String, key: String, refusing: String,
        _ body: @Sendable (SecureServer) async throws -> Value
    ) async throws -> Value {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        let context = try NIOSSLContext(configuration: configuration)
        let secure = try await listener {
            try $0.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        }
        let plain = try await listener { _ in }
        let proxy = Proxy()
        let server = SecureServer(
            port: secure.channel.localAddress?.port ?? 0, proxyPort: plain.channel.localAddress?.port ?? 0,
            proxy: proxy)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await serve(secure) { connection in
                    try await connection.executeThenClose { inbound, outbound in
                        try await join(inbound.makeAsyncIterator(), outbound, to: port)
                    }
                }
            }
            group.addTask {
                try await serve(plain) { try await tunnel($0, proxy, refusing: refusing) }
            }
            let value = try await body(server)
            group.cancelAll()
            return value
        }
    }

    private static func listener(
        _ configure: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> Listener {
        try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try configure(channel)
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// Does the same for each connection. One that fails is the client's affair.
    private static func serve(
        _ listener: Listener, _ body: @escaping @Sendable (Connection) async throws -> Void
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                for try await connection in connections {
                    group.addTask {
                        do { try await body(connection) } catch { return }
                    }
                }
            }
        }
    }

    /// Reads a CONNECT, and passes on what follows.
    private static func tunnel(_ connection: Connection, _ proxy: Proxy, refusing: String) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            var head = ""
            while !head.contains("\r\n\r\n"), let piece = try await iterator.next() { head += String(buffer: piece) }
            proxy.heads.withLock { $0.append(head) }
            if head.contains(refusing) {
                try await outbound.write(ByteBuffer(string: "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"))
                return
            }
            try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"))
            let authority = head.split(separator: " ").dropFirst().first ?? ""
            let port = authority.split(separator: ":").last.flatMap { Int($0) } ?? 0
            try await join(iterator, outbound, to: port)
        }
    }

    /// Passes bytes on in both directions until both have ended.
    private static func join(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, to port: Int
    ) async throws {
        let other = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
        var inbound = inbound
        try await other.executeThenClose { otherInbound, otherOutbound in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await piece in otherInbound { try await outbound.write(piece) }
                    outbound.finish()
                }
                while let piece = try await inbound.next() { try await otherOutbound.write(piece) }
                otherOutbound.finish()
                try await group.waitForAll()
            }
        }
    }
}
