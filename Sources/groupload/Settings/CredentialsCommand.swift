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
        let end = ContinuousClock.now.advanced(by: .seconds(Self.secondsMax))
        guard let bytes = read(output.fileHandleForReading.fileDescriptor, until: end),
            let status = Self.status(of: process, until: end)
        else {
            process.terminate()
            throw failure("took over \(Int(Self.secondsMax)) seconds, or printed too much")
        }
        guard status == 0 else {
            let signal = status & 0x7F
            throw failure(signal == 0 ? "ended with status \(status >> 8 & 0xFF)" : "was ended by signal \(signal)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("printed what isn't UTF-8") }
        return try CredentialsFile.parse(text, "that credentials-command prints")
    }

    /// What it prints up to its end; nil where that is too much or takes too long.
    private func read(_ descriptor: CInt, until end: ContinuousClock.Instant) -> [UInt8]? {
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

    /// What `waitpid(2)` says of the process; nil where it goes on for too long.
    ///
    /// Not `waitUntilExit` while it runs, which also waits for whatever the process leaves behind: it holds a socket of
    /// Foundation's open.
    private static func status(of process: Process, until end: ContinuousClock.Instant) -> CInt? {
        var status: CInt = 0
        while ContinuousClock.now < end {
            switch waitpid(process.processIdentifier, &status, WNOHANG) {
            case 0: usleep(2_000)
            case -1 where errno == EINTR: continue
            case -1:
                // Foundation was first.
                process.waitUntilExit()
                return process.terminationReason == .exit ? process.terminationStatus << 8 : process.terminationStatus
            default: return status
            }
        }
        return nil
    }

    private func failure(_ what: String) -> RunError {
        RunError(
            .credentials, "credentials-command (\(source.text)): \(Shown.text(words.first ?? "", limit: 60)) \(what)",
            naming: .path(source.name))
    }
}
