internal import NIOCore
internal import NIOExtras
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Makes connections: TCP, through the proxy where there is one, then TLS with full verification of the server's
/// certificate.
struct Connector {
    private(set) var loop: any EventLoop
    private let host: String
    private let port: Int
    private let timeout: TimeAmount
    private let tls: NIOSSLContext?
    private let proxy: ProxyAddress?
    private let environment: ClientEnvironment

    /// - Throws: `ClientError` with `badCertificates` where the file of certificates can't be used.
    init(
        _ configuration: ClientConfiguration, environment: ClientEnvironment, loop: any EventLoop
    ) throws(ClientError) {
        self.loop = loop
        self.environment = environment
        let (isSecure, host, port) = configuration.endpoint
        self.host = host
        self.port = port
        timeout = TimeAmount(configuration.connectTimeout)
        tls = isSecure ? try Self.tls(certificates: configuration.certificatesFile) : nil
        proxy = isSecure ? configuration.proxy : nil
    }

    /// One that makes its connections on another event loop.
    func on(_ loop: any EventLoop) -> Connector {
        var connector = self
        connector.loop = loop
        return connector
    }

    private static func tls(certificates file: String?) throws(ClientError) -> NIOSSLContext {
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.minimumTLSVersion = .tlsv12
        settings.applicationProtocols = ["http/1.1"]
        do {
            if let file {
                settings.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(file))]
            }
            return try NIOSSLContext(configuration: settings)
        } catch {
            throw ClientError(
                .badCertificates,
                file.map { "\($0) holds no certificates in PEM form; give another --ca-file" }
                    ?? "this machine's store of certificates can't be used; give --ca-file")
        }
    }

    /// The cause of a failed connection, in a sentence for a person.
    struct Failure {
        var text: String
        /// Whether it doesn't pass by waiting.
        var isLasting: Bool
    }

    /// A step of a connection that is being made.
    enum Step {
        /// TCP is open, to this address.
        case opened(SocketAddress?)
        /// The proxy has made the tunnel.
        case tunnelled
        /// TLS is agreed upon, and the server's certificate is trusted.
        case secured(SecureSession)
    }

    /// Whom a connection is made for.
    private struct Order {
        /// Puts what carries calls into the channel.
        var join: (any Channel) throws -> Void
        /// Is called at each step.
        var reached: ((Step) -> Void)?
    }

    /// Makes a connection; calls `done` with the failure, or with nil once it can carry calls.
    ///
    /// - Parameters:
    ///   - join: puts what carries calls into the channel, once that is open and secure.
    ///   - reached: is called at each step; nil for nobody.
    func connect(
        joining join: @escaping (any Channel) throws -> Void, reached: ((Step) -> Void)? = nil,
        _ done: @escaping (Failure?) -> Void
    ) {
        let order = Order(join: join, reached: reached)
        let deadline = NIODeadline.now() + timeout
        let attempt = ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: proxy?.host ?? host, port: proxy?.port ?? port)
        attempt.assumeIsolated().whenComplete { result in
            switch result {
            case .failure(let error): done(failure(error, isProxy: proxy != nil))
            case .success(let channel):
                reached?(.opened(channel.remoteAddress))
                let expiry = loop.assumeIsolated().scheduleTask(deadline: deadline) {
                    channel.close(promise: nil)
                }
                prepare(channel, order, deadline) { error, certificate in
                    expiry.cancel()
                    guard let error else { return done(nil) }
                    channel.close(promise: nil)
                    let isLate = NIODeadline.now() >= deadline
                    done(failure(isLate ? ChannelError.connectTimeout(timeout) : error, certificate))
                }
            }
        }
    }

    private func failure(
        _ error: any Error, _ certificate: CertificateDates? = nil, isProxy: Bool = false
    ) -> Failure {
        let place =
            isProxy
            ? TransportFailure.Place(host: proxy?.host ?? host, port: proxy?.port ?? port, isProxy: true)
            : TransportFailure.Place(host: host, port: port, isProxy: false)
        return Failure(
            text: TransportFailure.connectText(
                of: error, place, certificate: certificate, now: environment.epochSeconds),
            isLasting: TransportFailure.isLasting(error))
    }

    private func prepare(
        _ channel: any Channel, _ order: Order, _ deadline: NIODeadline,
        _ done: @escaping ((any Error)?, CertificateDates?) -> Void
    ) {
        guard let proxy else { return secure(channel, order, done) }
        let tunnelled = channel.eventLoop.makePromise(of: Void.self)
        let encoder = HTTPRequestEncoder()
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let tunnel = NIOHTTP1ProxyConnectHandler(
            targetHost: host, targetPort: port, headers: proxy.headers, deadline: deadline, promise: tunnelled)
        do {
            try channel.pipeline.syncOperations.addHandlers([encoder, decoder, tunnel])
        } catch {
            tunnelled.fail(error)
        }
        tunnelled.futureResult.assumeIsolated().whenComplete { result in
            if case .failure(let error) = result { return done(error, nil) }
            let pipeline = channel.pipeline.syncOperations
            let removed = pipeline.removeHandler(encoder).and(pipeline.removeHandler(decoder))
            removed.assumeIsolated().whenComplete { result in
                if case .failure(let error) = result { return done(error, nil) }
                order.reached?(.tunnelled)
                secure(channel, order, done)
            }
        }
    }

    private func secure(
        _ channel: any Channel, _ order: Order,
        _ done: @escaping ((any Error)?, CertificateDates?) -> Void
    ) {
        do {
            guard let tls else {
                try order.join(channel)
                return done(channel.isActive ? nil : ChannelError.ioOnClosedChannel, nil)
            }
            let name = ProxyAddress.isIPAddress(host) ? nil : host
            let shaken = channel.eventLoop.makePromise(of: Void.self)
            let watch = HandshakeWatch(shaken)
            try channel.pipeline.syncOperations.addHandlers([
                try NIOSSLClientHandler(context: tls, serverHostname: name), watch,
            ])
            shaken.futureResult.assumeIsolated().whenComplete { result in
                if case .failure(let error) = result { return done(error, watch.certificate) }
                do {
                    if let reached = order.reached {
                        reached(.secured(try SecureSession(channel.pipeline.syncOperations)))
                    }
                    try order.join(channel)
                    done(nil, nil)
                } catch {
                    done(error, nil)
                }
            }
        } catch {
            done(error, nil)
        }
    }
}
