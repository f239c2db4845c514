import Foundation

/// The lines of a file, one after the other, in bounded memory.
///
/// Safe, wherever it says `unsafe`: the stream and the buffer are this value's own, freed once when it goes; getline(3)
/// sees to the buffer and its capacity, and gives how many of its bytes are the line's.
@safe package final class LineReader {
    private let file: UnsafeMutablePointer<FILE>
    private var buffer: UnsafeMutablePointer<CChar>?
    private var capacity = 0
    private let path: String

    /// - Throws: ``RunError`` with ``ExitStatus/noInput``.
    package init(_ path: String) throws(RunError) {
        guard let file = unsafe fopen(PathText.bytes(path), "r") else {
            throw RunError(
                .noInput, "can't open \(path): \(SystemCall.message(errno))", naming: .path(path))
        }
        unsafe self.file = file
        self.path = path
    }

    deinit {
        unsafe free(buffer)
        unsafe fclose(file)
    }

    /// The next line without its end; nil when there is none.
    package func next() throws(RunError) -> String? {
        let count = unsafe getline(&buffer, &capacity, file)
        guard count >= 0, let buffer = unsafe buffer else {
            if unsafe ferror(file) != 0 {
                throw RunError(
                    .noInput, "can't read \(path): \(SystemCall.message(errno))", naming: .path(path))
            }
            return nil
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: buffer, count: count)
        return unsafe String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
