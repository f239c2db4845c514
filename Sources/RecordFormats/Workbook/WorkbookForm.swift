/// The form that a workbook is written in.
package enum WorkbookForm: String, CaseIterable, Sendable {
    /// Office Open XML (ECMA-376), a package of parts.
    case xlsx
    /// OpenDocument, a package of parts.
    case ods
    /// OpenDocument in one XML document.
    case flatODS = "fods"
    /// XML Spreadsheet 2003.
    case excelXML = "xml"

    /// Opens a workbook of this form.
    func open(_ source: RandomAccessBytes) throws(DecodingFailure) -> any WorkbookBook {
        switch self {
        case .xlsx:
            guard let book = try XLSXBook(ZipArchive(source)) else { throw Self.noWorkbook }
            return book
        case .ods: return try Self.openPackage(ZipArchive(source))
        case .flatODS: return try DocumentBook { ODSRows(XMLPart(source)) }
        case .excelXML: return try DocumentBook { ExcelXMLRows(XMLPart(source)) }
        }
    }

    /// Opens a package of OpenDocument (OpenDocument 1.3, part 2).
    private static func openPackage(_ archive: ZipArchive) throws(DecodingFailure) -> any WorkbookBook {
        guard let entry = archive.entry("content.xml") else { throw noWorkbook }
        if let manifest = archive.entry("META-INF/manifest.xml") {
            let part = try XMLPart(manifest, of: archive, bytesMax: ZipLimits.listBytesMax)
            var page = XMLPage()
            while try part.read(into: &page) {
                if page.events.contains(where: { $0.kind == .start && $0.name == .encryptionData }) {
                    throw DecodingFailure(
                        code: .unsupportedWorkbook,
                        message: "the workbook is encrypted with a password; save it without one")
                }
            }
        }
        return try DocumentBook { () throws(DecodingFailure) in ODSRows(try XMLPart(entry, of: archive)) }
    }

    private static var noWorkbook: DecodingFailure {
        DecodingFailure(
            code: .unsupportedWorkbook,
            message: "this is a ZIP archive and no workbook; unpack it, and name the list inside")
    }
}
