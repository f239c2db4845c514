internal import FoundationEssentials
internal import Logging

/// Gives each call the header that proves who calls.
enum Authorizer: Sendable {
    /// The whole value of `Authorization`.
    case basic(Secret)
    case oauth(TokenSource)
    /// Credentials that can't be written as JSON.
    case unusable(TransportFailure)

    init(
        configuration: ClientConfiguration, transport: any Transport, clock: ClientClock, reader: AnswerReader,
        logger: Logger
    ) {
        switch configuration.credentials {
        case .basic(let till, let passwordMD5, _):
            self = .basic(Secret("Basic \(Self.pair(till, passwordMD5))"))
        case .oauth(let key, let secret):
            do throws(EncodingFailure) {
                let request = try TokenSource.request(key: key, secret: secret, configuration: configuration)
                self = .oauth(
                    TokenSource(request: request, transport: transport, clock: clock, reader: reader, logger: logger))
            } catch {
                self = .unusable(error.asUnsent)
            }
        }
    }

    /// What `Authorization: Basic` says after the scheme.
    static func pair(_ till: String, _ passwordMD5: Secret) -> String {
        Data("\(till):\(passwordMD5.reveal())".utf8).base64EncodedString()
    }
}
