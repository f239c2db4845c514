/// What a file is by its first bytes, whatever its name says. This is the one place that decides it, for every command
/// that reads a list, from files and pipes, compressed or not.
package enum FileKind: String, CaseIterable, Sendable {
    /// Text, which may be a list in a format of ``RecordFormat``.
    case text = "text"
    /// Data that is compressed as RFC 1952 says.
    case gzip = "gzip data"
    /// Data that is compressed as RFC 8878 says.
    case zstd = "zstd data"

    /// A ZIP file that holds parts of an Excel workbook.
    case xlsx = "an Excel workbook (.xlsx)"
    /// A ZIP file whose type says that it is a spreadsheet of OpenDocument.
    case ods = "an OpenDocument spreadsheet (.ods)"
    /// A workbook in one XML document, as Excel 2003 writes it.
    case excelXML = "an Excel workbook as XML (\"XML Spreadsheet 2003\")"
    /// A spreadsheet of OpenDocument in one XML document.
    case flatODS = "an OpenDocument spreadsheet as XML (.fods)"

    /// A ZIP file that holds a workbook of binary parts.
    case xlsb = "a binary Excel workbook (.xlsb)"
    /// A workbook of Excel 97 to 2003, or of one before.
    case xls = "an old Excel workbook (.xls)"
    /// An Office document in OLE's container whose key is a password.
    case protected = "a workbook or document that is protected by a password"
    /// OLE's container, of which the first bytes don't say what it holds.
    case ole = "an old Excel workbook (.xls), or one that is protected by a password"
    /// A ZIP file that holds parts of a document of Apple's programs.
    case numbers = "a Numbers spreadsheet or another document of Apple's iWork"
    /// A text document or presentation, in a ZIP file, in XML or in OLE's container, or a part of one.
    case officeDocument = "an Office document, or a part of one"
    /// A document in Rich Text Format.
    case richText = "a rich text document (.rtf)"
    /// A document in the Portable Document Format.
    case pdf = "a PDF document"
    /// HTML: a page, or a table of one.
    case webPage = "a web page (HTML)"
    /// A page with its parts, as a mail message.
    case webArchive = "a web archive (MHTML)"
    /// A picture.
    case image = "an image"

    /// A ZIP file that is no workbook or document.
    case zip = "a ZIP archive"
    /// 7-Zip's.
    case sevenZip = "a 7z archive"
    /// WinRAR's.
    case rar = "a RAR archive"
    /// tar's.
    case tar = "a tar archive"
    /// Data of bzip2.
    case bzip2 = "bzip2 data"
    /// Data of xz.
    case xz = "xz data"
    /// Data of lz4.
    case lz4 = "lz4 data"
    /// Data of lzip.
    case lzip = "lzip data"
    /// Data of compress.
    case compress = "compressed data (.Z)"
    /// A message of OpenPGP.
    case encrypted = "an encrypted file (OpenPGP)"

    /// A table in a form in which the fields' names are values: phpMyAdmin's, and what MySQL's programs write as XML.
    case databaseExport = "an export of a database in a form of its own (phpMyAdmin, or MySQL as XML)"
    /// Objects of PowerShell, which `Export-Clixml` writes.
    case clixml = "an export of PowerShell's objects (CLIXML)"
    /// A property list of Apple's programs.
    case propertyList = "a property list (plist)"
    /// A description of documents.
    case schema = "a schema of XML, and no list"

    /// An SQLite database.
    case sqlite = "an SQLite database"
    /// Columns of Parquet, Avro or Arrow.
    case columns = "a Parquet, Avro or Arrow file"
    /// UTF-16 without a byte order mark, the low byte first.
    case utf16LittleEndian = "text in UTF-16 without a byte order mark, the low byte first"
    /// UTF-16 without a byte order mark, the high byte first.
    case utf16BigEndian = "text in UTF-16 without a byte order mark, the high byte first"
    /// UTF-32.
    case utf32 = "text in UTF-32"
    /// Bytes that no text has so many of.
    case binary = "binary data and no text"

    /// What it is, in words that follow "this is".
    package var title: String { rawValue }

    /// Whether it is a workbook, whose sheets are lists.
    package var isWorkbook: Bool {
        switch self {
        case .xlsx, .ods, .excelXML, .flatODS: true
        default: false
        }
    }

    /// What the user can do about a file that can't be read; nil for text and for workbooks.
    package var remedy: String? {
        switch self {
        case .text, .xlsx, .ods, .excelXML, .flatODS: nil
        case .gzip, .zstd: "it is compressed more than once; decompress it until the list is left"
        case .xlsb, .xls, .ole, .numbers:
            "open it in a spreadsheet, save the sheet as CSV (UTF-8), and name that file"
        case .protected: "open it with its password, save the sheet as CSV (UTF-8), and name that file"
        case .officeDocument, .richText, .pdf, .image:
            "a list is CSV, JSON, NDJSON or XML; copy the table into a spreadsheet and save it as CSV (UTF-8)"
        case .webPage, .webArchive:
            "look at it in a browser: it may say why the list was not delivered; a table is saved as CSV (UTF-8) by a "
                + "spreadsheet"
        case .zip, .sevenZip, .rar, .tar: "unpack it, and name the list that it holds"
        case .bzip2: Self.decompress("bzip2 -dc")
        case .xz: Self.decompress("xz -dc")
        case .lz4: Self.decompress("lz4 -dc")
        case .lzip: Self.decompress("lzip -dc")
        case .compress: Self.decompress("gzip -dc")
        case .encrypted: Self.decompress("gpg -d", "decrypt")
        case .clixml: "in PowerShell: Import-Clixml FILE | Export-Csv -NoTypeInformation LIST.csv"
        case .propertyList: "export the list as CSV; plutil -convert json makes JSON of it"
        case .schema: "name a document that it describes"
        case .sqlite, .columns, .databaseExport: "export its table as CSV, and name that file"
        case .utf16LittleEndian: "say --encoding utf-16le, or save it as UTF-8"
        case .utf16BigEndian: "say --encoding utf-16be, or save it as UTF-8"
        case .utf32: "save it as UTF-8"
        case .binary: "a list is CSV, JSON, NDJSON or XML; check what was named"
        }
    }

    private static func decompress(_ command: String, _ verb: String = "decompress") -> String {
        "\(verb) it, for example with \(command) FILE | groupload … -"
    }
}
