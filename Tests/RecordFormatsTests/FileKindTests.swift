import RecordFormats
import Testing

@Suite struct FileKindTests {
    /// The local headers of a ZIP file's entries, each with `data` behind its name.
    static func zip(_ names: String..., data: String = "", padding: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        for name in names {
            bytes += [0x50, 0x4B, 3, 4]
            bytes += [UInt8](repeating: 0, count: 22)
            bytes += [UInt8(name.utf8.count), 0, 0, 0]
            bytes += Array((name + data).utf8)
            bytes += [UInt8](repeating: 1, count: 48 + padding)
        }
        return bytes
    }
    static func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } }
    static func bigEndian(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
    /// The container of OLE, with names in its directory.
    static func ole(_ names: String...) -> [UInt8] {
        var bytes = hex("D0 CF 11 E0 A1 B1 1A E1") + [UInt8](repeating: 0, count: 504)
        for name in names { bytes += wide(name) + [0, 0] }
        return bytes
    }
    /// Bytes in hexadecimal digits.
    static func hex(_ digits: String) -> [UInt8] { digits.split(separator: " ").map { UInt8($0, radix: 16) ?? 0 } }

    /// A kind, and first bytes that say it.
    struct Case: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let kind: FileKind
        init(_ bytes: [UInt8], _ kind: FileKind) { (self.bytes, self.kind) = (bytes, kind) }
        init(_ text: String, _ kind: FileKind) { self.init(Array(text.utf8), kind) }
        var testDescription: String { "\(kind): \(String(decoding: bytes.prefix(50), as: UTF8.self).debugDescription)" }
    }

    @Test(arguments: [
        Case(zip("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), .xlsx),
        Case(zip("docProps/app.xml", "docProps/core.xml", "xl/theme/theme1.xml"), .xlsx),
        Case(zip("[Content_Types].xml", "xl/_rels/workbook.bin.rels", "xl/workbook.bin"), .xlsb),
        Case(zip("[Content_Types].xml", "word/document.xml"), .officeDocument),
        Case(zip("mimetype", data: "application/vnd.oasis.opendocument.spreadsheet"), .ods),
        Case(zip("mimetype", data: "application/vnd.oasis.opendocument.text"), .officeDocument),
        Case(zip("Index/Document.iwa"), .numbers), Case(zip("groups.csv"), .zip), Case(hex("50 4B 05 06"), .zip),
        Case(ole(), .ole), Case(ole("Root Entry", "EncryptedPackage"), .protected), Case(ole("Workbook"), .xls),
        Case(ole("WordDocument"), .officeDocument), Case(hex("09 08 10 00 00 06 05 00"), .xls),
        Case(hex("42 5A 68 39 31 41 59 26 53 59"), .bzip2), Case("BZh9,rank\n", .text), Case("BZh", .text),
        Case(hex("FD 37 7A 58 5A 00 00"), .xz), Case(hex("37 7A BC AF 27 1C 00"), .sevenZip),
        Case(hex("52 61 72 21 1A 07 00"), .rar), Case(hex("1F 8B 08"), .gzip), Case(hex("28 B5 2F FD"), .zstd),
        Case(hex("5A 2A 4D 18"), .zstd), Case(hex("1F 9D 90"), .compress),
        Case("groups.csv" + String(repeating: "\0", count: 247) + "ustar\0", .tar),
        Case("%PDF-1.7\n", .pdf), Case("{\\rtf1\\ansi", .richText), Case("PAR1\u{15}", .columns),
        Case("PAR1,rank\n", .text), Case("Obj,x\n", .text), Case("MIME-Version: 1.0\r\nContent-Type", .webArchive),
        Case("SQLite format 3\0", .sqlite), Case((0..<200).map { UInt8($0) }, .binary),
    ])
    func signature(_ row: Case) {
        #expect(FileKind(firstBytes: row.bytes) == row.kind)
        #expect((row.kind.remedy == nil) == (row.kind == .text || row.kind.isWorkbook))
    }

    @Test(arguments: [
        Case(wide("имя;rank\r\nЗолото;1\r\n"), .utf16LittleEndian), Case(bigEndian("name;rank\r\n"), .utf16BigEndian),
        Case([0xFF, 0xFE] + wide("name\n"), .text), Case(wide("<g><i name='a'/></g>"), .text),
        Case(Array("name\n".utf8.map { [$0, 0, 0, 0] }.joined()), .utf32),
        Case(Array("name\n".utf8.map { [0, 0, 0, $0] }.joined()), .utf32),
        Case("name\nA\0B\n", .text), Case("", .text), Case("P", .text),
    ])
    func text(_ row: Case) {
        #expect(FileKind(firstBytes: row.bytes) == row.kind)
    }

    @Test(arguments: [
        Case("<html><body>", .webPage), Case("<HTML\nlang=de>", .webPage), Case("<meta charset=utf-8>", .webPage),
        Case("\u{FEFF}\n <!-- x > y -->\n<!DocType HTML PUBLIC '-//W3C//DTD'>\n<x>", .webPage),
        Case("<?xml version='1.0'?>\n<!DOCTYPE html>\n<html xmlns='http://www.w3.org/1999/xhtml'>", .webPage),
        Case("<table border=1>\n<!-- t --><TR><td>name", .webPage), Case("<table><thead>", .webPage),
        Case("<table><row><name>Gold</name></row></table>", .text),
        Case("<table name='groups'><column name='x'>1", .text),
        Case("<groups><group/>", .text), Case("<heads><head name='a'/></heads>", .text),
        Case("<!DOCTYPE groups [<!ENTITY a 'b'>]><groups/>", .text),
        Case("name,<html>\n", .text), Case("<", .text), Case("<html", .text), Case("<!--", .text),
    ])
    func page(_ row: Case) {
        #expect(FileKind(firstBytes: row.bytes) == row.kind)
        let text = String(decoding: row.bytes, as: UTF8.self)
        #expect(FileKind(firstBytes: Self.wide(text.hasPrefix("\u{FEFF}") ? text : "\u{FEFF}" + text)) == row.kind)
    }

    @Test(arguments: [
        Case("<?xml version='1.0'?><?mso-application progid=\"Excel.Sheet\"?><Workbook>", .excelXML),
        Case("<ss:Workbook xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><ss:Worksheet>", .excelXML),
        Case("<Workbook><sheet name='a'/></Workbook>", .text),
        Case("<office:document xmlns:office='urn:o'><office:body><office:spreadsheet>", .flatODS),
        Case(
            "<o:document xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
                + "o:mimetype='application/vnd.oasis.opendocument.spreadsheet'>", .flatODS),
        Case("<office:document office:mimetype='application/vnd.oasis.opendocument.text'>", .officeDocument),
        Case("<w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'>", .officeDocument),
        Case("<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>", .officeDocument),
        Case("<dataroot xmlns:od='urn:schemas-microsoft-com:officedata'><group><name>a</name></group>", .text),
    ])
    func office(_ row: Case) {
        #expect(FileKind(firstBytes: row.bytes) == row.kind)
    }

    @Test("what the user says of UTF-16 counts") func saidEncoding() {
        #expect(FileKind(firstBytes: Self.wide("name\nGold\n"), encoding: .utf16LittleEndian) == .text)
        #expect(FileKind(firstBytes: Self.zip("xl/workbook.xml"), encoding: .utf16LittleEndian) == .xlsx)
    }

    @Test("more bytes are waited for while they may change the kind")
    func isDecided() {
        for text in ["<table>", "<table><", "<!-- ", "<groups"] {
            #expect(!FileKind.isDecided(firstBytes: Array(text.utf8)))
        }
        for text in ["name,rank", "<groups>", "%PDF-"] { #expect(FileKind.isDecided(firstBytes: Array(text.utf8))) }
        for bytes in [Self.zip("docProps/app.xml"), Self.zip("groups.csv"), Self.ole()] {
            #expect(!FileKind.isDecided(firstBytes: bytes))
        }
        #expect(FileKind.isDecided(firstBytes: Self.zip("groups.csv", padding: 1 << 16)))
    }
}
