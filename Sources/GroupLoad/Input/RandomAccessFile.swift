import Foundation
import RecordFormats

/// A file that is open to be read at any offset; closed when it goes.
final class RandomAccessFile: Sendable {
    private let descriptor: CInt
    private let count: Int64

    /// Takes over the descriptor of a file, which it will close.
    init(descriptor: CInt) {
        self.descriptor = descriptor
        count = FileStatus(descriptor: descriptor)?.bytes ?? 0
    }

    deinit { close(descriptor) }

    /// Its bytes, for a decoder.
    var bytes: RandomAccessBytes {
        RandomAccessBytes(count: count) { [self] offset, count throws(DecodingFailure) in
            try read(at: offset, count)
        }
    }

    private func read(at offset: Int64, _ count: Int) throws(DecodingFailure) -> [UInt8] {
        while true {
            var failure: CInt = 0
            // Safe: the buffer has room for `count`, the system writes no more, and `filled` is what it wrote.
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let read = unsafe pread(descriptor, buffer.baseAddress, count, off_t(offset))
                if read < 0 { failure = errno }
                filled = max(read, 0)
            }
            if failure == 0 { return chunk }
            if failure != EINTR {
                throw DecodingFailure(code: .unreadable, message: "reading failed: \(SystemCall.message(failure))")
            }
        }
    }
}
