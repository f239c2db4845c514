internal import Glibc
internal import NIOCore
internal import NIOExtras
internal import NIOPosix
internal import NIOSSL

/// Messages for errors of the network: the cause in a sentence, and the remedy. None shows a library's own text, which
/// can hold types, source paths, or headers.
extension TransportFailure {
    /// The message for an error of a connection that is open.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as IOError: "the connection broke: \(systemText(error.errnoCode))"
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            // With TLS 1.3 a server refuses a client's missing certificate after the handshake.
            "\(error)".contains("CERTIFICATE_REQUIRED")
                ? "the connection was closed: the target asks for a client certificate, which this program has none of"
                : "the connection broke: TLS failed"
        case ChannelError.eof: "the connection was closed"
        default: "the connection failed"
        }
    }

    /// The host and port at the other end of a connection, for messages.
    struct Place {
        var host: String
        var port: Int
        var isProxy: Bool

        /// The last sentence: what to check.
        fileprivate var remedy: String {
            isProxy ? "is HTTPS_PROXY right, and the proxy up?" : "is the target right and up?"
        }
        /// What a message calls it, which begins with the target's host and port.
        fileprivate var name: String { isProxy ? "the proxy \(host):\(port)" : "the target" }
    }

    /// Whether an error of connecting has a cause that doesn't pass by waiting.
    static func isLasting(_ error: any Error) -> Bool {
        switch error {
        case let error as NIOConnectionError: error.connectionErrors.last.map { isLasting($0.error) } ?? false
        case let error as NIOSSLExtraError
        where [.failedToValidateHostname, .serverHostnameImpossibleToMatch, .invalidSNIHostname].contains(error):
            true
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: SecureFault("\(error)") != nil
        case let error as NIOHTTP1ProxyConnectHandler.Error: error == .proxyAuthenticationRequired()
        default: false
        }
    }

    /// A cause for which a TLS handshake fails, as long as neither side changes. BoringSSL gives its reasons as text
    /// alone.
    private enum SecureFault: CaseIterable {
        case untrusted, notSpoken, noVersion, clientCertificate

        private var marks: [String] {
            switch self {
            case .untrusted: ["CERTIFICATE_VERIFY_FAILED", "unableToValidateCertificate"]
            case .notSpoken:
                ["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNEXPECTED_MESSAGE", "INVALID_TLS"]
            case .noVersion: ["PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_SHARED_CIPHER", "HANDSHAKE_FAILURE"]
            case .clientCertificate: ["CERTIFICATE_REQUIRED", "BAD_CERTIFICATE"]
            }
        }

        /// The fault that an error's text says; nil for another.
        init?(_ reason: String) {
            guard let fault = Self.allCases.first(where: { $0.marks.contains { reason.contains($0) } }) else {
                return nil
            }
            self = fault
        }
    }

    /// The message for an error of connecting.
    ///
    /// - Parameters:
    ///   - certificate: the server's, where it has shown one.
    ///   - now: epoch seconds.
    static func connectText(
        of error: any Error, _ place: Place, certificate: CertificateDates?, now: Int64
    ) -> String {
        switch error {
        case ChannelError.connectTimeout: return "no connection in time; \(place.remedy)"
        case ChannelError.eof:
            return "the connection was closed within the TLS handshake; does the target speak TLS, or is it http://?"
        case let error as NIOConnectionError:
            if let cause = error.connectionErrors.last?.error {
                return connectText(of: cause, place, certificate: certificate, now: now)
            }
            return unknownName(place.host)
        case let error as IOError: return text(of: error, place)
        case is NIOHTTP1ProxyConnectHandler.Error: return proxyText(of: error)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return "the certificate is not for \(place.host); give the host name that the certificate names by --target"
        case let error as NIOSSLExtraError
        where error == .serverHostnameImpossibleToMatch || error == .invalidSNIHostname:
            return "TLS can't be asked for the host name \(place.host); check --target"
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: return secureText(of: error, certificate, now: now)
        default: return "can't connect to \(place.name); \(place.remedy)"
        }
    }

    /// The message for a host's name that has no address.
    static func unknownName(_ host: String) -> String {
        "the host name \(host) is not found; check its spelling and the network's name service"
    }

    private static func text(of error: IOError, _ place: Place) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "\(place.name) refuses connections; \(place.remedy)"
        case EHOSTUNREACH, ENETUNREACH, ENETDOWN: "there is no route to \(place.name); check the network"
        case ETIMEDOUT: "no connection in time; \(place.remedy)"
        case EMFILE, ENFILE: "too many files are open; raise ulimit -n, or lower --concurrency"
        case EACCES, EPERM: "this machine forbids the connection to \(place.name); check its firewall"
        case EADDRNOTAVAIL: "this machine has no free port for a connection to \(place.name); lower --concurrency"
        default: "can't connect to \(place.name): \(systemText(error.errnoCode)); \(place.remedy)"
        }
    }

    /// The message for an error of the proxy. NIOExtras has no codes for these errors, so they are compared.
    private static func proxyText(of error: any Error) -> String {
        typealias Failure = NIOHTTP1ProxyConnectHandler.Error
        switch error as? Failure {
        case Failure.proxyAuthenticationRequired():
            return
                "the proxy asks for credentials (HTTP 407); put them into HTTPS_PROXY: http://user:password@host:port"
        case Failure.httpProxyHandshakeTimeout():
            return "the proxy gave no connection in time; is HTTPS_PROXY right, and the target up?"
        case Failure.invalidProxyResponse(), Failure.noResult():
            return "the proxy's response is not HTTP; is HTTPS_PROXY right?"
        case Failure.remoteConnectionClosed(), Failure.channelUnexpectedlyInactive():
            return "the proxy closed the connection; is HTTPS_PROXY right, and the target up?"
        default:
            return
                "the proxy refuses to connect to the target; is HTTPS_PROXY right, and does the proxy allow the target?"
        }
    }

    /// The message for an error of TLS, which shows nothing of the library's own text.
    private static func secureText(of error: any Error, _ certificate: CertificateDates?, now: Int64) -> String {
        let reason = "\(error)"
        switch SecureFault(reason) {
        case .untrusted:
            if let certificate, certificate.until < now {
                return
                    "the target's certificate has expired; it must be renewed there, or this machine's clock is wrong"
            }
            if let certificate, certificate.from > now {
                return "the target's certificate is not valid yet; this machine's clock may be wrong"
            }
            return "the target's certificate is self-signed, or by an authority that this machine doesn't know; "
                + "if it is right, name the authority's certificate by --ca-file FILE"
        case .notSpoken:
            return "the target doesn't speak TLS on this port; give its port for https, or --target http://…"
        case .noVersion:
            return "the target and this program have no version of TLS in common; it must speak TLS 1.2 or 1.3"
        case .clientCertificate:
            return "the target asks for a client certificate, which this program has none of"
        case nil: break
        }
        if reason.contains("eof") || reason.contains("EOF") || reason.contains("syscallError") {
            return "the connection was closed within the TLS handshake; does the target speak TLS, or is it http://?"
        }
        return "the TLS handshake failed; is the target right, and does it speak TLS?"
    }

    /// The message where the target speaks TLS, and the request went out without.
    static let speaksTLS = "the target speaks TLS on this port; give --target https://…"

    /// The system's text for an error's number.
    private static func systemText(_ number: Int32) -> String {
        switch number {
        case ECONNRESET: return "the other side reset it"
        case EPIPE: return "the other side closed it"
        case ETIMEDOUT: return "the other side is silent"
        default:
            // SAFETY: strerror gives text that ends with NUL; it is copied at once.
            return unsafe strerror(number).map { unsafe String(cString: $0).lowercased() } ?? "a failure of the network"
        }
    }
}
