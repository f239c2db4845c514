import Foundation
import GroupLoad
import RewardsClient

/// What requests need and a run doesn't keep, for it may be secret: headers and credentials.
struct ClientAccess: Sendable {
    /// Headers, as `Name: value`.
    var header: [String]
    /// A file with the credentials; nil for the environment.
    var credentials: String?
    /// Where they come from, as far as files give them.
    var settings = Settings()

    /// The configuration of a client.
    ///
    /// - Parameter known: the credentials, where they have been read; else they are read.
    /// - Throws: ``RunError`` with ``ExitStatus/usage`` or ``ExitStatus/configuration``.
    func clientConfiguration(
        _ target: RunConfiguration.Target, connectionsMax: Int, as known: Credentials? = nil
    ) throws -> ClientConfiguration {
        try settings.requireFit(target.url)
        do {
            return try ClientConfiguration(
                target: target.url, apiPrefix: target.apiPrefix, credentials: try known ?? readCredentials(),
                headers: try headers(), userAgent: "groupload/\(Version.text)",
                connectTimeout: .seconds(target.connectSeconds), requestTimeout: .seconds(target.requestSeconds),
                allowInsecure: target.allowsInsecure, connectionsMax: connectionsMax,
                certificatesFile: try target.certificatesFile.map(Self.certificates), trace: Watching.trace,
                environment: SystemCall.environment)
        } catch let error as ClientError {
            throw RunError(.configuration, error.message)
        }
    }

    /// The file of `--ca-file` as a library takes its path.
    private static func certificates(_ path: String) throws(RunError) -> String {
        guard SystemCall.mayRead(path) else {
            throw RunError(
                .configuration, "can't read the certificates in \(path): \(SystemCall.message(errno))",
                naming: .path(path), remedy: "check --ca-file")
        }
        return PathText.plain(path)
    }

    /// The configuration of a client for a run; as many connections as the system lets the process open.
    ///
    /// - Throws: as ``clientConfiguration(_:connectionsMax:as:)``.
    func clientConfiguration(of run: RunConfiguration) throws -> ClientConfiguration {
        try clientConfiguration(
            run.target, connectionsMax: OpenFiles.connections(run.concurrency, note: Console.noteLine))
    }

    /// The names of the headers, in lower case.
    var headerNames: Set<String> {
        Set(header.compactMap { $0.split(separator: ":", omittingEmptySubsequences: false).first?.lowercased() })
    }

    /// Makes sure that all headers are given that a run or a plan was made with.
    ///
    /// - Parameter what: what was made with them, as the message begins.
    /// - Throws: ``RunError`` with ``ExitStatus/usage``.
    func requireHeaders(of configuration: RunConfiguration, _ what: String) throws(RunError) {
        let missing = Set(configuration.target.headers).subtracting(headerNames)
        guard missing.isEmpty else {
            throw RunError(
                .usage, "\(what) with --header for \(missing.sorted().joined(separator: ", "))",
                remedy: "give it again")
        }
    }

    private func headers() throws(RunError) -> [(String, String)] {
        try header.map { line throws(RunError) in
            guard let field = Self.field(line) else {
                throw RunError(.usage, "--header \"\(line.prefix(20))\" is not \"Name: value\"")
            }
            return field
        }
    }

    /// The name and the value of a header; nil where it isn't `Name: value`.
    static func field(_ line: String) -> (name: String, value: String)? {
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { return nil }
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        return (String(line[..<colon]), value)
    }

    /// The credentials that are given.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``.
    func readCredentials() throws -> Credentials {
        let environment = SystemCall.environment
        let values =
            try credentials.map { try CredentialsFile($0, guarded: environment["CREDENTIALS_DIRECTORY"]).values }
            ?? settings.credentialsCommand?.values() ?? environment
        func value(_ name: String) -> String? { values["GROUPLOAD_" + name].flatMap { $0.isEmpty ? nil : $0 } }
        switch (value("TILL"), value("KEY")) {
        case (let till?, nil): return try basic(till: till, value("PASSWORD"), value("PASSWORD_MD5"))
        case (nil, let key?):
            guard let secret = value("SECRET") else {
                throw RunError(.credentials, "GROUPLOAD_KEY is set but GROUPLOAD_SECRET is not", remedy: "set both")
            }
            return .oauth(key: key, secret: Secret(secret))
        case (.some, .some):
            throw RunError(.credentials, "GROUPLOAD_TILL and GROUPLOAD_KEY are both set", remedy: "unset one")
        case (nil, nil):
            let names = """
                GROUPLOAD_TILL and GROUPLOAD_PASSWORD (or GROUPLOAD_PASSWORD_MD5), or GROUPLOAD_KEY and \
                GROUPLOAD_SECRET
                """
            if let command = settings.credentialsCommand {
                throw RunError(
                    .credentials, "no credentials in what credentials-command (\(command.source.text)) prints",
                    naming: .path(command.source.name), remedy: "let it print NAME=value lines for \(names)")
            }
            guard let credentials else { throw RunError(.credentials, "no credentials", remedy: "set \(names)") }
            throw RunError(
                .credentials, "no credentials in \(Shown.text(credentials))", naming: .path(credentials),
                remedy: "write NAME=value lines for \(names)")
        }
    }

    private func basic(till: String, _ password: String?, _ md5: String?) throws(RunError) -> Credentials {
        switch (password, md5) {
        case (let password?, nil): return .basic(till: till, password: Secret(password))
        case (nil, let md5?):
            guard md5.count == 32, md5.allSatisfy(\.isHexDigit) else {
                throw RunError(.credentials, "GROUPLOAD_PASSWORD_MD5 is not 32 hexadecimal digits")
            }
            return .basic(till: till, passwordMD5: Secret(md5.lowercased()))
        case (nil, nil):
            throw RunError(
                .credentials, "GROUPLOAD_TILL is set, but neither GROUPLOAD_PASSWORD nor GROUPLOAD_PASSWORD_MD5",
                remedy: "set one")
        case (.some, .some):
            throw RunError(
                .credentials, "GROUPLOAD_PASSWORD and GROUPLOAD_PASSWORD_MD5 are both set", remedy: "unset one")
        }
    }
}

extension HTTPTransport {
    /// What carries a client's calls.
    ///
    /// - Parameter environment: whose clocks it goes by.
    /// - Throws: ``RunError`` with ``ExitStatus/configuration`` where `--ca-file` can't be used.
    static func make(
        _ configuration: ClientConfiguration, _ environment: RunEnvironment = .system
    ) throws(RunError) -> HTTPTransport {
        do throws(ClientError) {
            return try HTTPTransport(configuration: configuration, environment: environment.client)
        } catch {
            throw RunError(.configuration, error.message)
        }
    }
}
