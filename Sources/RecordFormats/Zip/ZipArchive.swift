/// A ZIP archive (APPNOTE 6.3.10): what its central directory lists, read with suspicion.
///
/// Refused are archives that are encrypted or split, that hold two entries of one name, entries that overlap, or names
/// that lead out of it: a workbook has none of these, and two programs would read two things from it.
struct ZipArchive {
    /// The entries in the order of the central directory.
    let entries: [ZipEntry]
    private let source: RandomAccessBytes
    private let limits: ZipLimits

    /// Reads the central directory.
    /// - Throws: `truncated`, `damagedArchive`, `refusedArchive`, `limitExceeded`, and what reading throws.
    init(_ source: RandomAccessBytes, limits: ZipLimits = ZipLimits()) throws(DecodingFailure) {
        self.source = source
        self.limits = limits
        let end = try ZipDirectoryEnd(source)
        guard end.entryCount <= limits.entriesMax, end.directoryBytes <= limits.directoryBytesMax else {
            throw DecodingFailure(
                code: .limitExceeded,
                message: "the archive lists \(end.entryCount) entries, more than any workbook; save it again")
        }
        let directory = try source.exactly(at: end.directoryOffset, Int(end.directoryBytes))
        var entries: [ZipEntry] = []
        var place = 0
        while entries.count < end.entryCount {
            entries.append(try Self.entry(directory[...], &place))
        }
        guard place == directory.count else { throw Self.damaged("its directory has another length than it says") }
        self.entries = try Self.bounded(entries, before: end.directoryOffset)
    }

    /// The entry of a name, without regard to ASCII case, as package names are compared (ECMA-376-2, 6.2.2.3).
    func entry(_ name: String) -> ZipEntry? {
        let wanted = name.lowercased()
        return entries.first { $0.name == name } ?? entries.first { $0.name.lowercased() == wanted }
    }

    /// A reader at the beginning of an entry.
    /// - Parameter bytesMax: how long it may be, inflated; nil for as long as any part.
    /// - Throws: `damagedArchive`, `refusedArchive`, `limitExceeded`.
    func reader(of entry: ZipEntry, bytesMax: Int64? = nil) throws(DecodingFailure) -> ZipEntryReader {
        try ZipEntryReader(entry, of: source, bytesMax: bytesMax ?? limits.partBytesMax)
    }

    /// Reads the header of an entry in the central directory, from `place` on (section 4.3.12).
    private static func entry(_ directory: ArraySlice<UInt8>, _ place: inout Int) throws(DecodingFailure) -> ZipEntry {
        guard place + 46 <= directory.count, directory.part(place, 4).elementsEqual([0x50, 0x4B, 1, 2]) else {
            throw damaged("its directory ends early")
        }
        let header = directory.dropFirst(place)
        let (nameBytes, extraBytes, commentBytes) = (header.word(28), header.word(30), header.word(32))
        guard 46 + nameBytes + extraBytes + commentBytes <= header.count else {
            throw damaged("its directory ends early")
        }
        place += 46 + nameBytes + extraBytes + commentBytes
        var sizes = [header.long(24), header.long(20), header.long(42)]
        var disk = Int64(header.word(34))
        try readLongSizes(header.part(46 + nameBytes, extraBytes), &sizes, &disk)
        guard disk == 0 else { throw split }
        // Writers of old separate by a backslash.
        let name = String(decoding: header.part(46, nameBytes).map { $0 == 0x5C ? 0x2F : $0 }, as: UTF8.self)
        let method: ZipEntry.Method =
            switch header.word(10) {
            case 0: .stored
            case 8: .deflate
            case let number: .other(number)
            }
        let entry = ZipEntry(
            name: name, method: method, isEncrypted: header.word(8) & 1 != 0, crc: UInt32(header.long(16)),
            compressedBytes: sizes[1], bytes: sizes[0], offset: sizes[2])
        guard !entry.isNameRefused else {
            throw DecodingFailure(
                code: .refusedArchive, message: "the archive holds a name that leads out of it; don't trust this file")
        }
        return entry
    }

    /// Reads the sizes that don't fit 32 bits, which stand in the order of `sizes` (section 4.5.3).
    private static func readLongSizes(
        _ extra: ArraySlice<UInt8>, _ sizes: inout [Int64], _ disk: inout Int64
    ) throws(DecodingFailure) {
        var rest = extra
        while rest.count >= 4 {
            let (id, count) = (rest.word(0), rest.word(2))
            guard count <= rest.count - 4 else { return }
            var field = rest.part(4, count)
            rest = rest.dropFirst(4 + count)
            guard id == 1 else { continue }
            for index in sizes.indices where sizes[index] == 0xFFFF_FFFF {
                guard field.count >= 8, let size = field.quad(0) else { throw damaged("a size in it is missing") }
                sizes[index] = size
                field = field.dropFirst(8)
            }
            if disk == 0xFFFF, field.count >= 4 { disk = field.long(0) }
            return
        }
    }

    /// The entries with the offset at which each must end, none of which overlaps another or has another's name.
    private static func bounded(
        _ entries: [ZipEntry], before directoryOffset: Int64
    ) throws(DecodingFailure) -> [ZipEntry] {
        var entries = entries
        guard Set(entries.map { $0.name.lowercased() }).count == entries.count else {
            throw DecodingFailure(
                code: .refusedArchive,
                message: "the archive holds two entries of one name, which programs read differently; save it again")
        }
        let order = entries.indices.sorted { entries[$0].offset > entries[$1].offset }
        var next = directoryOffset
        for index in order {
            entries[index].end = next
            let (offset, compressed) = (entries[index].offset, entries[index].compressedBytes)
            // A local header has at least 30 bytes.
            guard offset >= 0, compressed >= 0, offset <= next - 30, compressed <= next - 30 - offset else {
                throw DecodingFailure(
                    code: .refusedArchive,
                    message: "entries of the archive overlap, as no workbook's do; don't trust this file")
            }
            next = offset
        }
        return entries
    }

    static var cutShort: DecodingFailure {
        DecodingFailure(code: .truncated, message: "the file is cut short; fetch or save it again")
    }

    static var split: DecodingFailure {
        DecodingFailure(
            code: .refusedArchive, message: "the archive is split over several files; save the workbook as one file")
    }

    static func damaged(_ what: String) -> DecodingFailure {
        DecodingFailure(code: .damagedArchive, message: "the archive is damaged: \(what); fetch or save the file again")
    }
}
