import Foundation

/// The lines of a file, one after the other, in bounded memory.
package final class LineReader {
    private let file: UnsafeMutablePointer<FILE>
    private var buffer: UnsafeMutablePointer<CChar>?
    private var capacity = 0
    private let path: String

    /// - Throws: ``RunError`` with ``ExitStatus/noInput``.
    package init(_ path: String) throws(RunError) {
        guard let file = fopen(path, "r") else {
            throw RunError(
                .noInput, "can't open \(path): \(String(cString: strerror(errno)))", naming: .path(path))
        }
        self.file = file
        self.path = path
    }

    deinit {
        free(buffer)
        fclose(file)
    }

    /// The next line without its end; nil when there is none.
    package func next() throws(RunError) -> String? {
        let count = getline(&buffer, &capacity, file)
        guard count >= 0, let buffer else {
            if ferror(file) != 0 {
                throw RunError(
                    .noInput, "can't read \(path): \(String(cString: strerror(errno)))", naming: .path(path))
            }
            return nil
        }
        let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
        return String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
