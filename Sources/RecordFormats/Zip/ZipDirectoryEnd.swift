/// Where an archive's central directory is, by the record at the archive's end (APPNOTE 6.3.10, 4.3.14 to 4.3.16).
struct ZipDirectoryEnd {
    let entryCount: Int64
    let directoryOffset: Int64
    let directoryBytes: Int64

    private static let recordBytes = 22, commentBytesMax = 0xFFFF, locatorBytes = 20, longRecordBytes = 56

    /// Searches for the record from the end on, and reads it, and where it says so the one of 64 bits.
    /// - Throws: `truncated` where there is none, `refusedArchive` where there are several files.
    init(_ source: RandomAccessBytes) throws(DecodingFailure) {
        let tailBytes = Int(min(source.count, Int64(Self.recordBytes + Self.commentBytesMax)))
        let tailOffset = source.count - Int64(tailBytes)
        let tail = try source.exactly(at: tailOffset, tailBytes)
        guard let place = Self.lastRecord(in: tail) else { throw ZipArchive.cutShort }
        let record = tail[place...]
        let isSplit = record.word(4) != record.word(6) || record.word(8) != record.word(10)
        let short = [Int64(record.word(10)), record.long(12), record.long(16)]
        var end = tailOffset + Int64(place)
        var (count, bytes, offset) = (short[0], short[1], short[2])
        if let long = try Self.longRecord(source, before: end) {
            (count, bytes, offset, end) = long
            for (index, long) in [count, bytes, offset].enumerated()
            where short[index] != long && short[index] != (index == 0 ? 0xFFFF : 0xFFFF_FFFF) {
                throw ZipArchive.damaged("its two directories differ")
            }
        } else if isSplit || record.word(4) != 0 {
            throw ZipArchive.split
        }
        guard offset >= 0, bytes >= 0, offset <= end, bytes == end - offset else {
            throw ZipArchive.damaged("its directory isn't where it says, or something was put before or behind it")
        }
        (entryCount, directoryOffset, directoryBytes) = (count, offset, bytes)
    }

    /// The last record whose comment ends within the file.
    private static func lastRecord(in tail: [UInt8]) -> Int? {
        var place = tail.count - recordBytes
        while place >= 0 {
            if tail[place] == 0x50, tail[place + 1] == 0x4B, tail[place + 2] == 5, tail[place + 3] == 6,
                place + recordBytes + tail[place...].word(20) <= tail.count
            {
                return place
            }
            place -= 1
        }
        return nil
    }

    /// The record of 64 bits that stands before the plain one; nil where there is none.
    private static func longRecord(
        _ source: RandomAccessBytes, before end: Int64
    ) throws(DecodingFailure) -> (count: Int64, bytes: Int64, offset: Int64, end: Int64)? {
        guard end >= Int64(locatorBytes) else { return nil }
        let locator = try source.exactly(at: end - Int64(locatorBytes), locatorBytes)[...]
        guard locator.starts(with: [0x50, 0x4B, 6, 7]) else { return nil }
        guard locator.long(4) == 0, locator.long(16) <= 1 else { throw ZipArchive.split }
        guard let place = locator.quad(8), place <= end - Int64(locatorBytes + longRecordBytes) else {
            throw ZipArchive.damaged("its directory isn't where it says")
        }
        let record = try source.exactly(at: place, longRecordBytes)[...]
        guard record.starts(with: [0x50, 0x4B, 6, 6]), let count = record.quad(32), let bytes = record.quad(40),
            let offset = record.quad(48)
        else { throw ZipArchive.damaged("its directory isn't where it says") }
        guard record.long(16) == 0, record.long(20) == 0, record.quad(24) == count else { throw ZipArchive.split }
        return (count, bytes, offset, place)
    }
}
