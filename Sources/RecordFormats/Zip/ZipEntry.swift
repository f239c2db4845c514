/// An entry of an archive, as the central directory has it (APPNOTE 6.3.10, section 4.3.12).
struct ZipEntry: Equatable {
    /// How its bytes are kept.
    enum Method: Equatable {
        case stored, deflate
        /// Another method, by its number.
        case other(Int)
    }

    /// The path inside the archive, with slashes.
    let name: String
    let method: Method
    let isEncrypted: Bool
    let crc: UInt32
    let compressedBytes: Int64
    let bytes: Int64
    /// The offset of its local header.
    let offset: Int64
    /// The offset behind its last byte, at most: that of the next entry, or of the central directory.
    var end: Int64 = 0

    /// Whether the name leads out of the archive, or is no text.
    var isNameRefused: Bool {
        name.isEmpty || name.hasPrefix("/") || name.contains("\0")
            || name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
    }
}

extension ArraySlice<UInt8> {
    /// The number of two bytes, the low one first, at `place` from the slice's start.
    func word(_ place: Int) -> Int { Int(self[startIndex + place]) | Int(self[startIndex + place + 1]) << 8 }

    /// The number of four bytes.
    func long(_ place: Int) -> Int64 { Int64(word(place)) | Int64(word(place + 2)) << 16 }

    /// The number of eight bytes; nil above 2⁶³ - 1.
    func quad(_ place: Int) -> Int64? {
        let high = long(place + 4)
        return high >> 31 == 0 ? long(place) | high << 32 : nil
    }

    /// What `count` bytes behind `place` are.
    func part(_ place: Int, _ count: Int) -> ArraySlice<UInt8> {
        self[startIndex + place..<startIndex + place + count]
    }
}
