package import Foundation

/// A program run as a child process, with what it printed and how it ended.
package struct Command: Sendable {
    /// How a command ended.
    package struct Result: Sendable {
        /// The exit status; 128 and the signal's number where a signal ended it.
        package var status: Int32
        /// The bytes of its standard output.
        package var output: Data
        /// The bytes of its standard error.
        package var error: Data

        /// Its standard output as text.
        package var outputText: String { String(decoding: output, as: UTF8.self) }
        /// Its standard error as text.
        package var errorText: String { String(decoding: error, as: UTF8.self) }
    }

    /// The program's path.
    package var path: String
    /// Its arguments, without its own name.
    package var arguments: [String]
    /// What its environment has beside this program's, in which no variable that groupload reads is kept.
    package var environment: [String: String] = [:]
    /// Its standard input; empty where there is none.
    package var input: Data?
    /// Where it runs; this program's directory where there is none.
    package var directory: String?

    /// A program with its arguments.
    package init(_ path: String, _ arguments: [String]) {
        self.path = path
        self.arguments = arguments
    }

    /// The built `groupload`, which stands beside the test bundle, with no variable of this program's set but
    /// `environment`.
    package static func groupload(_ arguments: [String], environment: [String: String] = sandboxCredentials) -> Command
    {
        var command = Command(binaryDirectory + "/groupload", arguments)
        command.environment = environment
        return command
    }

    /// A Python program, read from its text: for what others' readers, writers and tables make of ours, never as a
    /// means that Swift has too.
    package static func python(_ program: String, _ arguments: [String] = []) -> Command {
        Command("/usr/bin/env", ["python3", "-c", program] + arguments)
    }

    /// The till and password that the sandbox takes by default.
    package static let sandboxCredentials = ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD": "sandbox"]

    private static var binaryDirectory: String {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { URL(fileURLWithPath: $0) }
        return (bundle ?? own).deletingLastPathComponent().path
    }

    /// The whole environment of the process.
    var wholeEnvironment: [String: String] {
        ProcessInfo.processInfo.environment
            .filter { variable in !["GROUPLOAD", "OTEL_", "TRACE"].contains { variable.key.hasPrefix($0) } }
            .merging([
                "XDG_STATE_HOME": FileManager.default.temporaryDirectory.path + "/groupload-tests",
                // Nobody's settings: there is no such directory.
                "XDG_CONFIG_HOME": FileManager.default.temporaryDirectory.path + "/groupload-tests/no-settings",
            ]) { $1 }
            .merging(environment) { $1 }
    }

    /// This command with standard streams that a shell opens, so that each may be a pipe or a terminal; those that
    /// aren't given stay as they are.
    package func redirected(input: String? = nil, output: String? = nil, error: String? = nil) -> Command {
        let streams = [("<", input), (">", output), ("2>", error)]
        let words = streams.compactMap { sign, file in file.map { " \(sign)'\($0)'" } }.joined()
        var command = self
        command.path = "/bin/sh"
        command.arguments = ["-c", "exec \"$0\" \"$@\"" + words, path] + arguments
        return command
    }

    /// Waits until `condition` holds while a command runs.
    ///
    /// - Throws: an error where the process ends before; what `condition` throws.
    package static func wait(for process: Int32, until condition: () async throws -> Bool) async throws {
        try await ChildProcess.wait(for: process, until: condition)
    }

    /// Runs to the end, at most for `secondsMax`, with its output in files, so that no full pipe can hold it up.
    ///
    /// - Parameter whileRunning: is given the process's id once it runs.
    package func run(
        secondsMax: Int = 120, whileRunning: @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> Result {
        let scratch = try Scratch()
        try (input ?? Data()).write(to: scratch.url("in"))
        let process = try ChildProcess(
            [path] + arguments, environment: wholeEnvironment, directory: directory,
            streams: ["in", "out", "err"].map(scratch.file))
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(secondsMax)) { [weak process] in
            process?.kill()
        }
        let status: Int32
        do {
            try await whileRunning(process.identifier)
            status = await process.end()
        } catch {
            process.kill()
            _ = await process.end()
            throw error
        }
        return Result(
            status: status, output: try Data(contentsOf: scratch.url("out")),
            error: try Data(contentsOf: scratch.url("err")))
    }
}
