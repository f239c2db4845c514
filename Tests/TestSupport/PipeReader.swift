import Foundation
import Glibc

/// What a program writes into a named pipe, line by line. It blocks: call it inside ``blocking(_:)``.
package final class PipeReader {
    private let descriptor: Int32
    private var unread: [UInt8] = []

    /// Opens the pipe, once a program has it open for writing.
    package init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw POSIXError(.ENOENT) }
    }

    deinit { close(descriptor) }

    /// The next line that has a part, without its end; nil where none came before the pipe's end.
    package func line(containing part: String = "") -> String? {
        while true {
            while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread.removeSubrange(...end)
                if part.isEmpty || line.contains(part) { return line }
            }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return nil }
            unread += chunk[..<count]
        }
    }

    /// Everything that is left, until the pipe's end.
    package func rest() -> String {
        var lines = ""
        while let line = line() { lines += line + "\n" }
        return lines + String(decoding: unread, as: UTF8.self)
    }
}
