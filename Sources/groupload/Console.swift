import Foundation

/// The two streams: data goes to standard output, everything else to standard error.
enum Console {
    /// Whether standard error is a terminal, so that a line can be written over.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes data to standard output. A reader that has gone away is no error.
    static func data(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes a message to standard error.
    static func note(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes an error to standard error, with the program's name before it.
    static func error(_ message: String) { note("groupload: \(message)\n") }

    /// Writes a message to standard error on lines of its own, over a progress line.
    static func noteLine(_ message: String) { note((isTerminal ? "\r\u{1b}[K" : "") + message + "\n") }

    private static func write(_ text: String, to descriptor: CInt) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
