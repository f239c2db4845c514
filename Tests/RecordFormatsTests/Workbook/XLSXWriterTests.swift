import RecordFormats
import Testing

/// What is written as a workbook is read as it was.
@Suite struct XLSXWriterTests {
    private static let texts = [
        "Gold", "0012", "=A1", "-1", "1e5", "TRUE", "2024-03-01", " a ", "a\tb\nc\r\nd", "R&D <b>", "_x000D_", "_x12_",
        "\u{1}\u{1F}", "\u{FFFE}\u{FFFF}\u{FFFD}", "東京 🎉", "\"q\"", "a,b;c", String(repeating: "é", count: 32_767),
    ]

    private func packed(_ encoder: TableEncoder) -> [UInt8] {
        let package = XLSXPackage(sheet: "Groups")
        return package.pack(encoder.bytes) + package.finish()
    }

    @Test func valuesComeBack() {
        var encoder = TableEncoder(
            format: .xlsx, title: MemberMapping.standard.title, columns: ["id", "name", "rank", "isActive"])
        encoder.begin()
        for (number, text) in Self.texts.enumerated() {
            let isWritten = encoder.append(
                [.integer(Int64(number)), .text(text), .integer(-7), .boolean(number % 2 == 0)])
            #expect(isWritten, "\(number)")
        }
        let isLastWritten = encoder.append([.integer(1 << 60), .text("last"), .absent, .absent])
        #expect(isLastWritten)
        encoder.end()
        let decoded = DecodedWorkbook(packed(encoder))
        #expect(decoded.failure == nil)
        #expect(decoded.columns == ["id", "name", "rank", "isActive"])
        #expect(decoded.records.dropLast().map(\.name) == Self.texts.map { "text:\($0)" })
        #expect(decoded.records.dropLast().allSatisfy { $0.rank == "text:-7" && $0.problem == nil })
        #expect(decoded.raws.first == "0,Gold,-7,TRUE")
        #expect(decoded.raws.last == "\(1 << 60),last,,")
        #expect(decoded.found.formattedNames.count == 0)
    }

    @Test func textsThatNoCellHolds() {
        var encoder = TableEncoder(format: .xlsx, title: MemberMapping.standard.title, columns: ["name"])
        encoder.begin()
        let written = encoder.append([.text(String(repeating: "🎉", count: 16_384))])
        #expect(!written)
        let next = encoder.append([.text("Gold")])
        #expect(next)
        encoder.end()
        #expect(DecodedWorkbook(packed(encoder)).briefs == ["text:Gold | absent @ 2"])
    }

    @Test func recordsComeBack() throws {
        var batch = RecordBatch()
        let stream = try RecordStream(format: .csv, options: .with())
        try stream.push(Array("name,rank,active\n0012,7,true\n=A1,007,no\n,12345678901234567890,\n".utf8), into: &batch)
        try stream.finish(into: &batch)
        var encoder = RecordEncoder(format: .xlsx, mapping: .standard)
        encoder.begin(hasFlags: true)
        for record in batch.records { try encoder.append(record, in: batch) }
        encoder.end()
        let package = XLSXPackage(sheet: "Groups")
        let decoded = DecodedWorkbook(package.pack(encoder.bytes) + package.finish())
        #expect(decoded.raws == ["0012,7,TRUE", "=A1,007,no", ",12345678901234567890,"])
    }

    @Test func sheetsAreFull() {
        var encoder = TableEncoder(format: .xlsx, title: MemberMapping.standard.title, columns: ["name"])
        encoder.begin()
        var written = 0
        while encoder.append([.absent]) {
            written += 1
            encoder.bytes.removeAll(keepingCapacity: true)
        }
        #expect(written == 1_048_575)
    }
}
