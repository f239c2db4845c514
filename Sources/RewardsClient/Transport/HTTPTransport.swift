internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1

/// `Transport` on AsyncHTTPClient: HTTP/1.1, no redirects, no decompression, no cookies, connections up to the
/// configuration's limit. AsyncHTTPClient itself never repeats a request; it would only repeat connecting, which is
/// switched off so that the caller's budget holds.
package struct HTTPTransport: Transport {
    private let client: HTTPClient
    private let answerBytesMax: Int
    /// For messages: `host[:port]`.
    private let place: String

    package init(configuration: ClientConfiguration) {
        var settings = HTTPClient.Configuration()
        settings.redirectConfiguration = .disallow
        settings.decompression = .disabled
        settings.httpVersion = .http1Only
        settings.timeout = .init(
            connect: .init(configuration.connectTimeout), read: .init(configuration.requestTimeout))
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.connectionsMax
        settings.connectionPool.retryConnectionEstablishment = false
        // Short, so that a server that closes idle connections seldom does so just as a request goes out on one.
        settings.connectionPool.idleTimeout = .seconds(15)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        answerBytesMax = configuration.answerBytesMax
        place = configuration.place
    }

    package func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportAnswer {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        outgoing.headers = HTTPHeaders(request.headers)
        let body = request.body.map(ObservedBody.init)
        if let body { outgoing.body = .bytes(body, length: .known(Int64(body.count))) }

        let start = ContinuousClock.now
        let response: HTTPClientResponse
        do {
            response = try await client.execute(outgoing, timeout: .init(request.timeout))
        } catch {
            throw failure(error, before: .head, body: body, timeout: request.timeout)
        }
        let bytes: [UInt8]
        do {
            bytes = try await collect(response, until: start + request.timeout * 2)
        } catch {
            throw failure(error, before: .end, body: body, timeout: request.timeout)
        }
        let headers = response.headers.map { ($0.name, $0.value) }
        return TransportAnswer(status: Int(response.status.code), headers: headers, body: bytes)
    }

    /// Closes every connection; to be called once, after the last call has ended.
    package func shutdown() async throws {
        try await client.shutdown()
    }

    /// AsyncHTTPClient's own deadline ends with the head, so the body has one of its own here; the read time-out bounds
    /// the wait for each of its parts.
    private func collect(_ response: HTTPClientResponse, until deadline: ContinuousClock.Instant) async throws
        -> [UInt8]
    {
        if let length = response.headers.first(name: "Content-Length").flatMap({ Int($0) }), length > answerBytesMax {
            throw AnswerTooLarge()
        }
        var bytes: [UInt8] = []
        for try await part in response.body {
            guard part.readableBytes <= answerBytesMax - bytes.count else { throw AnswerTooLarge() }
            bytes.append(contentsOf: part.readableBytesView)
            guard ContinuousClock.now < deadline else { throw HTTPClientError.deadlineExceeded }
        }
        return bytes
    }
}

/// The answer's body passes the limit.
private struct AnswerTooLarge: Error {}

extension HTTPTransport {
    /// What was awaited when the failure came.
    private enum Phase { case head, end }

    private func failure(
        _ error: any Error, before phase: Phase, body: ObservedBody?, timeout: Duration
    ) -> TransportFailure {
        var (kind, isConnecting, text) = classify(error, timeout: timeout)
        if phase == .end, kind == .other { (kind, text) = (.closed, "the answer was cut short") }
        // A body that nobody read proves that nothing was sent; for a request without one only the error can say.
        let isUnsent = phase == .head && (body.map { !$0.isRead } ?? isConnecting)
        if isUnsent, kind == .closed || kind == .other { kind = .connect }
        return TransportFailure(
            delivery: isUnsent ? .nothingSent : .unknown, kind: kind, message: "\(place): \(text)")
    }

    /// The kind of an error, whether it can only come before a request is written, and what to say. Errors of HTTP carry
    /// header values, so they are never shown as they are.
    private func classify(
        _ error: any Error, timeout: Duration
    ) -> (kind: TransportFailure.Kind, isConnecting: Bool, text: String) {
        if error is AnswerTooLarge {
            return (.answerTooLarge, false, "the answer is longer than \(answerBytesMax) bytes")
        }
        if error is CancellationError { return (.cancelled, false, "cancelled") }
        guard let error = error as? HTTPClientError else { return classifyForeign(error) }
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .socksHandshakeTimeout,
            .httpProxyHandshakeTimeout:
            return (.connect, true, "no connection in time (\(error.shortDescription)); is the target right and up?")
        case .deadlineExceeded, .readTimeout, .writeTimeout:
            return (.timeout, false, "no whole answer within \(timeout)")
        case .remoteConnectionClosed, .uncleanShutdown:
            return (.closed, false, "the connection was closed before the answer was whole")
        case .cancelled, .requestStreamCancelled:
            return (.cancelled, false, "cancelled")
        default:
            return (.other, false, error.shortDescription)
        }
    }

    private func classifyForeign(
        _ error: any Error
    ) -> (kind: TransportFailure.Kind, isConnecting: Bool, text: String) {
        if let error = error as? IOError {
            // Only connecting is ever refused; the target is an address here, for a name gives a NIOConnectionError.
            let isRefused = error.errnoCode == ECONNREFUSED
            return (
                isRefused ? .connect : .closed, isRefused,
                (isRefused ? "can't connect; is the target right and up?" : "the connection broke") + " (\(error))"
            )
        }
        // These types belong to modules that aren't ours to import, and their text holds addresses and errno only.
        switch String(reflecting: type(of: error)) {
        case "NIOPosix.NIOConnectionError":
            return (.connect, true, "can't connect (\(error)); is the target right and up?")
        case "NIOSSL.NIOSSLError", "NIOSSL.NIOSSLExtraError", "NIOSSL.BoringSSLError":
            let text = "\(error)"
            return (.connect, text.hasPrefix("handshakeFailed"), "TLS failed (\(text))")
        case let name:
            return (.other, false, "the connection failed (\(name))")
        }
    }
}

extension TimeAmount {
    /// Whole nanoseconds of a duration, at most Int64's.
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
