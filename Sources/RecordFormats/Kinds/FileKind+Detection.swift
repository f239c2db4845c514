extension FileKind {
    /// So many bytes are enough to tell the kind of any file; more aren't looked at.
    package static let firstBytesMax = 1 << 16

    /// The kind of a file that begins with `bytes`, the first ``firstBytesMax`` bytes of it or all.
    /// - Parameter encoding: what the user says that the text is in; nil for nothing.
    package init(firstBytes bytes: [UInt8], encoding: TextEncoding? = nil) {
        let bytes = bytes.count > Self.firstBytesMax ? Array(bytes.prefix(Self.firstBytesMax)) : bytes
        if let kind = Self.signed(bytes) {
            self = kind
        } else if let markup = MarkupProlog(firstBytes: bytes)?.kind {
            self = markup
        } else if Self.isOfPHPMyAdmin(bytes) {
            self = .databaseExport
        } else if let kind = Self.textless(bytes, encoding) {
            self = kind
        } else {
            self = .text
        }
    }

    /// Whether JSON begins with the object that phpMyAdmin puts before its tables.
    private static func isOfPHPMyAdmin(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes.prefix(400), as: UTF8.self).filter { !$0.isWhitespace }
        return text.hasPrefix("[{\"type\":\"header\"")
            && ["phpmyadmin", "\"type\":\"database\"", "\"type\":\"table\""].contains { text.lowercased().contains($0) }
    }

    /// The kind of a file whose compression or archive `bytes` say; a few bytes are enough for gzip and zstd.
    package static func signed(_ bytes: [UInt8]) -> FileKind? {
        if let found = signatures.first(where: { bytes.starts(with: $0.bytes) }) { return found.kind }
        if bytes.count >= 4, (0x50...0x5F).contains(bytes[0]), bytes[1...].starts(with: [0x2A, 0x4D, 0x18]) {
            return .zstd
        }
        if bytes.starts(with: zipEntry) { return zip(bytes) }
        if bytes.starts(with: oleHeader) { return ole(bytes) }
        if bytes.count >= 8, bytes.starts(with: "BZh".utf8),
            [[0x31, 0x41, 0x59, 0x26], [0x17, 0x72, 0x45, 0x38]].contains(bytes[4..<8])
        {
            return .bzip2
        }
        // Text may begin with these letters, too; a control character follows them here.
        for word in ["PAR1", "Obj"] where bytes.count > word.utf8.count && bytes.starts(with: word.utf8) {
            let next = bytes[word.utf8.count]
            if next < 0x20, next != 0x09, next != 0x0A, next != 0x0D { return .columns }
        }
        if bytes.count > 262, bytes[257...].starts(with: "ustar".utf8) { return .tar }
        if String(decoding: bytes.prefix(13), as: UTF8.self).lowercased() == "mime-version:" { return .webArchive }
        return nil
    }

    /// Whether more bytes can't change what the kind is.
    package static func isDecided(firstBytes bytes: [UInt8]) -> Bool {
        if bytes.count >= firstBytesMax { return true }
        switch signed(bytes) {
        case .zip?, .ole?, .officeDocument?, .xlsx?: return false
        case _?: return true
        case nil: break
        }
        return MarkupProlog(firstBytes: bytes)?.isWhole ?? true
    }

    private static let zipEntry: [UInt8] = [0x50, 0x4B, 3, 4]
    private static let oleHeader: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    /// First bytes that say a kind by themselves.
    private static let signatures: [(bytes: [UInt8], kind: FileKind)] = [
        ([0x1F, 0x8B], .gzip), ([0x28, 0xB5, 0x2F, 0xFD], .zstd),
        ([0x50, 0x4B, 5, 6], .zip), ([0x50, 0x4B, 7, 8], .zip),
        // The first record of a workbook before Excel 97, which stood in no container.
        ([0x09, 0x08, 0x10, 0], .xls), ([0x09, 0x08, 0x08, 0], .xls), ([0x09, 0x04, 0x06, 0], .xls),
        ([0x09, 0x02, 0x06, 0], .xls), ([0x09, 0x00, 0x04, 0], .xls),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .xz), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
        (Array("Rar!".utf8) + [0x1A, 7], .rar), ([0x04, 0x22, 0x4D, 0x18], .lz4), (Array("LZIP".utf8) + [1], .lzip),
        ([0x1F, 0x9D], .compress), ([0x1F, 0xA0], .compress), (Array("%PDF-".utf8), .pdf),
        (Array("{\\rtf".utf8), .richText), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], .image),
        ([0xFF, 0xD8, 0xFF], .image),
        (Array("GIF89a".utf8), .image), (Array("GIF87a".utf8), .image),
        (Array("SQLite format 3".utf8) + [0], .sqlite), (Array("ARROW1".utf8) + [0], .columns),
        (Array("-----BEGIN PGP MESSAGE".utf8), .encrypted), (Array("bplist00".utf8), .binary),
    ]

    /// The kind of a ZIP file by the names of its entries as far as they are among the first bytes (APPNOTE.TXT,
    /// sections 4.3.7 and 4.3.12).
    private static func zip(_ bytes: [UInt8]) -> FileKind {
        var found = FileKind.zip
        var index = 0
        while index + 46 < bytes.count {
            if bytes[index] == 0x50, bytes[index + 1] == 0x4B, let kind = zipEntryKind(bytes, at: index) {
                if kind != .xlsx, kind != .officeDocument { return kind }
                if found != .xlsx { found = kind }
            }
            index += 1
        }
        return found
    }

    /// What the entry at `index` says of the file, if there is one; nil for nothing. 46 bytes are there.
    private static func zipEntryKind(_ bytes: [UInt8], at index: Int) -> FileKind? {
        let isEntry = bytes[index + 2] == 3 && bytes[index + 3] == 4
        guard isEntry || bytes[index + 2] == 1 && bytes[index + 3] == 2 else { return nil }
        let (length, start) = isEntry ? (index + 26, index + 30) : (index + 28, index + 46)
        let end = min(start + Int(bytes[length]) + Int(bytes[length + 1]) << 8, bytes.count)
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        if name == "xl/workbook.bin" || name.hasPrefix("xl/worksheets/") && name.hasSuffix(".bin") { return .xlsb }
        if name.hasPrefix("xl/") { return .xlsx }
        if name.hasSuffix(".iwa") || name == "Index.zip" || name == "index.apxl" { return .numbers }
        if name == "mimetype" {
            let type = String(decoding: bytes[end...].prefix(120), as: UTF8.self)
            if type.contains("opendocument.spreadsheet") { return .ods }
            return type.contains("application/") ? .officeDocument : nil
        }
        let isOffice = ["word/", "ppt/", "visio/", "_rels/", "docProps/", "[Content_Types].xml"]
            .contains(where: name.hasPrefix)
        return isOffice ? .officeDocument : nil
    }

    /// What OLE's container holds, by the names in its directory where that is among the first bytes ([MS-CFB],
    /// section 2.6).
    private static func ole(_ bytes: [UInt8]) -> FileKind {
        func has(_ name: String) -> Bool { bytes.firstRange(of: name.utf8.flatMap { [$0, 0] }) != nil }
        if has("EncryptedPackage") { return .protected }
        if has("Workbook") || has("Book\0") { return .xls }
        return has("WordDocument") || has("PowerPoint Document") ? .officeDocument : .ole
    }

    /// Text that is in UTF-16 or UTF-32 and doesn't say so, and bytes that are no text; nil for other text.
    private static func textless(_ bytes: [UInt8], _ encoding: TextEncoding?) -> FileKind? {
        let sample = bytes.prefix(1024)
        if sample.starts(with: [0xFF, 0xFE, 0, 0]) || sample.starts(with: [0, 0, 0xFE, 0xFF]) { return .utf32 }
        if sample.starts(with: [0xFF, 0xFE]) || sample.starts(with: [0xFE, 0xFF]) { return nil }
        if encoding == .utf16LittleEndian || encoding == .utf16BigEndian { return nil }
        var zeros = [0, 0, 0, 0]
        var controls = 0
        for (index, byte) in sample.enumerated() {
            if byte == 0 { zeros[index & 3] += 1 }
            if byte < 0x20, ![0x09, 0x0A, 0x0C, 0x0D, 0x1A].contains(byte) { controls += 1 }
        }
        let units = sample.count / 4
        if units >= 1, zeros[1] >= units, zeros[2] >= units, max(zeros[0], zeros[3]) >= units { return .utf32 }
        let (even, odd) = (zeros[0] + zeros[2], zeros[1] + zeros[3])
        let isWide = even + odd >= max(2, sample.count / 16)
        // XML says itself that it is in UTF-16.
        if isWide, even == 0 { return bytes.starts(with: [0x3C, 0]) ? nil : .utf16LittleEndian }
        if isWide, odd == 0 { return bytes.starts(with: [0, 0x3C]) ? nil : .utf16BigEndian }
        return controls >= 8 && controls > sample.count / 10 ? .binary : nil
    }
}
