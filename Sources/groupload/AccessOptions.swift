import ArgumentParser
import GroupLoad

/// What requests need and a run doesn't keep, for it may be secret; for commands that work on a run that exists.
struct AccessOptions: ParsableArguments {
    @OptionGroup var settings: ProfileOption

    @Option(
        help: ArgumentHelp(
            """
            A header that the run was started with, as "Name: value", or @FILE for those of a file, one a line, which \
            only its owner may have access to. A run keeps no values of headers. May be given several times.
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

    /// The values.
    ///
    /// - Throws: as ``HeaderFile/lines(_:)``.
    var access: ClientAccess {
        get throws(RunError) {
            ClientAccess(header: try HeaderFile.lines(header), credentials: credentials, settings: .current)
        }
    }
}
