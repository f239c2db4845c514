import Foundation

/// Reads what comes through a pipe, and gives it line by line.
struct LineCutter {
    /// The end that is read; -1 where nothing more comes.
    private(set) var descriptor: CInt
    private let told: (String) -> Void
    private var rest: [UInt8] = []

    /// A longer line is cut into several.
    private static let bytesMax = 4096

    /// - Parameter descriptor: the pipe's, which the caller closes; nil for none.
    init(_ descriptor: CInt?, _ told: ((String) -> Void)?) {
        (self.descriptor, self.told) = (descriptor ?? -1, told ?? { _ in })
    }

    /// Reads once, and waits for that where nothing is there.
    mutating func read() {
        guard descriptor >= 0, let chunk = PipeChunk.read(descriptor) else { return }
        if chunk.isEmpty { descriptor = -1 }
        rest += chunk
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? (rest.count > Self.bytesMax ? rest.count : nil) {
            tell(rest[..<end])
            rest.removeFirst(min(end + 1, rest.count))
        }
    }

    /// Reads what is there.
    mutating func readRest() {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while descriptor >= 0, poll(&wait, 1, 0) > 0 { read() }
    }

    /// Gives the last line where it has no end.
    mutating func finish() {
        tell(rest[...])
        rest = []
    }

    private func tell(_ line: ArraySlice<UInt8>) {
        let text = String(decoding: line, as: UTF8.self)
        if text.contains(where: { !$0.isWhitespace }) { told(text) }
    }
}

/// What one read(2) of a pipe gives.
enum PipeChunk {
    /// The bytes; empty where nothing more comes, nil where it has to be tried again.
    static func read(_ descriptor: CInt) -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = Foundation.read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return nil }
        return Array(chunk.prefix(max(0, count)))
    }
}
