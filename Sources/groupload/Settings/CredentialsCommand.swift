import Foundation
import GroupLoad

/// A command that prints what a credentials file holds.
struct CredentialsCommand: Sendable {
    /// The program and its arguments; no shell reads them.
    let words: [String]
    /// Where it was given.
    let source: Setting.Source

    /// The longest output, in bytes.
    private static let bytesMax = 1 << 16
    /// How long it may take: somebody may have to unlock a store of passwords.
    private static let secondsMax: Double = 120

    /// Runs it, with an empty standard input and this process's standard error, and reads what it prints.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``. No message holds what it printed.
    func values() throws(RunError) -> [String: String] {
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["--"] + words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        do { try process.run() } catch { throw failure("can't be run: \(error.localizedDescription)") }
        let bytes = read(output.fileHandleForReading.fileDescriptor)
        if bytes == nil { process.terminate() }
        guard let bytes else { throw failure("took over \(Int(Self.secondsMax)) seconds, or printed too much") }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw failure(
                process.terminationReason == .exit
                    ? "ended with status \(process.terminationStatus)"
                    : "was ended by signal \(process.terminationStatus)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("printed what isn't UTF-8") }
        return try CredentialsFile.parse(text, "that credentials-command prints")
    }

    /// What it prints up to its end; nil where that is too much or takes too long.
    private func read(_ descriptor: CInt) -> [UInt8]? {
        let end = ContinuousClock.now.advanced(by: .seconds(Self.secondsMax))
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= Self.bytesMax {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return nil }
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, CInt(clamping: left.components.seconds * 1000 + 1)) > 0 else { continue }
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count == 0 ? bytes : nil }
            bytes += chunk[..<count]
        }
        return nil
    }

    private func failure(_ what: String) -> RunError {
        RunError(
            .credentials, "credentials-command (\(source.text)): \(Shown.text(words.first ?? "", limit: 60)) \(what)",
            naming: .path(source.name))
    }
}
