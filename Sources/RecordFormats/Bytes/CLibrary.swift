// The one place of this module that imports the C library: memchr, iconv and vsnprintf.
internal import Glibc

extension Span<UInt8> {
    /// The offset of the first LF from `start` on; nil where there is none. Precondition: `start` is at most `count`.
    func firstLineEnd(from start: Int) -> Int? { firstIndex(of: 0x0A, from: start) }

    /// The offset of the first `byte` from `start` on; nil where there is none. Precondition: `start` is at most
    /// `count`.
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        // Safe: memchr reads the bytes from `start` to the span's end only.
        unsafe withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, CInt(byte), buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }
}

/// An iconv descriptor that converts text of one encoding to UTF-8.
@safe struct TextConverter: ~Copyable {
    /// Why a conversion stopped.
    enum Stop {
        /// All of the source was converted.
        case end
        /// The source ends inside a character.
        case cutCharacter
        /// The source holds bytes that are not valid.
        case invalidBytes
        /// The target is full.
        case targetFull
    }

    private let descriptor: iconv_t

    /// - Parameter encoding: the encoding's name; nil where the C library has no table for it.
    init?(from encoding: String) {
        // Safe: the descriptor that is opened here is closed once, by deinit.
        let opened = unsafe iconv_open("UTF-8", encoding)
        guard let descriptor = unsafe opened, Int(bitPattern: descriptor) != -1 else { return nil }
        unsafe self.descriptor = descriptor
    }

    deinit { _ = unsafe iconv_close(descriptor) }

    /// Converts the bytes of `source` from `consumed` on, and writes the text to `target` from `produced` on. Moves
    /// both offsets behind what was converted.
    func convert(
        _ source: Span<UInt8>, _ consumed: inout Int, into target: inout [UInt8], _ produced: inout Int
    ) -> Stop {
        // Safe: iconv reads and writes within the counts that it gets, and only reads its input, whose pointer isn't
        // const in C.
        let isWhole = unsafe source.withUnsafeBufferPointer { source in
            unsafe target.withUnsafeMutableBufferPointer { target in
                var from = unsafe UnsafeMutableRawPointer(mutating: source.baseAddress.map { unsafe $0 + consumed })?
                    .assumingMemoryBound(to: CChar.self)
                var into = unsafe UnsafeMutableRawPointer(target.baseAddress.map { unsafe $0 + produced })?
                    .assumingMemoryBound(to: CChar.self)
                var fromLeft = source.count - consumed
                var intoLeft = target.count - produced
                let result = unsafe iconv(descriptor, &from, &fromLeft, &into, &intoLeft)
                consumed = source.count - fromLeft
                produced = target.count - intoLeft
                return result != Int.max && result != -1
            }
        }
        if isWhole { return .end }
        return errno == EINVAL ? .cutCharacter : errno == E2BIG ? .targetFull : .invalidBytes
    }
}

/// Functions of the C library that need no state.
enum CLibrary {
    /// A number in at most `digits` significant digits, the shortest form of them (C's `%g`).
    /// Precondition: `digits` is 1 to 17.
    static func text(of value: Double, digits: Int) -> [UInt8] {
        var text = [CChar](repeating: 0, count: 40)
        // Safe: vsnprintf writes at most the buffer's bytes; a sign, 17 digits, zeros and an exponent fit in.
        let count = unsafe text.withUnsafeMutableBufferPointer { buffer in
            unsafe withVaList([value]) { unsafe Int(vsnprintf(buffer.baseAddress, buffer.count, "%.\(digits)g", $0)) }
        }
        return text.prefix(max(0, min(count, 39))).map { UInt8(bitPattern: $0) }
    }
}
