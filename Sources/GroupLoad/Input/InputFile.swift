import Dispatch
import Foundation

/// An input that is open for reading; closed when it goes.
///
/// A named pipe is opened without waiting for somebody who writes to it: until then it has nothing to give, as poll(2)
/// says on Linux, which tells of an end only once a writer has come and gone.
struct InputFile: ~Copyable {
    private let descriptor: CInt
    private let name: String
    /// Whether what comes next may be long in coming.
    let isPipe: Bool

    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if it can't be opened.
    init(_ source: InputSource) throws(RunError) {
        name = source.name
        isPipe = source.copy == nil && source.bytes == nil
        descriptor =
            source.isPiped ? dup(STDIN_FILENO) : SystemCall.open(source.readPath, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw RunError(
                .noInput, "can't open \(name): \(SystemCall.message(errno))", naming: .path(name))
        }
        // All but the opening is to wait, off the cooperative threads.
        if !source.isPiped { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) }
    }

    deinit { close(descriptor) }

    /// The same file, to be read at any offset. Precondition: it is no pipe.
    func randomAccess() -> RandomAccessFile { RandomAccessFile(descriptor: dup(descriptor)) }

    /// Whether this is a pipe that has nothing to give now, nor has ended.
    var isIdle: Bool { isPipe && !Self.hasInput(descriptor, milliseconds: 0) }

    /// Whether reading gives something, or the end, at once; waits so long at most.
    private static func hasInput(_ descriptor: CInt, milliseconds: CInt) -> Bool {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // Safe: the one structure that the call gets is this function's.
        return unsafe poll(&waited, 1, milliseconds) != 0
    }

    /// What comes next, at most `bytes`; empty at the end, or when a stop was asked for (or the task cancelled)
    /// while a pipe had nothing to give.
    ///
    /// A pipe is waited for off the cooperative threads, and never longer than a tenth of a second at a time.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput`` when the system can't read on.
    func read(atMost bytes: Int, stop: StopSwitch) async throws(RunError) -> [UInt8] {
        let descriptor = descriptor
        guard isPipe else { return try Self.readNow(descriptor, bytes, name) }
        while stop.reason == nil, !Task.isCancelled {
            if !isIdle { return try Self.readNow(descriptor, bytes, name) }
            let isReady = await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(returning: Self.hasInput(descriptor, milliseconds: 100))
                }
            }
            if isReady { return try Self.readNow(descriptor, bytes, name) }
        }
        return []
    }

    private static func readNow(_ descriptor: CInt, _ bytes: Int, _ name: String) throws(RunError) -> [UInt8] {
        while true {
            var failure: CInt = 0
            // Safe: the buffer has room for `bytes`, the system writes no more, and `count` is what it wrote.
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
                let read = unsafe Foundation.read(descriptor, buffer.baseAddress, bytes)
                if read < 0 { failure = errno }
                count = max(read, 0)
            }
            if failure == 0 { return chunk }
            if failure != EINTR {
                throw RunError(
                    .damagedInput, "reading failed: \(SystemCall.message(failure))", at: .path(name))
            }
        }
    }
}
