import RecordFormats
import Testing

/// Archives that are damaged, or made to mislead: each ends reading with its code, in bounded memory.
@Suite struct ZipArchiveTests {
    private static let sound = TestWorkbook(
        rows: TestWorkbook.row(1, ["name", "rank"]) + TestWorkbook.row(2, ["Gold", "1"])
    ).bytes

    @Test func readsWhatItWrites() {
        let decoded = DecodedWorkbook(Self.sound)
        #expect(decoded.failure == nil)
        #expect(decoded.briefs == ["text:Gold | text:1 @ 2"])
    }

    @Test func everyTruncationEndsReading() {
        for count in 0..<Self.sound.count {
            let decoded = DecodedWorkbook(Array(Self.sound[..<count]))
            #expect(
                [.truncated, .damagedArchive].contains(decoded.failure?.code),
                "\(count): \(String(describing: decoded.failure))")
        }
    }

    @Test func everyChangedByteEndsReadingOrIsHarmless() {
        for place in Self.sound.indices {
            for change in [0x01, 0x80, 0xFF] as [UInt8] {
                var bytes = Self.sound
                bytes[place] ^= change
                let decoded = DecodedWorkbook(bytes)
                // A changed time or comment does no harm; anything else must never give another list.
                #expect(decoded.failure != nil || decoded.briefs == ["text:Gold | text:1 @ 2"], "byte \(place)")
            }
        }
    }

    @Test(arguments: [
        // A bit of each entry's general purpose flags: encrypted.
        (PatchedArchive.flags(1), DecodingFailure.Code.refusedArchive),
        (.method(9), .refusedArchive),
        (.name("../workbook.xml"), .refusedArchive),
        (.name("xl/worksheets/sheet1.xml"), .refusedArchive),
        (.offset(0), .refusedArchive),
        (.crc, .damagedArchive),
        (.size(1), .damagedArchive),
        (.size(1 << 20), .damagedArchive),
        (.size(0xFFFF_FFF0), .limitExceeded),
        (.disk(1), .refusedArchive),
        (.entries(60_000), .limitExceeded),
        (.entries(3), .damagedArchive),
    ])
    func refuses(_ patch: PatchedArchive, _ code: DecodingFailure.Code) {
        let decoded = DecodedWorkbook(patch.applied(to: Self.sound, entry: "xl/workbook.xml"))
        #expect(decoded.failure?.code == code, "\(String(describing: decoded.failure))")
        #expect(decoded.records.isEmpty)
    }

    @Test func directoryOf64Bits() {
        let decoded = DecodedWorkbook(PatchedArchive.longDirectory(Self.sound))
        #expect(decoded.failure == nil)
        #expect(decoded.briefs == ["text:Gold | text:1 @ 2"])
    }

    @Test func archiveWithoutWorkbook() {
        let decoded = DecodedWorkbook(TestWorkbook.archive([("groups.csv", "name\nGold\n")]))
        #expect(decoded.failure?.code == .unsupportedWorkbook)
    }

    @Test func partOfMoreThanItSays() {
        // A megabyte of blanks that claims to be a byte is no longer inflated behind that byte.
        let book = TestWorkbook(rows: String(repeating: " ", count: 1 << 20))
        let bytes = PatchedArchive.size(10).applied(to: book.bytes, entry: "xl/worksheets/sheet1.xml")
        #expect(DecodedWorkbook(bytes).failure?.code == .damagedArchive)
    }
}

/// A change of one entry in an archive's directory.
struct PatchedArchive: CustomTestStringConvertible, Sendable {
    let testDescription: String
    private let place: Int
    private let value: [UInt8]
    private let isOfEnd: Bool

    private init(_ description: String, at place: Int, _ value: [UInt8], isOfEnd: Bool = false) {
        testDescription = description
        self.place = place
        self.value = value
        self.isOfEnd = isOfEnd
    }

    static func flags(_ bits: UInt8) -> Self { Self("flags", at: 8, [bits]) }
    static func method(_ number: UInt8) -> Self { Self("method", at: 10, [number]) }
    static func name(_ name: String) -> Self { Self("name \(name)", at: 46, Array(name.utf8)) }
    static func offset(_ offset: UInt8) -> Self { Self("offset", at: 42, [offset, 0, 0, 0]) }
    static var crc: Self { Self("CRC", at: 16, [1, 2, 3, 4]) }
    static func size(_ size: UInt32) -> Self {
        Self("size \(size)", at: 24, (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * UInt32($0))) })
    }
    static func disk(_ disk: UInt8) -> Self { Self("disk", at: 34, [disk]) }
    static func entries(_ count: UInt16) -> Self {
        let bytes = [UInt8(truncatingIfNeeded: count), UInt8(count >> 8)]
        return Self("\(count) entries", at: 8, bytes + bytes, isOfEnd: true)
    }

    func applied(to archive: [UInt8], entry: String) -> [UInt8] {
        var archive = archive
        if isOfEnd {
            archive.replaceSubrange(archive.count - 22 + place..<archive.count - 22 + place + value.count, with: value)
            return archive
        }
        var name = Array(entry.utf8)
        var start = Self.directory(archive)
        while !archive[(start + 46)...].starts(with: name) {
            start += 46 + Int(archive[start + 28])
        }
        // Another name of the same length, so that the directory stays whole.
        name =
            Array(value.prefix(name.count))
            + Array(repeating: UInt8(ascii: "x"), count: max(0, name.count - value.count))
        if place == 46, value.count > entry.utf8.count {
            archive[start + 28] = UInt8(value.count)
            archive.replaceSubrange(start + 46..<start + 46 + entry.utf8.count, with: value)
            let size = Int(archive[archive.count - 10]) + Int(archive[archive.count - 9]) << 8
            let longer = size + value.count - entry.utf8.count
            archive[archive.count - 10] = UInt8(longer & 255)
            archive[archive.count - 9] = UInt8(longer >> 8)
            return archive
        }
        archive.replaceSubrange(start + place..<start + place + value.count, with: value)
        return archive
    }

    /// Where the directory begins.
    static func directory(_ archive: [UInt8]) -> Int {
        (0..<4).reduce(0) { $0 | Int(archive[archive.count - 6 + $1]) << (8 * $1) }
    }

    /// The archive with a directory's end of 64 bits before the plain one, which says nothing.
    static func longDirectory(_ archive: [UInt8]) -> [UInt8] {
        func little(_ number: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        let (body, end) = (archive.dropLast(22), Array(archive.suffix(22)))
        let start = directory(archive)
        let count = Int(end[10]) | Int(end[11]) << 8
        let long =
            [0x50, 0x4B, 6, 6] + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + little(count, 8)
            + little(count, 8) + little(body.count - start, 8) + little(start, 8)
        let locator = [0x50, 0x4B, 6, 7] + little(0, 4) + little(body.count, 8) + little(1, 4)
        let plain =
            [0x50, 0x4B, 5, 6] + little(0, 4) + little(0xFFFF, 2) + little(0xFFFF, 2) + little(0xFFFF_FFFF, 4)
            + little(0xFFFF_FFFF, 4) + little(0, 2)
        return Array(body) + long + locator + plain
    }
}
