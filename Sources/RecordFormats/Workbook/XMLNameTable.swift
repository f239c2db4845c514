/// Finds the ``XMLName`` of bytes without making a text of them.
struct XMLNameTable {
    /// A name of at most 24 bytes, in three words.
    private struct Key: Equatable {
        var low: UInt64 = 0, middle: UInt64 = 0, high: UInt64 = 0

        init(_ bytes: Span<UInt8>) {
            for index in 0..<bytes.count {
                let part = UInt64(bytes[index]) &<< UInt64((index & 7) &* 8)
                if index < 8 { low |= part } else if index < 16 { middle |= part } else { high |= part }
            }
        }

        var slot: Int {
            let mixed = (low ^ middle &* 0x9E37_79B9_7F4A_7C15 ^ high &* 0xC2B2_AE3D_27D4_EB4F) &* 0xD6E8_FEB8_6659_FD93
            return Int(truncatingIfNeeded: mixed &>> 55)
        }
    }

    private static let bytesMax = 24
    /// Names of one byte by that byte.
    private var short: [XMLName] = Array(repeating: .other, count: 256)
    private var slots: [(key: Key, name: XMLName)?] = Array(repeating: nil, count: 512)

    init() {
        for name in XMLName.allCases where name != .other {
            let bytes = Array(name.rawValue.utf8)
            precondition(bytes.count <= Self.bytesMax, "a name has at most 24 bytes")
            if bytes.count == 1 { short[Int(bytes[0])] = name }
            let key = Key(bytes.span)
            var slot = key.slot
            while slots[slot] != nil { slot = (slot + 1) & 511 }
            slots[slot] = (key, name)
        }
    }

    /// The name of bytes.
    @inline(__always)
    func name(_ bytes: Span<UInt8>) -> XMLName {
        if bytes.count == 1 { return short[Int(bytes[0])] }
        guard bytes.count <= Self.bytesMax, bytes.count > 0 else { return .other }
        let key = Key(bytes)
        var slot = key.slot
        while let found = slots[slot] {
            if found.key == key { return found.name }
            slot = (slot + 1) & 511
        }
        return .other
    }
}
