import GroupLoad

extension ImportCommand {
    /// The settings of the import that a plan was made for, with the options that are given here.
    func planned(_ path: String) throws -> RunConfiguration {
        guard input.files.isEmpty, target.target == nil, target.cluster == nil else {
            throw RunError(.usage, "a plan names its lists and its target", remedy: "give it alone")
        }
        let given = RunConfiguration.settings.filter { setting in
            CommandLine.arguments.contains { $0 == setting.option || $0.hasPrefix(setting.option + "=") }
        }
        for setting in given where setting.isOfPlan {
            throw RunError(.usage, "\(setting.option) is a matter of the plan", remedy: "plan again with it")
        }
        let path = Paths.absolute(path)
        var configuration = try PlanFile(path).head().command
        try target.access.requireHeaders(of: configuration, "the plan was made")
        var target = target
        target.target = configuration.target.url
        var own = RunConfiguration()
        own.target = try target.settings(pace.waits)
        own.plan = path
        apply(to: &own)
        for setting in given { setting.copy(own, &configuration) }
        configuration.target.headers = own.target.headers
        configuration.plan = path
        return configuration
    }
}
