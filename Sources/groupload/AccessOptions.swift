import ArgumentParser

/// What requests need and a run doesn't keep, for it may be secret; for commands that work on a run that exists.
struct AccessOptions: ParsableArguments {
    @Option(
        help:
            """
            A header that the run was started with, as \"Name: value\": values aren't kept. May be given \
            several times.
            """
    )
    var header: [String] = []

    @Option(
        help:
            """
            A file of NAME=value lines with the credentials, as a shell reads them, in place of the \
            environment; readable by its owner only.
            """
    )
    var credentials: String?

    /// The values.
    var access: ClientAccess { ClientAccess(header: header, credentials: credentials) }
}
