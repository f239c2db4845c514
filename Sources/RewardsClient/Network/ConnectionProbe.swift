internal import NIOCore
internal import NIOPosix

/// Makes a connection to the target as every call does, sends nothing over it, and closes it.
package struct ConnectionProbe: Sendable {
    /// How far a connection came.
    package struct Finding: Sendable {
        /// How long it took until TCP was open to the target, or to its proxy; nil where that failed.
        package var opened: Duration?
        /// The address at the other end.
        package var address: String?
        /// Whether the proxy made the tunnel.
        package var isTunnelled = false
        /// What TLS agreed upon; nil where it failed, or the target has none.
        package var session: SecureSession?
        /// Why no call can be carried, in a sentence with its remedy; nil where one can.
        package var failure: String?
        /// Whether the failure doesn't pass by waiting.
        package var isLasting = false
    }

    /// The host to which TCP is opened: the target's, or the proxy's.
    package let host: String
    /// Whether the host is given by its address, so that no name is looked up.
    package let isAddress: Bool
    /// Whether the target speaks TLS.
    package let isSecure: Bool
    /// The proxy that is used; nil for none.
    package let proxy: ProxyAddress?
    private let port: Int
    private let timeout: TimeAmount
    private let loop: any EventLoop
    private let connector: NIOLoopBoundBox<Connector>

    /// - Throws: `ClientError` with `badCertificates` where the configuration's file of certificates can't be used.
    package init(_ configuration: ClientConfiguration, environment: ClientEnvironment) throws(ClientError) {
        let endpoint = configuration.endpoint
        isSecure = endpoint.isSecure
        proxy = isSecure ? configuration.proxy : nil
        (host, port) = (proxy?.host ?? endpoint.host, proxy?.port ?? endpoint.port)
        isAddress = ProxyAddress.isIPAddress(host)
        timeout = TimeAmount(configuration.connectTimeout)
        loop = MultiThreadedEventLoopGroup.singleton.next()
        connector = .makeBoxSendingValue(
            try Connector(configuration, environment: environment, loop: loop), eventLoop: loop)
    }

    /// Looks the host's name up.
    ///
    /// - Returns: an address of it; nil where it has none, or none came within the time that a connection may take.
    package func address() async throws -> String? {
        let found = loop.makePromise(of: String?.self)
        let expiry = loop.scheduleTask(in: timeout) { found.succeed(nil) }
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { [host, port] in
            try SocketAddress.makeAddressResolvingHost(host, port: port).ipAddress
        }
        .whenComplete { result in
            expiry.cancel()
            switch result {
            case .success(let address): found.succeed(address)
            case .failure: found.succeed(nil)
            }
        }
        return try await found.futureResult.get()
    }

    /// Makes a connection and closes it; it takes no longer than the configuration allows.
    package func connect() async -> Finding {
        await withCheckedContinuation { continuation in
            loop.execute {
                let begun = NIODeadline.now()
                var finding = Finding()
                var channel: (any Channel)?
                connector.value.connect(joining: { channel = $0 }) { step in
                    switch step {
                    case .opened(let address):
                        finding.opened = Duration(NIODeadline.now() - begun)
                        finding.address = address?.ipAddress
                    case .tunnelled: finding.isTunnelled = true
                    case .secured(let session): finding.session = session
                    }
                } _: { failure in
                    channel?.close(promise: nil)
                    finding.failure = failure?.text
                    finding.isLasting = failure?.isLasting ?? false
                    continuation.resume(returning: finding)
                }
            }
        }
    }

    /// What is said of a name that has no address.
    package var unknownName: String { TransportFailure.unknownName(host) }
}
