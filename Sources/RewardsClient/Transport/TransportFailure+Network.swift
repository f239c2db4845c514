internal import Glibc
internal import NIOCore
internal import NIOExtras
internal import NIOPosix
internal import NIOSSL

extension TransportFailure {
    /// What to say of an error of a connection that is open. Errors of HTTP may carry headers, so that their text isn't shown.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as IOError: "the connection broke (\(error))"
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: "TLS failed (\(error))"
        default: "the connection failed (\(String(reflecting: type(of: error))))"
        }
    }

    /// What to say of an error of connecting.
    static func connectText(of error: any Error) -> String {
        switch error {
        case ChannelError.connectTimeout: "no connection in time; is the target right and up?"
        case ChannelError.eof: "TLS failed (the connection was closed within the handshake); is the target right?"
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            "can't connect; is the target right and up? (\(error))"
        case is NIOConnectionError: "can't connect (\(error)); is the target right and up?"
        case is NIOHTTP1ProxyConnectHandler.Error:
            "the proxy makes no connection (\(error)); is HTTPS_PROXY right, and the target up?"
        default: text(of: error)
        }
    }
}
