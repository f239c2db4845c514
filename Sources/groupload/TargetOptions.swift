import ArgumentParser
import Foundation
import GroupLoad
import RewardsClient

/// The flags and variables that say where requests go, and as whom.
struct TargetOptions: ParsableArguments {
    @Option(help: "The API's URL, for example https://eu.api.capillarytech.com.")
    var target: String?

    @Option(help: "The cluster in place of a URL: eu, apac, apac2, us or cn.")
    var cluster: Cluster?

    @Option(help: "The path before /group.")
    var apiPrefix = "/api_gateway/core/v1"

    @Option(help: "A header to send with every request, as \"Name: value\". May be given several times.")
    var header: [String] = []

    @Option(
        help:
            "A file of NAME=value lines with the credentials, as a shell reads them, in place of the environment; readable by its owner only."
    )
    var credentials: String?

    @Option(help: "Seconds that connecting may take, TLS included.")
    var connectTimeout = 10.0

    @Option(help: "Seconds to wait for a response to begin; twice as long for all of it.")
    var requestTimeout = 30.0

    @Option(
        help:
            "How long the target may ask to wait (429, 503), in all and without a success, before the run stops; as 90s, 15m or 2h. No single wait is longer than 1h.",
        transform: { text in
            guard let duration = WaitLength.duration(text) else { throw ValidationError("write 90s, 15m or 2h") }
            return duration
        })
    var waitMax: Duration = WaitLength.standard

    @Option(help: "A file of certificates (PEM) to trust besides the system's.")
    var caFile: String?

    @Flag(help: "Allow plain http: to other machines; the credentials then cross the network readable.")
    var allowInsecure = false

    func validate() throws {
        for (name, seconds) in [("--connect-timeout", connectTimeout), ("--request-timeout", requestTimeout)]
        where !(seconds > 0 && seconds <= 600) {
            throw ValidationError("\(name) must be above 0 and at most 600 seconds.")
        }
    }

    /// The client's configuration.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/usage`` or ``ExitStatus/configuration``.
    func clientConfiguration(connectionsMax: Int) async throws -> ClientConfiguration {
        let url: String
        switch (target, cluster) {
        case (let target?, nil): url = target
        case (nil, let cluster?): url = cluster.target
        case (nil, nil): throw RunError(.usage, "name the target with --target URL or --cluster NAME")
        case (.some, .some): throw RunError(.usage, "--target and --cluster contradict each other; give one")
        }
        do {
            return try ClientConfiguration(
                target: url, apiPrefix: apiPrefix, credentials: try readCredentials(), headers: try headers(),
                userAgent: "groupload/\(Version.text)", connectTimeout: .seconds(connectTimeout),
                requestTimeout: .seconds(requestTimeout), allowInsecure: allowInsecure, connectionsMax: connectionsMax,
                certificatesFile: caFile, environment: ProcessInfo.processInfo.environment)
        } catch let error as ClientError {
            throw RunError(.configuration, error.message)
        }
    }

    /// What carries the client's calls.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration`` where `--ca-file` can't be used.
    func transport(_ configuration: ClientConfiguration) throws(RunError) -> HTTPTransport {
        do throws(ClientError) { return try HTTPTransport(configuration: configuration) } catch {
            throw RunError(.configuration, error.message)
        }
    }

    /// The names of the headers that are given, in lower case.
    var headerNames: Set<String> {
        Set(header.compactMap { $0.split(separator: ":", omittingEmptySubsequences: false).first?.lowercased() })
    }

    private func headers() throws(RunError) -> [(String, String)] {
        var headers: [(String, String)] = []
        for line in header {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
                throw RunError(.usage, "--header \"\(line.prefix(20))\" is not \"Name: value\"")
            }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers.append((String(line[..<colon]), value))
        }
        return headers
    }

    private func readCredentials() throws -> Credentials {
        let environment = ProcessInfo.processInfo.environment
        let values =
            try credentials.map { try CredentialsFile($0, guarded: environment["CREDENTIALS_DIRECTORY"]).values }
            ?? environment
        func value(_ name: String) -> String? { values["GROUPLOAD_" + name].flatMap { $0.isEmpty ? nil : $0 } }
        switch (value("TILL"), value("KEY")) {
        case (let till?, nil): return try basic(till: till, value("PASSWORD"), value("PASSWORD_MD5"))
        case (nil, let key?):
            guard let secret = value("SECRET") else {
                throw RunError(.configuration, "GROUPLOAD_KEY is set but GROUPLOAD_SECRET is not; set both")
            }
            return .oauth(key: key, secret: Secret(secret))
        case (.some, .some):
            throw RunError(.configuration, "GROUPLOAD_TILL and GROUPLOAD_KEY are both set; unset one")
        case (nil, nil):
            throw RunError(
                .configuration,
                (credentials.map { "no credentials in \(Shown.text($0)): write NAME=value lines for " }
                    ?? "no credentials: set ") + "GROUPLOAD_TILL and GROUPLOAD_PASSWORD (or GROUPLOAD_PASSWORD_MD5), "
                    + "or GROUPLOAD_KEY and GROUPLOAD_SECRET")
        }
    }

    private func basic(till: String, _ password: String?, _ md5: String?) throws(RunError) -> Credentials {
        switch (password, md5) {
        case (let password?, nil): return .basic(till: till, password: Secret(password))
        case (nil, let md5?):
            guard md5.count == 32, md5.allSatisfy(\.isHexDigit) else {
                throw RunError(.configuration, "GROUPLOAD_PASSWORD_MD5 is not 32 hexadecimal digits")
            }
            return .basic(till: till, passwordMD5: Secret(md5.lowercased()))
        case (nil, nil):
            throw RunError(
                .configuration,
                "GROUPLOAD_TILL is set, but neither GROUPLOAD_PASSWORD nor GROUPLOAD_PASSWORD_MD5; set one")
        case (.some, .some):
            throw RunError(.configuration, "GROUPLOAD_PASSWORD and GROUPLOAD_PASSWORD_MD5 are both set; unset one")
        }
    }
}

extension Cluster: ExpressibleByArgument {}
