import Foundation

/// The built binary's sandbox on a free port of loopback, with a database of its own; ended when it goes.
package final class SandboxProcess: Sendable {
    /// Where it serves.
    package let url: String
    /// Its database file.
    package let database: String
    private let scratch: Scratch
    private let identifier: Int32

    /// Starts it and waits for its first line.
    ///
    /// - Parameter options: flags beside `--port` and `--database`.
    package static func start(_ options: [String] = []) async throws -> SandboxProcess {
        let scratch = try Scratch()
        let database = scratch.file("sandbox.sqlite")
        let command = Command.groupload(["sandbox", "--port", "0", "--database", database] + options)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command.path)
        process.arguments = command.arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let identifier = process.processIdentifier
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(300)) { [weak process] in
            if process?.isRunning == true { kill(identifier, SIGKILL) }
        }
        let line = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: String(decoding: output.fileHandleForReading.availableData, as: UTF8.self))
            }
        }
        return SandboxProcess(
            url: line.trimmingCharacters(in: .newlines), database: database, scratch: scratch, identifier: identifier)
    }

    private init(url: String, database: String, scratch: Scratch, identifier: Int32) {
        self.url = url
        self.database = database
        self.scratch = scratch
        self.identifier = identifier
    }

    deinit { kill(identifier, SIGKILL) }

    /// The groups that it stores, as `curl` sees them: a JSON object each, in order of storing.
    package func stored() async throws -> [[String: Any]] {
        let response = try await Command("/usr/bin/curl", ["-sf", "\(url)/sandbox/stored"]).run()
        return try response.outputText.split(separator: "\n").compactMap { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        }
    }

    /// How many requests a route met, whatever their statuses.
    package func requests(matching part: String) async throws -> Int {
        let response = try await Command("/usr/bin/curl", ["-sf", "\(url)/sandbox/requests"]).run()
        return Self.sum(try JSONSerialization.jsonObject(with: response.output), under: part, isMatched: false)
    }

    private static func sum(_ value: Any, under part: String, isMatched: Bool) -> Int {
        if let object = value as? [String: Any] {
            return object.reduce(0) { $0 + sum($1.value, under: part, isMatched: isMatched || $1.key.contains(part)) }
        }
        return isMatched ? (value as? Int ?? 0) : 0
    }
}
