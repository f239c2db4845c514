import ArgumentParser
import GroupLoad
import RewardsClient

/// The flags and variables that say where requests go, and as whom.
struct TargetOptions: ParsableArguments {
    @OptionGroup var settings: ProfileOption

    @Option(help: ArgumentHelp("The URL of the API, for example https://eu.api.capillarytech.com.", valueName: "url"))
    var target: String?

    @Option(help: ArgumentHelp("The cluster, in place of --target.", valueName: "name"))
    var cluster: Cluster?

    @Option(help: ArgumentHelp("The path of the API, before /group.", valueName: "path"))
    var apiPrefix = "/api_gateway/core/v1"

    @Option(
        help: ArgumentHelp(
            """
            A header that every request carries, as "Name: value", or @FILE for those of a file, one a line, which \
            only its owner may have access to. May be given several times.
            """, valueName: "header")
    )
    var header: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            A file with the credentials, in place of the environment: NAME=value lines as in a shell script. Only its \
            owner may have access to it.
            """, valueName: "file"), completion: .file(), transform: parsedPath)
    var credentials: String?

    @Option(
        help: ArgumentHelp("A file of certificates (PEM) to trust in addition to the system's.", valueName: "file"),
        completion: .file(), transform: parsedPath)
    var caFile: String?

    @Flag(help: "Allow http: to another machine. Others on the network can then read the credentials.")
    var allowInsecure = false

    /// What requests need and a run doesn't keep.
    ///
    /// - Throws: as ``HeaderFile/lines(_:)``.
    var access: ClientAccess {
        get throws(RunError) {
            ClientAccess(header: try HeaderFile.lines(header), credentials: credentials, settings: .current)
        }
    }

    /// The settings as a run keeps them.
    ///
    /// - Parameter waits: how long something is waited for.
    /// - Throws: ``RunError`` with ``ExitStatus/usage``; as ``access``.
    func settings(_ waits: WaitOptions) throws(RunError) -> RunConfiguration.Target {
        var settings = RunConfiguration.Target()
        switch (target, cluster) {
        case (let target?, nil): settings.url = try Self.plain(target, apiPrefix)
        case (nil, let cluster?): settings.url = cluster.target
        case (nil, nil):
            throw RunError(.usage, "no target is given", remedy: "name the target with --target URL or --cluster NAME")
        case (.some, .some): throw RunError(.usage, "--target and --cluster contradict each other", remedy: "give one")
        }
        settings.apiPrefix = apiPrefix
        settings.headers = try access.headerNames.sorted()
        waits.apply(to: &settings)
        settings.certificatesFile = caFile.map(Paths.absolute)
        settings.allowsInsecure = allowInsecure
        return settings
    }

    /// The target as it is kept, see ``ClientConfiguration/plainTarget(_:apiPrefix:)``.
    private static func plain(_ target: String, _ apiPrefix: String) throws(RunError) -> String {
        guard Cluster(argument: target) == nil else {
            throw RunError(
                .usage, "\(target) is the name of a cluster, not a URL", remedy: "give --cluster \(target.lowercased())"
            )
        }
        return ClientConfiguration.plainTarget(target, apiPrefix: apiPrefix)
    }
}

extension Cluster: ArgumentWord {}
