import GroupLoad

/// The settings that a saved plan was made for, for a command that takes them in place of lists and a target.
enum PlannedSettings {
    /// Reads them, with the options that are given besides.
    ///
    /// - Parameters:
    ///   - files: the lists that are given; none may be.
    ///   - waits: how long something is waited for.
    ///   - apply: puts the command's own options into a configuration.
    /// - Throws: ``RunError`` with ``ExitStatus/usage`` where an option is given that the plan decides.
    static func read(
        _ path: String, files: [String], _ target: TargetOptions, _ waits: WaitOptions,
        _ apply: (inout RunConfiguration) throws -> Void
    ) throws -> RunConfiguration {
        guard files.isEmpty, target.target == nil, target.cluster == nil else {
            throw RunError(.usage, "a plan names its lists and its target", remedy: "give it alone")
        }
        let given = RunConfiguration.settings.filter { setting in
            CommandLine.arguments.contains { $0 == setting.option || $0.hasPrefix(setting.option + "=") }
        }
        for setting in given where setting.isOfPlan {
            throw RunError(.usage, "\(setting.option) is a matter of the plan", remedy: "plan again with it")
        }
        var configuration = try PlanFile(path).head().command
        try target.access.requireHeaders(of: configuration, "the plan was made")
        var target = target
        target.target = configuration.target.url
        var own = RunConfiguration()
        own.target = try target.settings(waits)
        try apply(&own)
        for setting in given { setting.copy(own, &configuration) }
        configuration.target.headers = own.target.headers
        return configuration
    }
}

extension ImportCommand {
    /// The settings of the import that a plan was made for, with the options that are given here.
    func planned(_ path: String) throws -> RunConfiguration {
        let path = Paths.absolute(path)
        var configuration = try PlannedSettings.read(path, files: input.files, target, pace.waits) {
            $0.plan = path
            try apply(to: &$0)
        }
        configuration.plan = path
        return configuration
    }
}
