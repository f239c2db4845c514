import Foundation
import GroupLoad
import Logging

/// The two streams: data goes to standard output, everything else to standard error.
enum Console {
    /// Writes data to standard output. A reader that has gone away is no error.
    ///
    /// - Returns: whether there is a reader.
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` where the system can't write it.
    @discardableResult
    static func data(_ text: String) throws(RunError) -> Bool {
        let failure = write(text, to: STDOUT_FILENO)
        guard failure != 0, failure != EPIPE else { return failure == 0 }
        throw RunError(
            [ENOSPC, EDQUOT].contains(failure) ? .diskFull : .cannotWrite,
            "can't write to standard output: \(String(cString: strerror(failure)))",
            remedy: "free space, or send it elsewhere")
    }

    /// Writes a message to standard error. Whatever came into it, a terminal acts on none of it.
    ///
    /// - Parameter attributes: what of it a program may want, where messages are JSON.
    static func note(_ text: String, _ attributes: [String: JSONLog.Value] = [:]) {
        if isJSON { return JSONLog.write(.info, text, attributes) }
        raw(Shown.message(text))
    }

    /// Writes a message on lines of its own, over a progress line.
    static func noteLine(_ message: String) { noteColoured(Shown.message(message) + "\n") }

    /// Writes an error with the program's name before it, over a progress line.
    ///
    /// - Parameter kind: the kind of the error, where messages are JSON.
    static func error(_ message: String, kind: String? = nil) {
        if isJSON { return JSONLog.write(.error, message, kind.map { ["error.type": .text($0)] } ?? [:]) }
        noteLine("groupload: \(message)")
    }

    /// Writes lines over a progress line. They may hold colours, and nothing foreign that isn't escaped.
    static func noteColoured(_ lines: String) {
        if isJSON { return JSONLog.write(.info, lines) }
        raw(Screen.lineStart + lines)
    }

    /// Shows a line of progress: over the last one where the screen can do that, else below it.
    static func progress(_ line: String, _ attributes: [String: JSONLog.Value]) {
        if isJSON { return JSONLog.write(.info, line, attributes) }
        raw(Screen.isControlled ? Screen.lineStart + line : line + "\n")
    }

    /// Removes the line of progress.
    static func clearProgress() { raw(Screen.lineStart) }

    /// Writes to standard error what is fit for it.
    static func raw(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    /// A logger that writes what others log.
    static func logger(_ label: String) -> Logger {
        Logger(label: label) { _ in isJSON ? JSONLog() as any LogHandler : ConsoleLog() }
    }

    private static let isJSON = LogFormat.current == .json

    /// Writes all of it.
    ///
    /// - Returns: 0, or the `errno` of what went wrong.
    private static func write(_ text: String, to descriptor: CInt) -> CInt {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            bytes = bytes.dropFirst(count)
        }
        return 0
    }
}
