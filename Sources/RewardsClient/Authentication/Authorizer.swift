internal import HTTPTypes
internal import Logging

/// Gives each call the header that proves who calls.
enum Authorizer: Sendable {
    /// The whole value of `Authorization`.
    case basic(Secret)
    case oauth(TokenSource)

    init(
        configuration: ClientConfiguration, transport: any Transport, environment: ClientEnvironment,
        reader: ResponseReader, logger: Logger
    ) {
        switch configuration.credentials {
        case .basic(let till, let passwordMD5, _):
            self = .basic(Secret("Basic \(Credentials.basicPair(till: till, passwordMD5: passwordMD5))"))
        case .oauth(let key, let secret):
            let request = TokenSource.request(key: key, secret: secret, configuration: configuration)
            self = .oauth(
                TokenSource(
                    request: request, trace: configuration.trace, transport: transport, environment: environment,
                    reader: reader, logger: logger))
        }
    }

    /// A header with its value.
    typealias Header = (name: HTTPField.Name, value: Secret)

    static func header(basic value: Secret) -> Header { (.authorization, value) }

    static func header(token: Secret) -> Header { (.oauthToken, token) }
}

extension HTTPField.Name {
    /// The API's header for OAuth tokens.
    fileprivate static let oauthToken: HTTPField.Name = {
        guard let name = HTTPField.Name("X-CAP-API-OAUTH-TOKEN") else { preconditionFailure("the name is a token") }
        return name
    }()
}
