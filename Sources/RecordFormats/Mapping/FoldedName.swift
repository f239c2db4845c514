/// A name in the form that names are compared in: at most 16 bytes, without blanks, quotes, `_` and `-`, ASCII letters
/// in lower case. Two words of fixed size, so that a comparison reads no memory elsewhere.
struct FoldedName: Sendable, Equatable {
    private static let bytesMax = 16

    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var count = 0

    /// What a name is folded to.
    enum Folding {
        case name(FoldedName)
        /// The name begins with `_`.
        case ignored
        /// The name is longer than any standard name.
        case tooLong
    }

    /// Precondition: `name` is folded already, and has at most 16 bytes.
    init(standard name: String) {
        precondition(name.utf8.count <= Self.bytesMax, "a standard name has at most 16 bytes")
        for byte in name.utf8 { append(byte) }
    }

    private init() {}

    /// Folds a name.
    static func fold(_ written: Span<UInt8>) -> Folding {
        var name = FoldedName()
        for index in 0..<written.count {
            let byte = written[index]
            if byte == 0x20 || byte == 0x09 || byte == 0x22 { continue }
            if byte == UInt8(ascii: "_"), name.count == 0 { return .ignored }
            if byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") { continue }
            if name.count == bytesMax { return .tooLong }
            name.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        return .name(name)
    }

    private mutating func append(_ byte: UInt8) {
        if count < 8 {
            low |= UInt64(byte) << UInt64(count * 8)
        } else {
            high |= UInt64(byte) << UInt64((count - 8) * 8)
        }
        count += 1
    }

    /// The four bytes of a name that has exactly four, the first of which is the word's highest; nil for any other
    /// name.
    var fourBytes: UInt32? { count == 4 ? UInt32(truncatingIfNeeded: low).byteSwapped : nil }
}
