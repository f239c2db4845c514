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
    /// What its environment has beside this program's, in which no variable of groupload's is kept.
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

    /// A Python program, read from its text.
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

    /// Starts the process with its output in files, so that no full pipe can hold it up.
    ///
    /// Its files are closed here at once: Foundation's `Process` keeps them open for long, and its `run()` reads past
    /// the end of a buffer in a process with some 1,300 open files.
    private func start(_ process: Process, _ scratch: Scratch) throws {
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("GROUPLOAD") }
            .merging(["XDG_STATE_HOME": FileManager.default.temporaryDirectory.path + "/groupload-tests"]) { $1 }
            .merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        try (input ?? Data()).write(to: scratch.url("in"))
        for name in ["out", "err"] { try Data().write(to: scratch.url(name)) }
        let files = [
            try FileHandle(forReadingFrom: scratch.url("in")), try FileHandle(forWritingTo: scratch.url("out")),
            try FileHandle(forWritingTo: scratch.url("err")),
        ]
        process.standardInput = files[0]
        process.standardOutput = files[1]
        process.standardError = files[2]
        try process.run()
        for file in files { try file.close() }
    }

    /// Runs to the end, at most for `secondsMax`.
    ///
    /// - Parameter whileRunning: is given the process's id once it runs.
    package func run(
        secondsMax: Int = 120, whileRunning: @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> Result {
        let scratch = try Scratch()
        let process = Process()
        let (ends, end) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingNewest(1))
        process.terminationHandler = { ended in
            let isSignal = ended.terminationReason == .uncaughtSignal
            end.yield(isSignal ? 128 + ended.terminationStatus : ended.terminationStatus)
            end.finish()
        }
        try start(process, scratch)
        let identifier = process.processIdentifier
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(secondsMax)) { [weak process] in
            if process?.isRunning == true { kill(identifier, SIGKILL) }
        }
        try await whileRunning(identifier)
        var status: Int32 = -1
        for await value in ends { status = value }
        return Result(
            status: status, output: try Data(contentsOf: scratch.url("out")),
            error: try Data(contentsOf: scratch.url("err")))
    }
}
