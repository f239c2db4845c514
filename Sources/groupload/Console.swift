import Foundation
import GroupLoad

/// The two streams: data goes to standard output, everything else to standard error.
enum Console {
    /// Whether standard error is a terminal, so that a line can be written over.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes data to standard output. A reader that has gone away is no error.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` where the system can't write it.
    static func data(_ text: String) throws(RunError) {
        let failure = write(text, to: STDOUT_FILENO)
        guard failure != 0, failure != EPIPE else { return }
        throw RunError(
            [ENOSPC, EDQUOT].contains(failure) ? .diskFull : .cannotWrite,
            "can't write to standard output: \(String(cString: strerror(failure)))",
            remedy: "free space, or send it elsewhere")
    }

    /// Writes a message to standard error.
    static func note(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    /// Writes an error to standard error, with the program's name before it.
    static func error(_ message: String) { note("groupload: \(Shown.message(message))\n") }

    /// Writes a message to standard error on lines of its own, over a progress line. Whatever came into it, a terminal
    /// acts on none of it.
    static func noteLine(_ message: String) { note(lineStart + Shown.message(message) + "\n") }

    /// What goes before a line to write it over a progress line.
    static var lineStart: String { isTerminal ? "\r\u{1b}[K" : "" }

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
