/// What stands before and in the first tag of HTML or XML, by which documents that are no lists are recognised.
///
/// Byte order marks, white space, comments, processing instructions and the document type declaration are passed over.
/// All bytes that matter are ASCII; in UTF-16 they are looked at without the zeros between them.
struct MarkupProlog {
    /// The first tag: its name in lower case, and all of it as written.
    private var name = ""
    private var tag = ""
    /// The name of the tag behind it, in lower case; empty where another thing than a tag follows.
    private var next = ""
    private var isExcel = false
    private var isWebPage = false
    /// Whether more bytes change nothing.
    private(set) var isWhole = false
    private let bytes: [UInt8]

    /// Nil for bytes that begin with no markup.
    init?(firstBytes: [UInt8]) {
        let isWide = firstBytes.prefix(8).contains(0)
        var plain = isWide ? firstBytes.filter { $0 != 0 } : firstBytes
        for mark in [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]] where plain.starts(with: mark) {
            plain.removeFirst(mark.count)
            break
        }
        bytes = plain
        var index = 0
        skipBlanks(&index)
        guard index < bytes.count, bytes[index] == UInt8(ascii: "<") else { return nil }
        read(from: index)
    }

    /// What the document is where it can't be a list; nil for what may be one.
    var kind: FileKind? {
        if isWebPage { return .webPage }
        let local = name.split(separator: ":").last.map(String.init) ?? ""
        if local == "plist" { return .propertyList }
        if local == "pma_xml_export" || local == "mysqldump" || local == "resultset" && tag.contains("statement=") {
            return .databaseExport
        }
        if local == "objs", tag.contains("schemas.microsoft.com/powershell/") { return .clixml }
        if local == "schema", tag.contains("http://www.w3.org/2001/XMLSchema") { return .schema }
        if Self.pageElements.contains(local) { return .webPage }
        if local == "table", Self.tableElements.contains(next) { return .webPage }
        if local == "workbook", isExcel || tag.contains("urn:schemas-microsoft-com:office:spreadsheet") {
            return .excelXML
        }
        if name.hasPrefix("office:document") || tag.contains("urn:oasis:names:tc:opendocument:xmlns:office") {
            let isSheet = tag.contains("opendocument.spreadsheet") || holds("office:spreadsheet")
            return isSheet ? .flatODS : .officeDocument
        }
        return Self.officeSpaces.contains(where: tag.contains) ? .officeDocument : nil
    }

    /// Elements that a page may begin with, and no list of records does.
    private static let pageElements: Set<String> = [
        "html", "head", "body", "meta", "script", "style", "div", "center", "font", "h1", "h2", "h3", "p", "br", "pre",
        "span", "img", "iframe",
    ]
    /// Elements of HTML's table; in a list, `table` may well be the root.
    private static let tableElements: Set<String> = [
        "tr", "thead", "tbody", "tfoot", "caption", "colgroup", "col", "th", "td",
    ]
    /// The name spaces of documents of Microsoft Office and of their parts. Access's (`officedata`) is a list's.
    private static let officeSpaces = [
        "schemas.microsoft.com/office/word/", "schemas.microsoft.com/office/2006/xmlPackage",
        "schemas.openxmlformats.org/spreadsheetml/", "schemas.openxmlformats.org/wordprocessingml/",
        "schemas.openxmlformats.org/presentationml/", "schemas.openxmlformats.org/package/", "purl.oclc.org/ooxml/",
    ]

    private func holds(_ text: String) -> Bool { bytes.firstRange(of: text.utf8) != nil }

    private mutating func read(from start: Int) {
        var index = start
        while let item = item(&index) {
            switch item {
            case .comment: break
            case .instruction(let text): if text.contains("Excel.Sheet") { isExcel = true }
            case .doctype(let root):
                isWebPage = root == "html"
                if isWebPage { return isWhole = true }
            case .tag(let text):
                (name, tag) = (Self.name(of: text), text)
                isWhole = true
                guard name == "table" else { return }
                isWhole = false
                while let following = self.item(&index) {
                    if case .comment = following { continue }
                    if case .tag(let text) = following { next = Self.name(of: text) }
                    return isWhole = true
                }
                return
            case .other: return isWhole = true
            }
        }
    }

    private enum Item {
        case comment, instruction(String), doctype(String), tag(String), other
    }

    /// The item that begins at `index`, which is behind it then; nil where it isn't whole.
    private func item(_ index: inout Int) -> Item? {
        skipBlanks(&index)
        let rest = bytes[index...]
        guard rest.count >= 4 else { return nil }
        if rest.starts(with: "<!--".utf8) { return upTo("-->", &index) == nil ? nil : .comment }
        if rest.starts(with: "<?".utf8) { return upTo("?>", &index).map { .instruction($0) } }
        if rest.starts(with: "<!".utf8) {
            guard let text = upTo(">", &index)?.lowercased() else { return nil }
            guard text.hasPrefix("<!doctype") else { return .other }
            let root = text.utf8.dropFirst(9).split(whereSeparator: Self.nameEnds.contains).first
            return .doctype(root.map { String(decoding: $0, as: UTF8.self) } ?? "")
        }
        guard rest.first == UInt8(ascii: "<") else { return .other }
        return upTo(">", &index).map { .tag($0) }
    }

    /// The text up to the end of `mark`, behind which `index` is then; nil where there is none.
    private func upTo(_ mark: String, _ index: inout Int) -> String? {
        guard let found = bytes[index...].firstRange(of: mark.utf8) else { return nil }
        defer { index = found.upperBound }
        return String(decoding: bytes[index..<found.upperBound], as: UTF8.self)
    }

    /// Bytes behind a name.
    private static let nameEnds = Array(" \t\r\n/>[".utf8)

    private static func name(of tag: String) -> String {
        let bytes = tag.utf8.dropFirst().prefix { !nameEnds.contains($0) }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }

    private func skipBlanks(_ index: inout Int) {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }
}
