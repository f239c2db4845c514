import ArgumentParser
import Foundation
import GroupLoad
import RewardsSandbox

/// What a sandbox serves, and where.
struct SandboxOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The port; 0 picks a free one.", valueName: "port"))
    var port = 0

    @Option(
        help: ArgumentHelp(
            "The database file. Without one, the groups are lost when the sandbox ends.", valueName: "file"),
        completion: .file(), transform: parsedPath)
    var database: String?

    @Option(
        help: ArgumentHelp(
            "How many calls are allowed, as N/min or N/s. A call above that gets 429.", valueName: "rate"),
        transform: parsedRate)
    var rateLimit: RequestRate?

    @Option(
        help: ArgumentHelp("How long to delay each response, for example 50ms or 1s.", valueName: "time"),
        transform: { text in
            guard let duration = SandboxOptions.duration(text) else { throw ValidationError("write 50ms or 1s") }
            return duration
        })
    var latency: Duration = .zero

    @Option(
        help: ArgumentHelp(
            "Whether two names that differ only in case are different: case-sensitive or case-insensitive.",
            valueName: "rule"))
    var names: NameCase = .caseSensitive

    @Option(
        help: ArgumentHelp(
            "The largest page of a list. A request for a larger page gets one of this size.", valueName: "n"))
    var listSizeMax = 100

    @Option(
        help: ArgumentHelp(
            "Where an error's code and message stand: in status, flat, or in a list of errors.", valueName: "form"))
    var errors: ErrorShape = .status

    @Option(help: ArgumentHelp("The HTTP status of a refused name: 400, 409 or 200.", valueName: "status"))
    var errorStatus = 400

    /// What `--names` may be.
    enum NameCase: String, ArgumentWord {
        case caseSensitive = "case-sensitive"
        case caseInsensitive = "case-insensitive"
    }

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port must be from 0 to 65535.") }
        guard (1...10_000).contains(listSizeMax) else {
            throw ValidationError("--list-size-max must be from 1 to 10000.")
        }
        guard SandboxConfiguration.nameRefusalStatuses.contains(errorStatus) else {
            throw ValidationError("--error-status must be 400, 409 or 200.")
        }
    }

    /// Puts the options' values where the sandbox reads them.
    func apply(to configuration: inout SandboxConfiguration) {
        configuration.port = port
        configuration.database = database.map(Self.database)
        configuration.latency = latency
        configuration.nameCase = names == .caseSensitive ? .caseSensitive : .caseInsensitive
        configuration.rateLimit = rateLimit.map { SandboxConfiguration.RateLimit(countPerMinute: Int($0.perMinute)) }
        configuration.listSizeMax = listSizeMax
        configuration.errorShape = errors
        configuration.nameRefusalStatus = errorStatus
    }

    /// The path of a database as the library takes it, which is UTF-8: a file with another name is made first, if it
    /// isn't there, to be opened by its descriptor.
    private static func database(_ path: String) -> String {
        guard path.contains("\\") else { return path }
        if !SystemCall.exists(path) {
            let made = SystemCall.open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode: 0o644)
            if made >= 0 { close(made) }
        }
        return PathText.plain(path)
    }

    /// Reads `50ms` or `1s`, up to a minute.
    private static func duration(_ text: String) -> Duration? {
        let isMilliseconds = text.hasSuffix("ms")
        // Checked as a number: a duration of infinity, or of none, can't be made.
        guard text.hasSuffix("s"), let count = Double(text.dropLast(isMilliseconds ? 2 : 1)),
            (0...(isMilliseconds ? 60_000 : 60)).contains(count)
        else { return nil }
        return isMilliseconds ? .milliseconds(count) : .seconds(count)
    }
}

extension ErrorShape: ArgumentWord {}
