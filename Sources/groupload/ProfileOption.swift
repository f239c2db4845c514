import ArgumentParser

/// The flag that names a profile. ``Settings/commandLine(_:_:)`` reads it before the command line is parsed.
struct ProfileOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The profile of groupload.toml, here or in your own directory, whose settings hold unless a flag is given \
            (default: GROUPLOAD_PROFILE).
            """, valueName: "name"))
    var profile: String?
}
