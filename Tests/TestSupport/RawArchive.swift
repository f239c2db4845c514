/// A ZIP archive of stored entries, written field by field, so that any of them can lie.
package struct RawArchive {
    /// An entry: what its two headers say, and what stands behind its bytes.
    package struct Entry {
        /// Its name.
        package var name: String
        /// Its bytes.
        package var text: [UInt8]
        /// Whether the local header has no sizes, as where a data descriptor follows.
        package var hasNoSizes = false
        /// What stands behind its bytes.
        package var descriptor: [UInt8] = []
        /// The size that the directory gives in place of the true one.
        package var size: UInt32?
        /// The directory's extra fields.
        package var extra: [UInt8] = []

        /// An entry of bytes.
        package init(_ name: String, _ text: [UInt8]) {
            self.name = name
            self.text = text
        }

        /// An entry of a text.
        package init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
    }

    /// The archive's bytes.
    package static func bytes(_ entries: [Entry]) -> [UInt8] {
        var (body, directory): ([UInt8], [UInt8]) = ([], [])
        for entry in entries {
            let (name, crc) = (Array(entry.name.utf8), crc(entry.text))
            let flags = little(entry.hasNoSizes ? 8 : 0, 2)
            let local = entry.hasNoSizes ? 0 : entry.text.count
            let size = entry.size.map(Int.init) ?? entry.text.count
            let start = body.count
            body += [0x50, 0x4B, 3, 4] + little(20, 2) + flags + little(0, 6)
            body += little(entry.hasNoSizes ? 0 : crc, 4) + little(local, 4) + little(local, 4)
            body += little(name.count, 2) + little(0, 2) + name + entry.text + entry.descriptor
            directory += [0x50, 0x4B, 1, 2] + little(20, 2) + little(20, 2) + flags + little(0, 6) + little(crc, 4)
            directory += little(size, 4) + little(size, 4) + little(name.count, 2) + little(entry.extra.count, 2)
            directory += little(0, 10) + little(start, 4) + name + entry.extra
        }
        let counts = little(entries.count, 2) + little(entries.count, 2)
        return body + directory + [0x50, 0x4B, 5, 6] + little(0, 4) + counts + little(directory.count, 4)
            + little(body.count, 4) + little(0, 2)
    }

    /// A number in so many bytes, the low one first.
    package static func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 0 }
    }

    /// CRC-32 (APPNOTE 6.3.10, 4.4.7).
    package static func crc(_ bytes: [UInt8]) -> Int {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return Int(~crc)
    }
}
