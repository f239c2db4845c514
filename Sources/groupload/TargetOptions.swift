import ArgumentParser
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
            """
            A file of NAME=value lines with the credentials, as a shell reads them, in place of the \
            environment; readable by its owner only.
            """
    )
    var credentials: String?

    @Option(help: "Seconds that connecting may take, TLS included.")
    var connectTimeout = 10.0

    @Option(help: "Seconds to wait for a response to begin; twice as long for all of it.")
    var requestTimeout = 30.0

    @Option(
        help:
            """
            How long the target may ask to wait (429, 503), in all and without a success, before the run \
            stops; as 90s, 15m or 2h. No single wait is longer than 1h.
            """,
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

    /// What requests need and a run doesn't keep.
    var access: ClientAccess { ClientAccess(header: header, credentials: credentials) }

    /// The settings as a run keeps them.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/usage``.
    func settings() throws(RunError) -> RunConfiguration.Target {
        var settings = RunConfiguration.Target()
        switch (target, cluster) {
        case (let target?, nil): settings.url = target
        case (nil, let cluster?): settings.url = cluster.target
        case (nil, nil):
            throw RunError(.usage, "no target is given", remedy: "name the target with --target URL or --cluster NAME")
        case (.some, .some): throw RunError(.usage, "--target and --cluster contradict each other", remedy: "give one")
        }
        settings.apiPrefix = apiPrefix
        settings.headers = access.headerNames.sorted()
        settings.connectSeconds = connectTimeout
        settings.requestSeconds = requestTimeout
        settings.waitMaxSeconds = waitMax.components.seconds
        settings.certificatesFile = caFile.map(Paths.absolute)
        settings.allowsInsecure = allowInsecure
        return settings
    }
}

extension Cluster: ExpressibleByArgument {}
